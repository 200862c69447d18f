//! Feed: the entries of a page, grouped by day.

use super::{
    dashboard::DashboardState,
    days::{day_of, days, heading},
    entry::{EntryView, SELECT},
    focus,
    link::address,
    preserve_input::with_held,
};
use crate::{
    hydration::{DeferredHydration, rendered_at_once},
    ui::{EmptyState, LinkButton, List, icons, show_local_time},
};
use chrono::NaiveDate;
use domain::feed::{ChangeFilter, Entry, Group, ReviewState};
use leptos::prelude::*;

/// Entries of a page, newest first.
#[component]
pub(super) fn Feed(
    /// State of the dashboard.
    dashboard: DashboardState,
) -> impl IntoView {
    let entries = Memo::new(move |last: Option<&Vec<Entry>>| {
        let entries = dashboard.entries();
        match last.filter(|_| dashboard.is_pinned()) {
            Some(last) => steadied(with_held(dashboard, entries, last), last),
            None => entries,
        }
    });
    focus::follow(dashboard.lost, dashboard.selected, move || {
        entries.track();
        // The heading may change even while there are no entries.
        dashboard.found.track();
    });
    let rows = dashboard.rows();
    // Only entries of one request belong to a single day.
    let all = Memo::new(move |_| match dashboard.filter.with(|filter| filter.group) {
        Group::Request => entries.with(|entries| days(entries)).into_iter().map(Some).collect(),
        _ => vec![None],
    });
    let today = move || dashboard.found.with(|found| found.as_ref().map(|found| found.today));
    let of_day = move |day: Option<NaiveDate>| {
        entries.with(|entries| {
            let of_day = |entry: &&Entry| day.is_none_or(|day| day_of(entry) == Some(day));
            entries.iter().filter(of_day).cloned().collect::<Vec<_>>()
        })
    };
    let nothing = move || entries.with(Vec::is_empty) && dashboard.found.with(Option::is_some);
    rendered_at_once(view! {
        <div
            class="feed"
            id="feed"
            tabindex="-1"
            on:pointerover=|event| show_local_time(&event)
        >
            <span id=SELECT hidden=true>"Select:"</span>
            <List each=move || all.get() key=|day| *day let:day>
                <section class="feed-day">
                    {day
                        .map(|day| {
                            view! {
                                <h2>
                                    <time datetime=day.to_string()>
                                        {move || today().map(|today| heading(day, today))}
                                    </time>
                                </h2>
                            }
                        })}
                    <ol class="feed-list card" aria-label=move || {
                        day.zip(today()).map(|(day, today)| heading(day, today))
                    }>
                        <List each=move || of_day(day) key=|entry| entry.key let:entry>
                            <DeferredHydration><EntryView dashboard entry rows/></DeferredHydration>
                        </List>
                    </ol>
                </section>
            </List>
            {move || {
                nothing()
                    .then(|| {
                        let found = dashboard.found.get();
                        let rest = found.is_some_and(|found| !found.page.total.is_zero());
                        dashboard.filter.with(|filter| if rest { used_up(filter) } else { empty(filter) })
                    })
            }}
        </div>
    })
}

/// Keeps the previous order of entries that were shown before, so that the page does not move while
/// it is read. New entries are inserted after their predecessor.
fn steadied(entries: Vec<Entry>, last: &[Entry]) -> Vec<Entry> {
    let find = |old: &Entry| entries.iter().find(|entry| entry.key == old.key);
    let mut steady: Vec<Entry> = last.iter().filter_map(find).cloned().collect();
    let mut above = None;
    for entry in entries {
        let key = entry.key;
        if !last.iter().any(|old| old.key == key) {
            let at = steady.iter().position(|it| Some(it.key) == above).map_or(0, |at| at + 1);
            steady.insert(at, entry);
        }
        above = Some(key);
    }
    steady
}

/// Renders the message of a page whose entries are all gone while other changes match.
fn used_up(filter: &ChangeFilter) -> AnyView {
    let first = filter.before.map(|_| {
        let href = address(&filter.first_page());
        view! { <LinkButton href>"Newest changes"</LinkButton> }
    });
    let sentence = match first {
        Some(_) => "Newer changes match, on the pages before.",
        None => "What is new waits above.",
    };
    view! {
        <EmptyState icon=icons::CHECK title="Nothing is left on this page" sentence>
            {first}
        </EmptyState>
    }
    .into_any()
}

/// Renders the message of an empty page, with a link.
fn empty(filter: &ChangeFilter) -> AnyView {
    let unreviewed = ChangeFilter {
        states: vec![ReviewState::Unreviewed],
        group: filter.group,
        ..ChangeFilter::default()
    };
    if *filter == unreviewed {
        return view! {
            <EmptyState
                icon=icons::PARTY_POPPER
                title="All caught up"
                sentence="New changes show here as they happen."
            >
                <LinkButton href="/changes?state=">"All changes"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    if !filter.is_empty() {
        return view! {
            <EmptyState
                icon=icons::SEARCH_X
                title="No changes match"
                sentence="Remove a filter, or clear all."
            >
                <LinkButton href="/changes?state=">"Clear all filters"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    if filter.before.is_some() {
        return view! {
            <EmptyState
                icon=icons::HISTORY
                title="Nothing older"
                sentence="There are no changes before that one."
            >
                <LinkButton href="/changes?state=">"Newest changes"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState
            icon=icons::HISTORY
            title="Nothing recorded yet"
            sentence="As soon as an inspector starts an inspection, every step shows here."
        >
            <LinkButton href="/inspections">"Inspections"</LinkButton>
        </EmptyState>
    }
    .into_any()
}
