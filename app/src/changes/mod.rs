//! `/changes`: the dashboard of all changes, for reviewers; and the page of an inspection's history.

mod acted;
mod activity;
#[cfg(feature = "ssr")]
mod activity_view;
mod api;
mod ask;
mod bar;
mod chips;
mod dashboard;
mod dashboard_model;
mod dates;
mod days;
mod entry;
mod entry_details;
mod facet;
mod feed;
mod filters;
mod focus;
mod form;
mod history_page;
mod keys;
mod line;
mod link;
mod live;
mod menu_values;
mod menus;
mod more;
mod note;
mod offer;
mod outcome_banner;
mod pending_submit;
mod preserve_input;
mod review_badge;
mod selection;
mod views;

pub use acted::Acted;
pub use api::{
    Act, AskActivity, AskActivityTable, AskChanges, AskEntry, AskFilterValues, OfferInspections,
};
pub use history_page::HistoryPage;

use crate::effects::{effect, effect_with};
use crate::{
    error::AppError,
    hydration::{DeferredHydration, take_over_all, when_all_stands},
    live::ConnectionState,
    ui::{ErrorNote, Icon, Page, PageError, Pager, Skeleton, Tab, Tabs, icons},
    wire::{Fetched, Wire, server_resource, when_ready},
};
use activity::ActivityCard;
use api::changes;
use bar::{Bar, Everything};
use chips::{Chips, chips};
use dashboard::{DashboardData, DashboardState, PageRequests};
use dates::JumpForm;
use domain::{
    feed::{ChangeFilter, Count, FilterNames, FilterProblem, ReviewState},
    view::{ChangesView, FilterValues},
};
use feed::Feed;
use filters::Filters;
use form::EntryForm;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_url},
};
use link::address;
use live::News;
use outcome_banner::OutcomeBanner;
use std::sync::Arc;
use views::Views;

/// Dashboard page. Its filter is stored only in the address. Unreadable parts of the filter are
/// reported on the page and ignored, with status 200, because the rest of the page is valid.
#[component]
pub fn ChangesPage() -> impl IntoView {
    // Reading the answer and rendering the page are separate hydration tasks.
    view! { <DeferredHydration><div><Answered/></div></DeferredHydration> }
}

/// Page for the query in the address.
#[component]
fn Answered() -> impl IntoView {
    let url = use_url();
    // While another page is loading, the address is already that page's; this page keeps its own
    // query.
    let query = Memo::new(move |last: Option<&String>| {
        url.with(|url| match (url.path(), last) {
            ("/changes", _) | (_, None) => url.search().to_owned(),
            (_, Some(last)) => last.clone(),
        })
    });
    let read = Memo::new(move |_| query.with(|query| ChangeFilter::from_query(query)));
    let filter = Memo::new(move |_| read.with(|(filter, _)| filter.clone()));
    let problems = Memo::new(move |_| read.with(|(_, problems)| problems.clone()));
    let bare = Memo::new(move |_| query.with(String::is_empty));
    let asked = move || match bare.get() {
        true => String::new(),
        false => address(&filter.get()).trim_start_matches("/changes?").to_owned(),
    };
    let requests = PageRequests::default();
    let answer = server_resource(asked, move |query| {
        let (round, last) = requests.begin(&query);
        async move { changes(query, last).await.map(|view| ChangesView { round, ..view }) }
    });
    // The address always names the filter shown, even if it was opened without one.
    let navigate = use_navigate();
    effect(move || {
        if bare.get()
            && let Some(Ok(view)) = answer.get()
        {
            let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
            take_over_all();
            navigate(&format!("/changes?{}", view.query), options);
        }
    });
    let dashboard = when_ready(answer, move || {
        #[cfg(feature = "ssr")]
        if let (true, Some(Ok(view))) = (bare.get_untracked(), answer.get_untracked()) {
            lead_to_explicit_address(&view.query);
        }
        view! { <Dashboard answer requests filter problems/> }.into_any()
    });
    view! {
        <DeferredHydration>
            <div>
                <Transition fallback=|| view! { <div class="page"><Skeleton count=8/></div> }>
                    {dashboard}
                </Transition>
            </div>
        </DeferredHydration>
    }
}

