//! `/inspections`: the list of inspections visible to the person, with a filter in the address.

use super::{api::inspections, row::InspectionRows};
use crate::effects::effect;
use crate::{
    auth::CurrentUser,
    error::AppError,
    ui::{ButtonKind, EmptyState, ErrorNote, LinkButton, Page, Pager, Skeleton, Tab, Tabs, icons},
    wire::server_resource,
};
use domain::{
    inspection::{InspectionFilter, InspectionListPage, Sort, Status},
    permission::may_create,
};
use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use std::time::Duration;

/// Pause in typing before the filter is applied.
const REST: Duration = Duration::from_millis(250);

/// `/inspections`.
#[component]
pub fn InspectionsPage() -> impl IntoView {
    let user = expect_context::<CurrentUser>();
    let search = use_location().search;
    let read = Memo::new(move |_| InspectionFilter::from_query(&search.get()));
    let filter = Memo::new(move |_| read.with(|(filter, _)| filter.clone()));
    let page = server_resource(
        move || read.get(),
        |(filter, problem)| async move {
            match problem {
                Some(problem) => Err(AppError::Unreadable(problem)),
                None => inspections(filter.to_query()).await,
            }
        },
    );

    let start = move || {
        let may = user.get().is_some_and(|user| may_create(user.role));
        may.then(|| view! { <NewButton/> })
    };
    let rows = move || {
        page.get().map(|found| match found {
            Ok(found) => {
                let counts = found.counts.clone();
                view! {
                    <StatusTabs filter counts/>
                    <ListResults found filter=filter.get_untracked()/>
                }
                .into_any()
            }
            Err(error) => {
                error.set_status();
                let retry = Callback::new(move |()| page.refetch());
                view! { <ErrorNote error retry/> }.into_any()
            }
        })
    };
    view! {
        <Page title="Inspections" actions=move || view! { <Suspense>{start}</Suspense> }>
            <FilterForm filter/>
            <div class="card">
                <Transition fallback=|| {
                    view! { <Skeleton/> }
                }>
                    {rows}
                </Transition>
            </div>
        </Page>
    }
    .into_any()
}

#[component]
fn NewButton() -> impl IntoView {
    view! {
        <LinkButton href="/inspections/new" kind=ButtonKind::Primary icon=icons::PLUS>
            "New inspection"
        </LinkButton>
    }
}

/// Form with search text and order. It works as a plain form; with JavaScript the list follows the
/// typing.
#[component]
fn FilterForm(filter: Memo<InspectionFilter>) -> impl IntoView {
    let navigate = use_navigate();
    let typed = RwSignal::new(filter.with_untracked(|filter| filter.words.clone()));
    let sort = RwSignal::new(filter.with_untracked(|filter| filter.sort));
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    on_cleanup(stop);

    let go = move || {
        stop();
        let words = typed.get_untracked().trim().to_owned();
        let (status, sort) = (filter.get_untracked().status, sort.get_untracked());
        let next = InspectionFilter { words, status, sort, after: None };
        if next != filter.get_untracked() {
            let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
            navigate(&address(&next), options);
        }
    };
    // Links and the back button may change the address.
    effect(move || {
        let now = filter.get();
        sort.set(now.sort);
        if typed.with_untracked(|typed| typed.trim() != now.words)
            && timer.with_value(Option::is_none)
        {
            typed.set(now.words);
        }
    });
    let soon = {
        let go = go.clone();
        move |event| {
            typed.set(event_target_value(&event));
            stop();
            timer.set_value(set_timeout_with_handle(go.clone(), REST).ok());
        }
    };
    let submit = {
        let go = go.clone();
        move |event: ev::SubmitEvent| {
            event.prevent_default();
            go();
        }
    };
    let choose = move |event| {
        sort.set(event_target_value(&event).parse().unwrap_or_default());
        go();
    };
    let options = Sort::ALL.map(|choice| {
        view! {
            <option value=choice.slug() selected=move || sort.get() == choice>{choice.label()}</option>
        }
    });

    view! {
        <form class="filter" method="get" action="/inspections" role="search" on:submit=submit>
            {move || {
                let status = filter.with(|filter| filter.status)?;
                Some(view! { <input type="hidden" name="status" value=status.slug()/> })
            }}
            <div class="field filter-words">
                <label for="q">"Search"</label>
                <input
                    class="input"
                    type="search"
                    dir="auto"
                    id="q"
                    name="q"
                    placeholder="Reference, name, address or client"
                    autocomplete="off"
                    value=typed.get_untracked()
                    prop:value=move || typed.get()
                    on:input=soon
                />
            </div>
            <div class="field">
                <label for="sort">"Sort by"</label>
                <select class="input" id="sort" name="sort" prop:value=move || sort.get().slug() on:change=choose>
                    {options}
                </select>
            </div>
            <button type="submit" class="button button-secondary only-plain">"Apply"</button>
        </form>
    }
    .into_any()
}

/// Tabs for the statuses, with the number of inspections in each.
#[component]
fn StatusTabs(filter: Memo<InspectionFilter>, counts: Vec<(Status, i64)>) -> impl IntoView {
    let count = move |status: Option<Status>| -> Option<u64> {
        let wanted = counts.iter().filter(|(it, _)| status.is_none_or(|status| *it == status));
        u64::try_from(wanted.map(|(_, count)| count).sum::<i64>()).ok()
    };
    let tab = move |status: Option<Status>| {
        let count = count(status);
        let href = move || address(&InspectionFilter { status, after: None, ..filter.get() });
        let current = Signal::derive(move || filter.with(|filter| filter.status == status));
        view! {
            <Tab href current count=Signal::stored(count)>
                {status.map_or("All", Status::label)}
            </Tab>
        }
    };
    view! {
        <Tabs label="Status">
            {tab(None)}
            {Status::ALL.map(|status| tab(Some(status)))}
        </Tabs>
    }
    .into_any()
}

/// Rows of the list, or the next step when it is empty.
#[component]
fn ListResults(found: InspectionListPage, filter: InspectionFilter) -> impl IntoView {
    if found.rows.is_empty() {
        let any = found.counts.iter().any(|(_, count)| *count > 0);
        return if filter.words.is_empty() && !any {
            view! {
                <EmptyState
                    icon=icons::CLIPBOARD_LIST
                    title="No inspections yet"
                    sentence="An inspection begins with a name and an address; the rest can follow on site."
                >
                    <NewButton/>
                </EmptyState>
            }
            .into_any()
        } else {
            view! {
                <EmptyState
                    icon=icons::SEARCH_X
                    title="No inspection matches"
                    sentence="Try fewer words, or look at all statuses."
                >
                    <LinkButton href="/inspections">"Show all"</LinkButton>
                </EmptyState>
            }
            .into_any()
        };
    }
    let at = |after| address(&InspectionFilter { after, ..filter.clone() });
    let first = filter.after.is_some().then(|| at(None));
    let next = found.next.map(|next| at(Some(next)));
    view! {
        <InspectionRows rows=found.rows/>
        <Pager first next first_label="First page" next_label="Next page"/>
    }
    .into_any()
}

fn address(filter: &InspectionFilter) -> String {
    match filter.to_query().as_str() {
        "" => "/inspections".into(),
        query => format!("/inspections?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_list_has_a_plain_address() {
        let filter = InspectionFilter::default();
        assert_eq!(address(&filter), "/inspections");
        let filter = InspectionFilter { words: "old mill".into(), ..filter };
        assert_eq!(address(&filter), "/inspections?q=old+mill");
    }
}
