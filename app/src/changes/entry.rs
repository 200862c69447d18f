//! Entry of the feed: a line that opens to its changes.

use super::{
    dashboard::DashboardState,
    days::heading,
    entry_details::{entry_body, fetch},
    form::{FormHead, act_button},
    review_badge::review_badge,
    selection,
};
use crate::effects::effect;
use crate::ui::{ActionBadge, Avatar, ButtonKind, Icon, LinkButton, StatusBadge, Time, icons};
use domain::{
    change::summarize,
    feed::{ChangeRow, Entry, EntryKey, ReviewState},
    text::isolate,
};
use futures::FutureExt;
use leptos::{html, prelude::*, task::spawn_local};

/// View of one entry. Its line is updated with the page; its changes never change.
#[component]
pub(super) fn EntryView(
    /// State of the dashboard.
    dashboard: DashboardState,
    /// Entry as first shown.
    entry: Entry,
    /// All rows of the page.
    rows: Memo<Vec<ChangeRow>>,
) -> impl IntoView {
    let key = entry.key;
    let now = Memo::new(move |_| {
        dashboard.found.with(|found| {
            let mut entries = found.iter().flat_map(|found| &found.page.entries);
            entries.find(|it| it.key == key).cloned().unwrap_or_else(|| entry.clone())
        })
    });
    let name = key.to_string();
    let newest = move || now.with(|entry| entry.rows.first().map(|row| row.change.id.to_string()));
    let (marked, sent) = (name.clone(), name.clone());
    let label = move || format!("Select: {}", now.with(|entry| title(dashboard, entry)));
    // The details are created when the entry is first opened, and kept from then on.
    let open = RwSignal::new(false);
    let node = NodeRef::<html::Details>::new();
    let show = move || {
        if !open.get_untracked() {
            spawn_local(async move {
                fetch().await;
                open.set(true);
            });
        }
    };
    // The entry may have been opened before hydration.
    effect(move || {
        if node.get().is_some_and(|details| details.open()) {
            show();
        }
    });
    let opened = move || open.get().then(|| entry_body(dashboard, now, rows).now_or_never());
    #[cfg(feature = "ssr")]
    let plain = super::entry_details::plain(dashboard, now, rows).to_html();
    #[cfg(not(feature = "ssr"))]
    let plain = "";
    let line = move || now.with(|entry| line(dashboard, entry));
    let state = Memo::new(move |_| now.with(|entry| entry.summary.state()));
    view! {
        <li class="entry" data-entry=marked data-change=newest>
            <label class="entry-select">
                <input
                    type="checkbox"
                    name="entry"
                    value=sent
                    form="bulk"
                    aria-label=label
                    on:keydown=selection::hold_back
                />
            </label>
            <details class="entry-details" node_ref=node on:toggle=move |_| show()>
                // The click event comes at once, the toggle event later.
                <summary class="entry-line" on:click=move |_| show()>{line}</summary>
                <noscript inner_html=plain></noscript>
                {opened}
            </details>
            <form class="entry-actions" method="post">
                <FormHead dashboard/>
                <input type="hidden" name="entry" value=name/>
                {move || match state.get() {
                    Some(ReviewState::Reviewed) => {
                        act_button("unreviewed", "Mark as unreviewed", icons::UNDO_2, true)
                    }
                    _ => act_button("reviewed", "Reviewed", icons::CHECK, true),
                }}
                {move || match state.get() {
                    Some(ReviewState::Flagged) => {
                        act_button("unreviewed", "Remove flag", icons::FLAG_OFF, true)
                    }
                    _ => act_button("flagged", "Flag", icons::FLAG, true),
                }}
                {move || now.with(open_link)}
            </form>
        </li>
    }
    .into_any()
}

fn open_link(entry: &Entry) -> Option<AnyView> {
    let row = entry.of_one()?;
    let under = if row.removed { "/history" } else { "" };
    let href = format!("/inspections/{}{under}", row.change.inspection_id);
    let (kind, icon) = (ButtonKind::Quiet, icons::ARROW_RIGHT);
    Some(
        view! { <LinkButton href kind icon icon_only=true>"Open inspection"</LinkButton> }
            .into_any(),
    )
}