/// Redirects a request without a query to the address with the filter shown. A page that answers a
/// form stays, because it shows the form's result.
#[cfg(feature = "ssr")]
fn lead_to_explicit_address(query: &str) {
    if use_context::<Acted>().is_none() {
        leptos_axum::redirect(&format!("/changes?{query}"));
    }
}

/// Dashboard, or the error that prevented it from loading.
#[component]
fn Dashboard(
    answer: Fetched<Result<ChangesView, AppError>>,
    requests: PageRequests,
    filter: Memo<ChangeFilter>,
    problems: Memo<Vec<FilterProblem>>,
) -> impl IntoView {
    let found: DashboardData =
        Memo::new(move |last: Option<&Option<Arc<ChangesView>>>| match answer.get() {
            Some(Ok(view)) => Some(Arc::new(view)),
            _ => last.cloned().flatten(),
        });
    let trouble = Memo::new(move |_| answer.get().and_then(Result::err));
    // Without a page, the error fills the page; later, it is a message above the last page.
    let fatal = Memo::new(move |_| trouble.get().filter(|_| found.with(Option::is_none)));
    move || match fatal.get() {
        Some(error) => view! { <PageError error retry=move |()| answer.refetch()/> }.into_any(),
        None => view! { <Main answer requests found trouble filter problems/> }.into_any(),
    }
}

#[component]
fn Main(
    answer: Fetched<Result<ChangesView, AppError>>,
    requests: PageRequests,
    found: DashboardData,
    trouble: Memo<Option<AppError>>,
    filter: Memo<ChangeFilter>,
    problems: Memo<Vec<FilterProblem>>,
) -> impl IntoView {
    let acted = SharedValue::<_, Wire>::new_with_encoding(use_context::<Acted>).into_inner();
    let dashboard =
        DashboardState::new(answer, requests, found, filter, acted.map(|acted| acted.0));
    keys::answer(dashboard);
    effect(|| when_all_stands(|| spawn_local(entry_details::fetch())));

    let total = move || found.with(|found| found.as_ref().map(|found| total(found)));
    let chips = move || {
        let named = found.with(|found| found.as_ref().map(|found| found.named.clone()));
        let FilterValues { people, inspections } = named.unwrap_or_default();
        let names = FilterNames { people: &people, inspections: &inspections };
        filter.with(|filter| view! { <Chips chips=chips(filter, &names)/> })
    };
    let unread = move || problems.with(|problems| (!problems.is_empty()).then(|| unread(problems)));
    // While disconnected, only the connection state is shown.
    let failed = move || {
        trouble
            .get()
            .filter(|_| dashboard.link.get() == ConnectionState::Live)
            .map(|error| view! { <ErrorNote error retry=move |()| answer.refetch()/> })
    };
    let pager = move || {
        let filter = filter.get();
        let next = found.with(|found| found.as_ref().and_then(|found| found.page.next));
        let first = filter.before.map(|_| address(&filter.first_page()));
        let next = next.map(|next| address(&ChangeFilter { before: Some(next), ..filter }));
        view! { <Pager first next next_label="Older changes"/> }
    };
    // The page is busy from a new filter until its answer. `set_pending` of `Transition` is not
    // used, because it also runs on the server, concurrently with rendering.
    let busy = RwSignal::new(false);
    effect_with(move |ran: Option<()>| {
        filter.track();
        busy.set(ran.is_some());
    });
    effect(move || {
        answer.track();
        busy.set(false);
    });
    let export = move |ending: &'static str| {
        let query = filter.with(|filter| filter.first_page().to_query());
        format!("/changes.{ending}?{query}")
    };
    let actions = move || {
        view! {
            <a class="button button-quiet" href=move || export("csv") rel="external" download="">
                <Icon icon=icons::DOWNLOAD/>
                "CSV"
            </a>
            <a class="button button-quiet" href=move || export("ndjson") rel="external" download="">
                <Icon icon=icons::DOWNLOAD/>
                "NDJSON"
            </a>
        }
    };
    facet::close_when_left();
    view! {
        <Page title="Changes" actions>
            <DeferredHydration>
                <div
                    class="changes"
                    aria-busy=move || busy.get().then_some("true")
                    on:submit=move |event| form::send(dashboard, &event)
                    on:change=move |event| selection::on_change(dashboard.selected, &event)
                >
                    <a class="skip" href="#feed" rel="external">"Skip to the feed"</a>
                    <div class="changes-head">
                        <DeferredHydration><StateTabs dashboard/></DeferredHydration>
                        <DeferredHydration><Views dashboard/></DeferredHydration>
                    </div>
                    <DeferredHydration><Filters filter found/></DeferredHydration>
                    <DeferredHydration><JumpForm filter/></DeferredHydration>
                    <DeferredHydration>
                        <div class="changes-says">
                            <p class="changes-total" role="status">{total}</p>
                            <Everything dashboard/>
                            {chips}
                        </div>
                    </DeferredHydration>
                    {unread}
                    {failed}
                    <OutcomeBanner dashboard/>
                    <DeferredHydration><ActivityCard dashboard/></DeferredHydration>
                    <News dashboard/>
                    <DeferredHydration><Feed dashboard/></DeferredHydration>
                    <DeferredHydration><EntryForm dashboard/></DeferredHydration>
                    <DeferredHydration><Bar dashboard/></DeferredHydration>
                    {pager}
                </div>
            </DeferredHydration>
        </Page>
    }
    .into_any()
}

