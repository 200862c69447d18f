//! Page of an inspection.

use super::{
    ask_form::{AskDialog, AskedHere},
    desk::Desk,
    details::Details,
    equipment::EquipmentList,
    header::{Beside, Foot, More, Notes, Steps},
    photos::Photos,
    sections::Sections,
};
use crate::{
    address,
    changes::view::{History, Titles},
    error::AppError,
    inspections::{
        api::{Opened, open},
        back::LedBack,
        past::PastPage,
    },
    reports::Reports,
    ui::{Page, PageError, Skeleton, SkeletonKind},
    wire::fetched,
};
use domain::{Action, InspectionId};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};

/// `/inspections/ID`: the present state; with `at` or `step` in the query, a past state.
#[component]
pub fn InspectionPage() -> impl IntoView {
    let query = use_query_map();
    let past = Memo::new(move |_| {
        query.with(|query| query.get_str("at").is_some() || query.get_str("step").is_some())
    });
    move || match past.get() {
        true => view! { <PastPage/> }.into_any(),
        false => view! { <PresentPage/> }.into_any(),
    }
}

#[component]
fn PresentPage() -> impl IntoView {
    let params = use_params_map();
    let search = use_location().search;
    let id = Memo::new(move |_| params.with(|params| address::id(params, "id")));
    let opened = fetched(
        move || id.get(),
        move |id: Result<InspectionId, AppError>| {
            let query = search.get_untracked();
            async move { open(id?, query).await }
        },
    );
    let page = move || {
        opened.get().map(|opened_now| match opened_now {
            Ok(opened) => view! { <Sheet opened/> }.into_any(),
            Err(error) => {
                let retry = Callback::new(move |()| opened.refetch());
                view! { <PageError error retry/> }.into_any()
            }
        })
    };
    let waiting = || {
        view! { <Page title="Inspection"><Skeleton kind=SkeletonKind::Text/></Page> }
    };
    view! { <Transition fallback=waiting>{page}</Transition> }
}

/// Page content of a loaded inspection.
#[component]
fn Sheet(opened: Opened) -> impl IntoView {
    if let Some(again) = &opened.again {
        again.error.set_status();
    }
    let query = use_query_map().get_untracked();
    let sent_back = opened.view.sent_back.clone();
    let made_reports = opened.view.made_reports.clone();
    let making_reports = opened.making_reports.clone();
    let (comments, viewer) = (opened.view.comments.clone(), opened.view.viewer.id);
    let (edit, ask) = (query.get("edit"), query.get("ask"));
    let desk = Desk::new(opened, edit.as_deref(), ask.as_deref());

    let name = Memo::new(move |_| desk.inspection.with(|it| it.name.clone()));
    let titles = Signal::derive(move || {
        desk.inspection.with(|it| {
            it.sections
                .iter()
                .map(|section| (section.id, section.title.clone()))
                .collect::<Titles>()
        })
    });
    let above = ("/inspections".to_owned(), "Inspections".to_owned());

    view! {
        <Page
            title=move || name.get()
            above
            beside=move || view! { <Beside desk/> }
            actions=move || view! { <div class="steps"><Steps desk/></div><More desk/> }
        >
            <LedBack changes=desk.changes inspection=desk.id()/>
            <AskedHere desk/>
            <Notes desk sent_back/>
            <div class="beside inspection">
                <div class="stack stack-roomy">
                    <Details desk/>
                    <Sections desk/>
                    <EquipmentList desk/>
                    <Photos desk/>
                    <Reports
                        inspection=desk.inspection
                        changes=desk.changes
                        earlier=made_reports
                        making=making_reports
                        allowed=Signal::derive(move || desk.may(Action::CreatePdf).is_ok())
                        request=desk.request()
                        on_news=move |()| desk.catch_up(|_| ())
                    />
                </div>
                <aside class="stack inspection-aside" aria-labelledby="history">
                    <section class="card">
                        <div class="card-head"><h2 id="history">"History"</h2></div>
                        <History changes=desk.changes inspection=desk.id() titles comments viewer/>
                    </section>
                </aside>
            </div>
            <Foot desk/>
            <AskDialog desk/>
        </Page>
    }
    .into_any()
}
