//! Page of an inspection.

use super::{
    confirmation_form::{AskDialog, AskedHere},
    details::Details,
    equipment::EquipmentList,
    header::{Foot, HeaderStatus, More, Notes, Steps},
    page_state::InspectionPageState,
    photos::Photos,
    sections::Sections,
};
use crate::{
    address,
    change_view::{History, Titles},
    error::AppError,
    inspections::{
        api::{InspectionPageData, open},
        revert::{self, RevertNote},
    },
    reports::Reports,
    ui::{Page, PageError, Skeleton, SkeletonKind},
    wire::server_resource,
};
use domain::{change::Action, id::InspectionId};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};

/// Present state of an inspection, for reading and editing.
#[component]
pub(in crate::inspections) fn PresentPage() -> impl IntoView {
    let params = use_params_map();
    let (search, reverted) = (use_location().search, use_query_map());
    let id = Memo::new(move |_| params.with(|params| address::id(params, "id")));
    let opened = server_resource(
        move || id.get(),
        move |id: Result<InspectionId, AppError>| {
            let query = search.get_untracked();
            let reverted = reverted.with_untracked(revert::last_change);
            async move {
                reverted?;
                open(id?, query).await
            }
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
fn Sheet(opened: InspectionPageData) -> impl IntoView {
    if let Some(again) = &opened.again {
        again.error.set_status();
    }
    let query = use_query_map().get_untracked();
    let sent_back = opened.view.sent_back.clone();
    let made_reports = opened.view.made_reports.clone();
    let making_reports = opened.making_reports.clone();
    let (comments, viewer) = (opened.view.comments.clone(), opened.view.viewer.id);
    let (edit, ask) = (query.get("edit"), query.get("ask"));
    let page_state = InspectionPageState::new(opened, edit.as_deref(), ask.as_deref());

    let name = Memo::new(move |_| page_state.inspection.with(|it| it.name.clone()));
    let titles = Signal::derive(move || {
        page_state.inspection.with(|it| {
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
            beside=move || view! { <HeaderStatus page_state/> }
            actions=move || view! { <div class="steps"><Steps page_state/></div><More page_state/> }
        >
            <RevertNote changes=page_state.changes inspection=page_state.id()/>
            <AskedHere page_state/>
            <Notes page_state sent_back/>
            <div class="beside inspection">
                <div class="stack stack-roomy">
                    <Details page_state/>
                    <Sections page_state/>
                    <EquipmentList page_state/>
                    <Photos page_state/>
                    <Reports
                        inspection=page_state.inspection
                        changes=page_state.changes
                        earlier=made_reports
                        making=making_reports
                        allowed=Signal::derive(move || page_state.may(Action::CreatePdf).is_ok())
                        request=page_state.request()
                        on_news=move |()| page_state.catch_up(|_| ())
                    />
                </div>
                <aside class="stack inspection-aside" aria-labelledby="history">
                    <section class="card">
                        <div class="card-head"><h2 id="history">"History"</h2></div>
                        <History changes=page_state.changes inspection=page_state.id() titles comments viewer/>
                    </section>
                </aside>
            </div>
            <Foot page_state/>
            <AskDialog page_state/>
        </Page>
    }
    .into_any()
}