/// Tabs for unreviewed, flagged and all changes.
#[component]
fn StateTabs(dashboard: DashboardState) -> impl IntoView {
    let tab = move |state: Option<ReviewState>, word: &'static str| {
        let states = state.map(|state| vec![state]).unwrap_or_default();
        let current = {
            let states = states.clone();
            Signal::derive(move || dashboard.filter.with(|filter| filter.states == states))
        };
        let href = move || {
            let filter = dashboard.filter.get().first_page();
            address(&ChangeFilter { states: states.clone(), ..filter })
        };
        let count = move || {
            let tabs = dashboard.found.with(|found| found.as_ref().map(|found| found.page.tabs));
            let count: Option<Count> = tabs.map(|tabs| match state {
                Some(ReviewState::Unreviewed) => tabs.unreviewed,
                Some(ReviewState::Flagged) => tabs.flagged,
                _ => tabs.all,
            });
            count.map(|count| view! { <span class="tab-count">{count.to_string()}</span> })
        };
        view! {
            <Tab href current>
                {word}
                {count}
            </Tab>
        }
    };
    view! {
        <Tabs label="State">
            {tab(Some(ReviewState::Unreviewed), "Unreviewed")}
            {tab(Some(ReviewState::Flagged), "Flagged")}
            {tab(None, "All")}
        </Tabs>
    }
    .into_any()
}

/// Formats the number of matching changes on all pages: "1 change", "128 changes", "1,000+
/// changes".
fn total(found: &ChangesView) -> String {
    match found.page.total {
        total if total.exact() == Some(1) => "1 change".into(),
        total => format!("{total} changes"),
    }
}

/// Renders the parts of the address that could not be read.
fn unread(problems: &[FilterProblem]) -> AnyView {
    let lines =
        problems.iter().map(|problem| view! { <p>{problem.to_string()}</p> }).collect_view();
    view! {
        <div class="note note-attention changes-unread" role="alert">
            <Icon icon=icons::TRIANGLE_ALERT/>
            <div>
                <p><strong>"A part of this filter was passed over."</strong></p>
                {lines}
            </div>
        </div>
    }
    .into_any()
}
