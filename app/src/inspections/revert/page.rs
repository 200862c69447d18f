//! `/inspections/ID/undo`: preview of undoing a change (`change`, with `all` for its whole request) or
//! restoring a state (`to`), the conflicts to resolve, and the button that performs it.

use super::{
    about::About,
    address::{ALL, CHANGE, TO},
    api::{PerformRevert, preview},
    place,
    preview::Preview,
    question::question,
};
use crate::{
    auth::PagePerson,
    change_view::{Titles, line, value},
    error::AppError,
    ui::{Button, ButtonKind, Icon, LinkButton, Page, icons},
};
use domain::{
    id::InspectionId,
    inspection::{Field, Target, Values},
    revert::{Choice, UndoConflict},
    view::{RevertChoice, RevertView},
};
use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};
use leptos_router::hooks::use_navigate;
use std::collections::BTreeMap;

/// `/inspections/ID/undo`.
#[component]
pub fn RevertPage() -> impl IntoView {
    let ask = |id: Result<InspectionId, AppError>, query| async move { preview(id?, query).await };
    question("/inspections/", "id", ask, |view| Asks(AsksProps { view }).into_any())
}

#[component]
fn Asks(view: RevertView) -> impl IntoView {
    let inspection_address = format!("/inspections/{}", view.inspection);
    let title = match &view.subject {
        RevertChoice::Undo { all: true, .. } => "Undo all that this request did",
        RevertChoice::Undo { .. } => "Undo a change",
        RevertChoice::Restore { .. } => "Restore an earlier state",
    };
    let failed = view.failed.clone().map(|failed| {
        let head = view.head;
        AppError::Conflict {
            message: failed.clone(),
            who: String::new(),
            head,
            fields: Vec::new(),
        }
        .set_status();
        view! {
            <div class="note note-error" role="alert">
                <Icon icon=icons::CIRCLE_ALERT/>
                <p>{failed}</p>
            </div>
        }
    });
    let above = (inspection_address, format!("{} {}", view.reference, view.name));
    view! {
        <Page title above>
            {failed}
            <About subject=view.subject.clone() inspection=view.inspection/>
            <Question view/>
        </Page>
    }
    .into_any()
}

/// Conflicts to resolve, preview and buttons.
#[component]
fn Question(view: RevertView) -> impl IntoView {
    let inspection_address = format!("/inspections/{}", view.inspection);
    let titles: Titles = view.titles.iter().cloned().collect();
    let conflicts = view.conflicts.clone();
    let decided = RwSignal::new(
        conflicts.iter().map(|it| (place::name(it.place), it.choice)).collect::<BTreeMap<_, _>>(),
    );
    let (label, subject) = match &view.subject {
        RevertChoice::Undo { change, all, .. } => {
            let all = all.then_some((ALL, "1".to_owned()));
            let names = [Some((CHANGE, change.id.to_string())), all];
            ("Undo", names.into_iter().flatten().collect::<Vec<_>>())
        }
        RevertChoice::Restore { change } => ("Restore", vec![(TO, change.id.to_string())]),
    };
    let shown = RwSignal::new(view.clone());
    // Returns the address of this page with the given choices.
    let address = {
        let (inspection_address, subject) = (inspection_address.clone(), subject.clone());
        move |decided: &BTreeMap<String, Choice>| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(subject.iter().map(|(name, value)| (*name, value.as_str())));
            query.extend_pairs(decided.iter().map(|(name, it)| (name.as_str(), place::slug(*it))));
            format!("{inspection_address}/undo?{}", query.finish())
        }
    };
    let navigate = use_navigate();
    let decide = Callback::new(move |(name, choice): (String, Choice)| {
        decided.update(|decided| {
            decided.insert(name, choice);
        });
        let address = address(&decided.get_untracked());
        let navigate = navigate.clone();
        let known: Vec<_> = shown.with_untracked(places);
        spawn_local(async move {
            let query = address.split_once('?').map(|(_, query)| query.to_owned());
            let id = shown.try_with_untracked(|it| it.inspection);
            let (Some(query), Some(id)) = (query, id) else { return };
            match preview(id, query).await {
                // The controls are reused, so that they keep the focus.
                Ok(view) if places(&view) == known => drop(shown.try_set(view)),
                _ => navigate(&address, Default::default()),
            }
        });
    });
    let questions = conflicts
        .into_iter()
        .map(|conflict| view! { <Decide conflict titles=titles.clone() decide/> })
        .collect_view();
    let asks = !view.conflicts.is_empty();
    let hidden = subject
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let possible =
        Memo::new(move |_| shown.with(|it| it.refused.is_none() && !it.steps.is_empty()));
    let sending = RwSignal::new(false);
    view! {
        <form
            class="stack stack-roomy"
            method="post"
            action=PerformRevert::url()
            on:submit=move |_| sending.set(true)
        >
            <PagePerson/>
            <input type="hidden" name="inspection" value=view.inspection.to_string()/>
            <input type="hidden" name="expected" value=move || shown.with(|it| it.head.to_string())/>
            <input type="hidden" name="request" value=view.request.to_string()/>
            {hidden}
            {asks
                .then(|| {
                    view! {
                        <section class="card undo-conflicts" aria-labelledby="conflicts">
                            <div class="card-head">
                                <h2 id="conflicts">"Changed since: choose what to do"</h2>
                                <button
                                    type="submit"
                                    class="button button-secondary only-plain"
                                    formmethod="get"
                                    formaction=format!("{inspection_address}/undo")
                                >
                                    "Show the result"
                                </button>
                            </div>
                            {questions}
                        </section>
                    }
                })}
            <Preview shown/>
            <div class="form-actions">
                {move || {
                    possible
                        .get()
                        .then(|| {
                            view! {
                                <Button submit=true kind=ButtonKind::Primary icon=icons::UNDO_2 busy=sending>
                                    {label}
                                </Button>
                            }
                        })
                }}
                <LinkButton href=format!("{inspection_address}/history")>"Back to the history"</LinkButton>
            </div>
        </form>
    }
    .into_any()
}

