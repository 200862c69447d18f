//! Entry of the feed: a line that opens to its changes.

use super::{
    dashboard::DashboardState,
    entry_details::{entry_body, fetch},
    form::entry_button,
    line::line,
    selection,
};
use crate::{
    effects::effect,
    scripts,
    ui::{Icon, ServerTime, icons},
};
use domain::feed::{ChangeRow, Entry, ReviewState};
use futures::FutureExt;
use leptos::{html, prelude::*, task::spawn_local};

/// Id of the hidden words "Select:", which begin the names of all checkboxes.
pub(super) const SELECT: &str = "sel";

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
    // An entry has each of its changes alone.
    let words = now.with_untracked(|entry| {
        entry.rows.first().map(|row| format!("c{}", row.change.id)).unwrap_or_default()
    });
    let label = format!("{SELECT} {words}");
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
    // Browsers known to run scripts get the details when the entry opens.
    let plain = (!scripts::are_known()).then(|| {
        #[cfg(feature = "ssr")]
        let plain = super::entry_details::plain(dashboard, now, rows).to_html();
        #[cfg(not(feature = "ssr"))]
        let plain = "";
        view! { <noscript inner_html=plain></noscript> }
    });
    let time = expect_context::<ServerTime>();
    let line = Memo::new(move |_| {
        let today = today(dashboard);
        now.with(|entry| line(entry, &words, today, time.now()))
    });
    let state = Memo::new(move |_| now.with(|entry| entry.summary.state()));
    let (marked, sent, named) = (name.clone(), name.clone(), StoredValue::new(name));
    let button =
        move |act, word, icon| named.with_value(|name| entry_button(act, name, word, icon));
    view! {
        <li class="entry" data-entry=marked>
            <label class="entry-select">
                <input
                    type="checkbox"
                    name="entry"
                    value=sent
                    form="bulk"
                    aria-labelledby=label
                    on:keydown=selection::hold_back
                />
            </label>
            <details class="entry-details" node_ref=node on:toggle=move |_| show()>
                // The click event comes at once, the toggle event later.
                <summary
                    class="entry-line"
                    inner_html=move || line.get()
                    on:click=move |_| show()
                ></summary>
                {plain}
                {opened}
            </details>
            <div class="entry-actions">
                {move || match state.get() {
                    Some(ReviewState::Reviewed) => {
                        button("unreviewed", "Mark as unreviewed", icons::UNDO_2)
                    }
                    _ => button("reviewed", "Reviewed", icons::CHECK),
                }}
                {move || match state.get() {
                    Some(ReviewState::Flagged) => {
                        button("unreviewed", "Remove flag", icons::FLAG_OFF)
                    }
                    _ => button("flagged", "Flag", icons::FLAG),
                }}
                {move || now.with(open_link)}
            </div>
        </li>
    }
    .into_any()
}

fn open_link(entry: &Entry) -> Option<AnyView> {
    let row = entry.of_one()?;
    let under = if row.removed { "/history" } else { "" };
    let href = format!("/inspections/{}{under}", row.change.inspection_id);
    let link = view! {
        <a href=href aria-label="Open inspection">
            <Icon icon=icons::ARROW_RIGHT/>
        </a>
    };
    Some(link.into_any())
}

fn today(dashboard: DashboardState) -> Option<chrono::NaiveDate> {
    dashboard.found.with(|found| found.as_ref().map(|found| found.today))
}
