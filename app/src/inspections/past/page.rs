//! `/inspections/ID?at=CHANGE`: read-only view of the inspection's state after that change.

use super::{
    answered::answered,
    api::past,
    query::{AT, STEP},
    sheet::PastSheet,
    slider::Slider,
};
use crate::{
    address,
    auth::PagePerson,
    change_view::{ChangeDiff, Titles, line},
    error::AppError,
    reports::CreateReport,
    ui::{
        Button, ButtonKind, ErrorNote, Icon, LinkButton, Page, Skeleton, SkeletonKind, StatusBadge,
        action_icon, icons,
    },
    wire::server_resource,
};
use domain::{
    change::Action,
    id::{ChangeId, InspectionId},
    text::isolate,
    view::PastView,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_params_map},
};
use std::sync::Arc;

type Shown = super::answered::Shown<PastView>;

/// Page of a past state.
#[component]
pub(in crate::inspections) fn PastPage() -> impl IntoView {
    let params = use_params_map();
    let search = use_location().search;
    let asked = Memo::new(move |_| {
        let id = params.with(|params| address::id::<InspectionId>(params, "id"));
        (id, search.get())
    });
    let answer =
        server_resource(move || asked.get(), |(id, query)| async move { past(id?, query).await });
    let waiting = || view! { <Page title="Inspection"><Skeleton kind=SkeletonKind::Text/></Page> };
    view! { <Transition fallback=waiting>{answered(answer, board)}</Transition> }
}

fn board(shown: Shown, trouble: Memo<Option<AppError>>) -> AnyView {
    let of = move |read: fn(&PastView) -> String| {
        Signal::derive(move || shown.with(|it| it.as_ref().map(|it| read(it)).unwrap_or_default()))
    };
    let name = of(|it| it.inspection.name.clone());
    let inspection_address = of(|it| format!("/inspections/{}", it.inspection.id));
    let status = Memo::new(move |_| {
        shown.with(|it| it.as_ref().map(|it| (it.inspection.status, it.inspection.removed)))
    });
    let beside = move || {
        view! {
            <span class="reference">{of(|it| it.inspection.reference.clone())}</span>
            {move || match status.get()? {
                (_, true) => {
                    Some(view! { <span class="badge" data-tone="remove">"Removed"</span> }.into_any())
                }
                (status, false) => Some(view! { <StatusBadge status/> }.into_any()),
            }}
        }
    };
    let sheet =
        move || shown.get().map(|view| view! { <PastSheet inspection=view.inspection.clone()/> });
    view! {
        <Page title=name above=(inspection_address.get_untracked(), "As it is now".to_owned()) beside>
            <Moment shown/>
            {move || trouble.get().map(|error| view! { <ErrorNote error/> })}
            {sheet}
        </Page>
    }
    .into_any()
}

