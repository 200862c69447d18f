//! `/changes`: the dashboard of everything that happened, for reviewers; and how changes look
//! wherever they are shown.

mod api;
mod chips;
mod days;
mod facet;
mod feed;
mod filters;
mod history_page;
mod row;
mod row_actions;
mod step;
pub mod view;

pub use api::{AskChanges, AskHistory, TakeStep};
pub use history_page::HistoryPage;

use crate::{
    error::AppError,
    ui::{ErrorNote, Icon, Page, PageError, Pager, Skeleton, Toasts},
    wire::{Fetched, fetched},
};
use api::{ChangesView, changes};
use chips::{Chips, address, chips};
use domain::{ChangeFilter, FilterProblem, Status};
use feed::Feed;
use filters::Filters;
use leptos::prelude::*;
use leptos_router::hooks::use_url;
use std::sync::Arc;
use step::Steps;

/// The last page that arrived; it stays while the next is on its way.
type Found = Memo<Option<Arc<ChangesView>>>;

/// `/changes`. Its filter lives in the address alone. Where a part of it cannot be read, the page says
/// so and shows what the rest lets through, with status 200: it is a page to be read.
#[component]
pub fn ChangesPage() -> impl IntoView {
    let url = use_url();
    let read = Memo::new(move |_| url.with(|url| ChangeFilter::from_query(url.search())));
    let filter = Memo::new(move |_| read.with(|(filter, _)| filter.clone()));
    let problems = Memo::new(move |_| read.with(|(_, problems)| problems.clone()));
    let answer = fetched(move || filter.with(ChangeFilter::to_query), changes);
    view! {
        <Transition fallback=|| view! { <div class="page"><Skeleton count=8/></div> }>
            <Dashboard answer filter problems/>
        </Transition>
    }
}

/// The page, or why there is none.
#[component]
fn Dashboard(
    answer: Fetched<Result<ChangesView, AppError>>,
    filter: Memo<ChangeFilter>,
    problems: Memo<Vec<FilterProblem>>,
) -> impl IntoView {
    let found: Found =
        Memo::new(move |last: Option<&Option<Arc<ChangesView>>>| match answer.get() {
            Some(Ok(view)) => Some(Arc::new(view)),
            _ => last.cloned().flatten(),
        });
    let trouble = Memo::new(move |_| answer.get().and_then(Result::err));
    // Without a page the trouble is the page; later it is a note above the last one.
    let fatal = Memo::new(move |_| trouble.get().filter(|_| found.with(Option::is_none)));
    move || match fatal.get() {
        Some(error) => view! { <PageError error retry=move |()| answer.refetch()/> }.into_any(),
        None => view! { <Board answer found trouble filter problems/> }.into_any(),
    }
}

#[component]
fn Board(
    answer: Fetched<Result<ChangesView, AppError>>,
    found: Found,
    trouble: Memo<Option<AppError>>,
    filter: Memo<ChangeFilter>,
    problems: Memo<Vec<FilterProblem>>,
) -> impl IntoView {
    let steps = Steps::new(&use_url().with_untracked(|url| url.search().to_owned()));
    let toasts = expect_context::<Toasts>();
    steps.after(move |answered| {
        if let Ok(stepped) = answered {
            let reference = found.with_untracked(|found| {
                let mut rows = found.iter().flat_map(|found| found.page.rows());
                rows.find(|row| row.change.inspection_id == stepped.inspection)
                    .map(|row| row.reference.clone())
            });
            let reference = reference.unwrap_or_default();
            toasts.say(match stepped.status {
                Status::Draft => format!("{reference} is a draft again."),
                status => format!("{reference} is {}.", status.label().to_lowercase()),
            });
        }
        answer.refetch();
    });

    let total = move || found.with(|found| found.as_ref().map(|found| total(found)));
    let chips = move || {
        let (people, inspections) = found.with(|found| {
            found
                .as_ref()
                .map(|found| (found.people.clone(), found.inspections.clone()))
                .unwrap_or_default()
        });
        filter.with(|filter| view! { <Chips chips=chips(filter, &people, &inspections)/> })
    };
    let unread = move || problems.with(|problems| (!problems.is_empty()).then(|| unread(problems)));
    let failed = move || {
        trouble.get().map(|error| view! { <ErrorNote error retry=move |()| answer.refetch()/> })
    };
    let pager = move || {
        let filter = filter.get();
        let next = found.with(|found| found.as_ref().and_then(|found| found.page.next));
        let first = filter.before.map(|_| address(&filter.first_page()));
        let next = next.map(|next| address(&ChangeFilter { before: Some(next), ..filter }));
        view! { <Pager first next next_label="Older changes"/> }
    };
    // Busy from a new filter until its answer. Not `Transition`'s `set_pending`: that runs on the
    // server as well, beside the page being made.
    let busy = RwSignal::new(false);
    Effect::new(move |ran: Option<()>| {
        filter.track();
        busy.set(ran.is_some());
    });
    Effect::new(move || {
        answer.track();
        busy.set(false);
    });
    view! {
        <Page title="Changes">
            <div class="changes">
                <div class="changes-side">
                    <Filters filter found/>
                </div>
                <div class="changes-main" aria-busy=move || busy.get().then_some("true")>
                    <div class="changes-says">
                        <p class="changes-total" role="status">{total}</p>
                        {chips}
                    </div>
                    {unread}
                    {failed}
                    <Feed found filter steps/>
                    {pager}
                </div>
            </div>
        </Page>
    }
    .into_any()
}

/// How many changes match, on all pages: "1 change", "128 changes", "1,000+ changes".
fn total(found: &ChangesView) -> String {
    match found.page.total {
        total if total.exact() == Some(1) => "1 change".into(),
        total => format!("{total} changes"),
    }
}

/// What of the address could not be read.
fn unread(problems: &[FilterProblem]) -> AnyView {
    let lines =
        problems.iter().map(|problem| view! { <p>{problem.to_string()}</p> }).collect_view();
    view! {
        <div class="note note-attention changes-unread" role="alert">
            <Icon icon=icondata_lu::LuTriangleAlert/>
            <div>
                <p><strong>"A part of this filter was passed over."</strong></p>
                {lines}
            </div>
        </div>
    }
    .into_any()
}
