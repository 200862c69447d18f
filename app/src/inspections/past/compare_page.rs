//! `/inspections/ID/compare?from=CHANGE&to=CHANGE`: comparison of two states of an inspection.

use super::{
    answered::answered,
    api::comparison,
    query::{FROM, TO},
    slider::Slider,
};
use crate::{
    address,
    change_view::Titles,
    error::AppError,
    inspections::comparison::ComparisonView,
    ui::{ErrorNote, Icon, LinkButton, Page, Skeleton, SkeletonKind, Time, icons},
    wire::server_resource,
};
use domain::{
    id::InspectionId,
    text::isolate,
    view::{CompareView, Side},
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_params_map},
};

type Shown = super::answered::Shown<CompareView>;

/// `/inspections/ID/compare`.
#[component]
pub fn ComparePage() -> impl IntoView {
    let params = use_params_map();
    let search = use_location().search;
    let asked = Memo::new(move |_| {
        let id = params.with(|params| address::id::<InspectionId>(params, "id"));
        (id, search.get())
    });
    let answer = server_resource(
        move || asked.get(),
        |(id, query)| async move { comparison(id?, query).await },
    );
    let waiting = || view! { <Page title="Compare"><Skeleton kind=SkeletonKind::Text/></Page> };
    view! { <Transition fallback=waiting>{answered(answer, board)}</Transition> }
}

fn board(shown: Shown, trouble: Memo<Option<AppError>>) -> AnyView {
    let first = shown.get_untracked();
    let (inspection_address, name, reference) = first.map_or_else(Default::default, |it| {
        (format!("/inspections/{}", it.inspection), it.name.clone(), it.reference.clone())
    });
    let never_reviewed =
        Memo::new(move |_| shown.with(|it| it.as_ref().is_some_and(|it| it.never_reviewed)));
    let differs = move || {
        shown.get().map(|view| {
            let titles: Titles = view.titles.iter().cloned().collect();
            view! { <ComparisonView comparison=view.comparison.clone() titles/> }
        })
    };
    view! {
        <Page title=format!("Compare versions of {reference}") above=(inspection_address.clone(), name)>
            <Choice shown inspection_address/>
            {move || never_reviewed.get().then(|| {
                view! {
                    <p class="note">
                        <Icon icon=icons::INFO/>
                        "You have reviewed nothing of this inspection yet: this is everything since its first change."
                    </p>
                }
            })}
            {move || trouble.get().map(|error| view! { <ErrorNote error/> })}
            <div class="stack" role="region" aria-label="What differs">{differs}</div>
        </Page>
    }
    .into_any()
}

/// Selection of the two states.
#[component]
fn Choice(shown: Shown, inspection_address: String) -> impl IntoView {
    let navigate = use_navigate();
    let action = format!("{inspection_address}/compare");
    let side = move |read: fn(&CompareView) -> &Side| {
        move || shown.with(|it| it.as_ref().map(|it| read(it).clone()))
    };
    let (from, to) = (side(|it| &it.from), side(|it| &it.to));
    let number = |side: Option<Side>| side.map_or(1, |side| side.step);
    let from_step = Signal::derive(move || number(from()));
    let to_step = Signal::derive(move || number(to()));
    let steps = Signal::derive(move || shown.with(|it| it.as_ref().map_or(1, |it| it.steps)));
    let go = {
        let action = action.clone();
        Callback::new(move |(from, to): (i64, i64)| {
            let options =
                NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&format!("{action}?{}={from}&{}={to}", FROM.1, TO.1), options);
        })
    };
    let words = move |side: Option<Side>| {
        side.map(|Side { change, step }| {
            format!("{step}: {} {}", isolate(&change.user_name), change.record.sentence())
        })
        .unwrap_or_default()
    };
    let about = {
        let inspection_address = inspection_address.clone();
        move |side: Option<Side>| {
            side.map(|Side { change, .. }| {
                view! {
                    <p class="compare-side">
                        <a href=format!("{inspection_address}?at={}", change.id)>
                            <strong><bdi>{change.user_name.clone()}</bdi></strong>
                            " "
                            {change.record.sentence()}
                        </a>
                        " "
                        <Time at=change.created_at/>
                    </p>
                }
            })
        }
    };
    let about_to = about.clone();
    view! {
        <form class="card compare" method="get" action=action>
            <div class="compare-moment">
                <Slider
                    name=FROM.1
                    label="From change"
                    step=from_step
                    steps
                    words=Signal::derive(move || words(from()))
                    on_set=move |from| go.run((from, to_step.get_untracked()))
                />
                {move || about(from())}
            </div>
            <div class="compare-moment">
                <Slider
                    name=TO.1
                    label="To change"
                    step=to_step
                    steps
                    words=Signal::derive(move || words(to()))
                    on_set=move |to| go.run((from_step.get_untracked(), to))
                />
                {move || about_to(to())}
            </div>
            <div class="cluster">
                <button type="submit" class="button button-secondary only-plain">"Compare"</button>
                <LinkButton
                    href=format!("{inspection_address}/compare")
                    icon=icons::HISTORY
                >
                    "From the beginning to now"
                </LinkButton>
            </div>
        </form>
    }
    .into_any()
}