fn places(view: &RevertView) -> Vec<String> {
    view.conflicts.iter().map(|conflict| place::name(conflict.place)).collect()
}

/// Choice for one conflict: keep the current value, or revert it.
#[component]
fn Decide(
    conflict: UndoConflict,
    titles: Titles,
    decide: Callback<(String, Choice)>,
) -> impl IntoView {
    let UndoConflict { place, name: thing, comes, now, back, since, choice } = conflict;
    let name = place::name(place);
    let of_the_whole = place.target == Target::Inspection;
    let legend = match place.field {
        Some(field) if of_the_whole => field.label().to_owned(),
        Some(field) => format!("{} of {thing}", field.label()),
        None if comes => format!("{thing} cannot come back to where it was"),
        None if of_the_whole => "The inspection was worked on since".to_owned(),
        None => format!("{thing} was worked on since"),
    };
    let of = |values: &Values, field: Field| value(field, values.get(field), &titles);
    let (keep, go) = match place.field {
        Some(field) => (
            view! { "Keep what is now: " {of(&now, field)} }.into_any(),
            view! { "Set back to: " {of(&back, field)} }.into_any(),
        ),
        None if comes => (
            view! { "Leave it removed" }.into_any(),
            view! { "Bring it back as a general photo" }.into_any(),
        ),
        None => (
            view! { "Keep it as it is now" }.into_any(),
            view! { "Remove it with everything added since" }.into_any(),
        ),
    };
    let latest = since.last().map(|change| {
        let more = match since.len() - 1 {
            0 => String::new(),
            1 => " One more change touched it before that.".to_owned(),
            more => format!(" {more} more changes touched it before that."),
        };
        view! { <div class="undo-conflict-since muted">{line(change)} {more}</div> }
    });
    let radio = move |to: Choice, words: AnyView| {
        let (control, chosen) = (name.clone(), name.clone());
        view! {
            <label class="choice undo-conflict-choice">
                <input
                    type="radio"
                    name=control
                    value=place::slug(to)
                    checked=choice == to
                    on:change=move |_| decide.run((chosen.clone(), to))
                />
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <fieldset class="undo-conflict">
            <legend>{legend}</legend>
            {latest}
            {radio(Choice::Keep, keep)}
            {radio(Choice::Back, go)}
        </fieldset>
    }
    .into_any()
}
