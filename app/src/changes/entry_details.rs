//! Details of an opened entry: its changes, their comments, and the steps of its inspection. Its
//! code is loaded after hydration, so that the page is ready sooner.

use super::{
    ask::TextForm,
    dashboard::DashboardState,
    form::{FormHead, act_button},
    more::{More, more_link},
    note::NoteForm,
    preserve_input,
    review_badge::review_badge,
};
use crate::{
    change_view::{ChangeActions, ChangeDiff, ChangeLine, Comments},
    ui::{LinkButton, List, Time, action_icon, icons},
};
use domain::{
    change::{Action, Change},
    feed::{ChangeRow, Entry, EntryKey},
    inspection::{Inspection, Status},
    permission::{may, may_undo},
};
use leptos::{lazy, prelude::*};

/// Loads the code, so that an entry opens at once.
pub(super) async fn fetch() {
    #[cfg(feature = "hydrate")]
    __preload_entry_body().await;
}

/// Renders the details, once their code is loaded.
#[lazy]
pub(super) fn entry_body(
    dashboard: DashboardState,
    now: Memo<Entry>,
    rows: Memo<Vec<ChangeRow>>,
) -> AnyView {
    body(dashboard, now, rows)
}

/// Renders the fallback without scripts: the same details.
#[cfg(feature = "ssr")]
pub(super) fn plain(
    dashboard: DashboardState,
    now: Memo<Entry>,
    rows: Memo<Vec<ChangeRow>>,
) -> AnyView {
    body(dashboard, now, rows)
}

fn body(dashboard: DashboardState, now: Memo<Entry>, rows: Memo<Vec<ChangeRow>>) -> AnyView {
    let more = More::new(dashboard, now);
    let changes = Memo::new(move |before: Option<&Vec<ChangeRow>>| {
        preserve_input::with_written(more.rows(), before.map_or(&[], Vec::as_slice))
    });
    let single = Signal::derive(move || now.with(|entry| entry.rows.len() == 1));
    view! {
        <div class="entry-body">
            <ol class="entry-changes" aria-label="Changes">
                <List each=move || changes.get() key=|row| row.change.id let:row>
                    <Row dashboard row rows more single/>
                </List>
            </ol>
            {foot(dashboard, now, more)}
        </div>
    }
    .into_any()
}

/// Change of an entry: its before and after, its review, its comments, and a form for a comment.
#[component]
fn Row(
    dashboard: DashboardState,
    row: ChangeRow,
    rows: Memo<Vec<ChangeRow>>,
    more: More,
    /// Whether it is the entry's only change, which the entry's line describes already.
    #[prop(into)]
    single: Signal<bool>,
) -> impl IntoView {
    let change = row.change.clone();
    let id = change.id;
    let titles = more.titles();
    let review = Memo::new(move |_| {
        let row = rows
            .with(|rows| rows.iter().find(|row| row.change.id == id).cloned())
            .or_else(|| more.row(id));
        row.and_then(|row| row.review)
    });
    let comments = Memo::new(move |_| more.comments(id));
    let viewer = dashboard.found.with_untracked(|found| found.as_ref().map(|it| it.viewer.id));
    let undone_by = Signal::derive(move || more.undone_by(id));
    let line = {
        let change: Change = change.clone();
        move || {
            (!single.get()).then(|| {
                view! {
                    <div class="entry-change-line">
                        <ChangeLine change=change.clone()/>
                    </div>
                }
            })
        }
    };
    let said = move || {
        review.get().map(|review| {
            let note = review.note.clone();
            view! {
                <p class="entry-review">
                    {review_badge(review.state, Some(&review.by), true)}
                    " by "
                    <bdi>{review.by.clone()}</bdi>
                    " "
                    <Time at=review.at/>
                    {note.map(|note| view! { <q>{note}</q> })}
                </p>
            }
        })
    };
    view! {
        <li class="entry-change" id=format!("change-{id}") tabindex="-1">
            {line}
            <ChangeDiff change=change.clone() titles/>
            <ChangeActions change undone_by/>
            {said}
            <Comments comments viewer/>
            <TextForm
                dashboard
                act="comment"
                name="change"
                value=id.to_string()
                word="Comment"
                label="Comment"
                hint="The inspector reads it on the inspection."
                icon=icons::MESSAGE_SQUARE_PLUS
            />
        </li>
    }
    .into_any()
}

/// Renders the footer of an entry: its remaining changes, and the steps its inspection can take.
/// Each part is rendered again only when its value changes, so that text being typed is kept.
fn foot(dashboard: DashboardState, now: Memo<Entry>, more: More) -> AnyView {
    let name = StoredValue::new(now.with_untracked(|entry| entry.key.to_string()));
    let offers = move |to: Status| {
        let viewer = dashboard.found.with(|found| found.as_ref().map(|it| it.viewer.clone()));
        now.with(|entry| {
            let row = entry.of_one()?;
            let inspection = Inspection {
                id: row.change.inspection_id,
                removed: row.removed,
                status: row.status,
                inspector: row.inspector.clone(),
                ..Inspection::default()
            };
            may(&viewer?, inspection.status.step(to)?, &inspection).ok()
        })
        .is_some()
    };
    let completes = Memo::new(move |_| offers(Status::Complete));
    // A half-written reason is kept even if the step was taken meanwhile; the server then refuses
    // it.
    let reverts = Memo::new(move |before: Option<&bool>| {
        let words = format!("draft-entry-{}", name.get_value());
        offers(Status::Draft) || before == Some(&true) && preserve_input::has_words(&words)
    });
    let inspection =
        Memo::new(move |_| now.with(|entry| entry.of_one().map(|row| row.change.inspection_id)));
    let complete = move || {
        completes.get().then(|| {
            let icon = action_icon(Action::StatusComplete);
            view! {
                <form method="post">
                    <FormHead dashboard/>
                    <input type="hidden" name="entry" value=name.get_value()/>
                    {act_button("complete", Action::StatusComplete.command(), icon)}
                </form>
            }
        })
    };
    let revert = move || {
        reverts.get().then(|| {
            view! {
                <TextForm
                    dashboard
                    act="draft"
                    name="entry"
                    value=name.get_value()
                    word=Action::StatusDraft.command()
                    label="Reason"
                    hint="The inspector reads it, and it stays in the history."
                    icon=action_icon(Action::StatusDraft)
                />
            }
        })
    };
    let since = move || {
        inspection.get().map(|id| {
            let href = format!("/inspections/{id}/compare?from=review");
            view! {
                <LinkButton href icon=icons::GIT_COMPARE>"Since my last review"</LinkButton>
            }
        })
    };
    let undo_all = move || now.with(|entry| undo_all(dashboard, entry));
    view! {
        <div class="entry-foot">
            {more_link(more)}
            <NoteForm dashboard entry=name.get_value()/>
            {complete}
            {revert}
            {since}
            {undo_all}
        </div>
    }
    .into_any()
}

/// Renders the link that undoes a request that changed several inspections.
fn undo_all(dashboard: DashboardState, entry: &Entry) -> Option<AnyView> {
    let EntryKey::Request(request) = entry.key else { return None };
    let role = dashboard.found.with(|found| found.as_ref().map(|it| it.viewer.role))?;
    let may = entry.rows.iter().any(|row| may_undo(role, &row.change.record));
    (may && entry.of_one().is_none()).then(|| {
        let href = format!("/changes/request/{request}/undo");
        view! { <LinkButton href icon=icons::UNDO_2>"Undo all of it…"</LinkButton> }.into_any()
    })
}