/// The shown state in words, with navigation to other states and the available actions.
#[component]
fn Moment(shown: Shown) -> impl IntoView {
    let navigate = use_navigate();
    let words =
        Memo::new(move |_| shown.with(|it| it.as_ref().map(|it| words(it)).unwrap_or_default()));
    let id = Memo::new(move |_| shown.with(|it| it.as_ref().map(|it| it.inspection.id)));
    let inspection_address = move || format!("/inspections/{}", id.get().unwrap_or_default());
    let step = Signal::derive(move || shown.with(|it| it.as_ref().map_or(1, |it| it.step)));
    let steps = Signal::derive(move || shown.with(|it| it.as_ref().map_or(1, |it| it.steps)));
    let on_set = move |step: i64| {
        let options =
            NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&format!("{}?{STEP}={step}", inspection_address()), options);
    };
    let about = move || {
        shown.get().map(|it| {
            let change = it.change.clone();
            let titles: Titles =
                it.inspection.sections.iter().map(|it| (it.id, it.title.clone())).collect();
            view! {
                {line(&change)}
                <details class="moment-change">
                    <summary>"Show this change"</summary>
                    <div class="change-body"><ChangeDiff change titles/></div>
                </details>
            }
        })
    };
    let next = move || shown.with(|it| it.as_ref()?.next);
    let previous = move || shown.with(|it| it.as_ref()?.previous);
    let deeds = move || shown.get().map(|view| view! { <Deeds view/> });
    view! {
        <section class="card moment" aria-labelledby="moment">
            <div class="card-head">
                <h2 id="moment" aria-live="polite">
                    <Icon icon=icons::HISTORY/>
                    {move || format!("Version {} of {}", step.get(), steps.get())}
                </h2>
                <LinkButton href=inspection_address icon=icons::ROTATE_CW>"Back to now"</LinkButton>
            </div>
            <div class="card-body stack">
                <div>{about}</div>
                <form class="moment-ways" method="get" action=inspection_address>
                    <Neighbour inspection_address=Signal::derive(inspection_address) to=Signal::derive(previous) forward=false/>
                    <Slider name=STEP label="Change" step steps words on_set/>
                    <button type="submit" class="button button-secondary only-plain">"Show"</button>
                    <Neighbour inspection_address=Signal::derive(inspection_address) to=Signal::derive(next) forward=true/>
                </form>
                {deeds}
            </div>
        </section>
    }
    .into_any()
}

/// Link to the next or previous state. At the ends it stays in place, disabled.
#[component]
fn Neighbour(
    inspection_address: Signal<String>,
    to: Signal<Option<ChangeId>>,
    forward: bool,
) -> impl IntoView {
    let (label, icon, relation) = match forward {
        true => ("Next change", icons::CHEVRON_RIGHT, "next"),
        false => ("Previous change", icons::CHEVRON_LEFT, "prev"),
    };
    let href = move || to.get().map(|to| format!("{}?{AT}={to}", inspection_address.get()));
    view! {
        <a
            class="button button-secondary icon-only"
            class:moment-end=move || to.get().is_none()
            rel=relation
            href=href
            role="link"
            aria-disabled=move || to.get().is_none().then_some("true")
        >
            <Icon icon/>
            <span class="button-label">{label}</span>
        </a>
    }
    .into_any()
}

/// Actions on the shown state.
#[component]
fn Deeds(view: Arc<PastView>) -> impl IntoView {
    let id = view.inspection.id;
    let change = view.change.id;
    let making = RwSignal::new(false);
    let report = view.may_report.then(|| {
        view! {
            <form method="post" action=CreateReport::url() on:submit=move |_| making.set(true)>
                <PagePerson/>
                <input type="hidden" name="inspection" value=id.to_string()/>
                <input type="hidden" name="at" value=change.to_string()/>
                <input type="hidden" name="request" value=view.request.to_string()/>
                <Button submit=true icon=action_icon(Action::CreatePdf) busy=making>
                    "Create PDF of this point"
                </Button>
            </form>
        }
    });
    let restore = view.may_restore.then(|| {
        let href = format!("/inspections/{id}/undo?to={change}");
        view! {
            <LinkButton href kind=ButtonKind::Primary icon=icons::ARCHIVE_RESTORE>
                "Restore to here"
            </LinkButton>
        }
    });
    let compare = match view.differs {
        true => {
            let href = format!("/inspections/{id}/compare?from={change}");
            view! {
                <LinkButton href icon=icons::GIT_COMPARE>"Compare with now"</LinkButton>
            }
            .into_any()
        }
        false => view! { <p class="muted">"Same as now."</p> }.into_any(),
    };
    view! { <div class="cluster moment-deeds">{restore} {compare} {report}</div> }.into_any()
}

fn words(view: &PastView) -> String {
    let record = &view.change.record;
    format!(
        "{} of {}: {} {}",
        view.step,
        view.steps,
        isolate(&view.change.user_name),
        record.sentence()
    )
}