/// Returns the entry's title in words, for screen readers.
fn title(dashboard: DashboardState, entry: &Entry) -> String {
    let Some(first) = entry.rows.first() else { return String::new() };
    let who = &first.change.user_name;
    match entry.key {
        EntryKey::Request(_) => format!("{} {}, {}", isolate(who), did(entry), first.reference),
        EntryKey::Inspection(_) => format!("{} {}", first.reference, isolate(&first.name)),
        EntryKey::Day(day) => heading(day, today(dashboard).unwrap_or(day)),
    }
}

fn did(entry: &Entry) -> String {
    let records: Vec<_> = entry.rows.iter().map(|row| &row.change.record).collect();
    summarize(&records, &entry.summary.actions)
}

fn today(dashboard: DashboardState) -> Option<chrono::NaiveDate> {
    dashboard.found.with(|found| found.as_ref().map(|found| found.today))
}

fn line(dashboard: DashboardState, entry: &Entry) -> AnyView {
    let Some(first) = entry.rows.first() else { return ().into_any() };
    let change = &first.change;
    let words = match entry.key {
        EntryKey::Request(_) => view! {
            <Avatar name=change.user_name.clone()/>
            <span class="entry-words">
                <strong><bdi>{change.user_name.clone()}</bdi></strong>
                " "
                {did(entry)}
                " "
                {entry.of_one().map(place)}
            </span>
        }
        .into_any(),
        key => {
            let heads = match key {
                EntryKey::Day(_) => title(dashboard, entry).into_any(),
                _ => place(first),
            };
            let count = match entry.count.exact() {
                Some(1) => "1 change".to_owned(),
                _ => format!("{} changes", entry.count),
            };
            view! {
                <Avatar name=change.user_name.clone()/>
                <span class="entry-words">
                    <strong>{heads}</strong>
                    " "
                    {count}
                    " by "
                    {entry.summary.by()}
                </span>
            }
            .into_any()
        }
    };
    let comments: i64 = entry.rows.iter().map(|row| row.comments).sum();
    let comments = (comments > 0).then(|| {
        let label = if comments == 1 { "1 comment".into() } else { format!("{comments} comments") };
        let title = label.clone();
        view! {
            <span class="entry-comments" title=title>
                <Icon icon=icons::MESSAGE_SQUARE/>
                <span aria-hidden="true">{comments}</span>
                <span class="visually-hidden">{label}</span>
            </span>
        }
    });
    let status = entry.of_one().map(|row| match row.removed {
        true => view! { <span class="badge" data-tone="remove">"Removed"</span> }.into_any(),
        false => view! { <StatusBadge status=row.status/> }.into_any(),
    });
    view! {
        {words}
        <span class="entry-marks">
            {state_badge(entry)}
            {comments}
            {status}
            {(entry.rows.len() == 1)
                .then(|| view! { <ActionBadge action=change.record.action/> })}
            <Time at=change.created_at/>
        </span>
        <Icon icon=icons::CHEVRON_DOWN/>
    }
    .into_any()
}

fn place(row: &ChangeRow) -> AnyView {
    view! {
        <span class="entry-place">
            <span class="change-reference">{row.reference.clone()}</span>
            " "
            <bdi>{row.name.clone()}</bdi>
        </span>
    }
    .into_any()
}

/// Renders the review state of the whole entry; `None` while it is unreviewed.
fn state_badge(entry: &Entry) -> Option<AnyView> {
    let any = |state: &ReviewState| entry.summary.in_state(*state) > 0;
    let state = [ReviewState::Flagged, ReviewState::Reviewed].into_iter().find(any)?;
    let reviews = entry.rows.iter().filter_map(|row| row.review.as_ref());
    let by = reviews.filter(|review| review.state == state).map(|review| &*review.by).next();
    Some(review_badge(state, by, entry.summary.state().is_some()))
}
