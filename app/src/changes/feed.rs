//! The feed: a page of changes under the days on which they happened.

use super::{
    Found,
    api::ChangesView,
    days::{day_of, days, heading},
    row::Row,
    step::Steps,
    view::Titles,
};
use crate::ui::{EmptyState, LinkButton};
use domain::{ChangeFilter, ChangeRow};
use leptos::prelude::*;
use std::cmp::Reverse;

/// The rows of a page, newest first.
#[component]
pub(super) fn Feed(
    /// The page.
    found: Found,
    /// The filter in the address.
    filter: Memo<ChangeFilter>,
    /// The steps taken from rows.
    steps: Steps,
) -> impl IntoView {
    let all = Memo::new(move |_| {
        found.with(|found| found.as_ref().map(|found| days(&rows_of(found))).unwrap_or_default())
    });
    let today = move || found.with(|found| found.as_ref().map(|found| found.today));
    let rows = move |day| {
        found.with(|found| {
            let rows = found.iter().flat_map(|found| rows_of(found));
            rows.filter(|row| day_of(row) == day).collect::<Vec<ChangeRow>>()
        })
    };
    let row = move |row: ChangeRow| {
        let (titles, viewer) = found.with_untracked(|found| {
            let found = found.as_ref()?;
            let titles = found.titles.iter().cloned().collect::<Titles>();
            Some((titles, found.viewer.clone()))
        })?;
        Some(view! { <Row row found titles viewer steps/> })
    };
    let nothing = move || {
        found.with(|found| found.as_ref().is_some_and(|found| found.page.entries.is_empty()))
    };
    view! {
        <div class="feed">
            <For each=move || all.get() key=|day| *day let:day>
                <section class="feed-day" aria-labelledby=format!("day-{day}")>
                    <h2 id=format!("day-{day}")>
                        <time datetime=day.to_string()>
                            {move || today().map(|today| heading(day, today))}
                        </time>
                    </h2>
                    <ol class="feed-list card">
                        <For
                            each=move || rows(day)
                            key=|row| row.change.id
                            children=row
                        />
                    </ol>
                </section>
            </For>
            {move || nothing().then(|| filter.with(empty))}
        </div>
    }
    .into_any()
}

/// The changes of all entries of a page, newest first.
fn rows_of(found: &ChangesView) -> Vec<ChangeRow> {
    let mut rows: Vec<_> = found.page.rows().cloned().collect();
    rows.sort_by_key(|row| Reverse(row.change.id));
    rows
}

/// What an empty page says, and where it leads.
fn empty(filter: &ChangeFilter) -> AnyView {
    if !filter.is_empty() {
        return view! {
            <EmptyState
                icon=icondata_lu::LuSearchX
                title="No changes match"
                sentence="Take a part of the filter away, or start again from all changes."
            >
                <LinkButton href="/changes">"Clear all filters"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    if filter.before.is_some() {
        return view! {
            <EmptyState
                icon=icondata_lu::LuHistory
                title="Nothing older"
                sentence="There are no changes before that one."
            >
                <LinkButton href="/changes">"Newest changes"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState
            icon=icondata_lu::LuHistory
            title="Nothing recorded yet"
            sentence="As soon as an inspector starts an inspection, every step shows here."
        >
            <LinkButton href="/inspections">"Inspections"</LinkButton>
        </EmptyState>
    }
    .into_any()
}
