//! One change in the feed, with the inspection it belongs to and what a reviewer can do about it.

use super::{
    Found,
    row_actions::RowActions,
    step::Steps,
    view::{ChangeDiff, ChangeLine, Titles},
};
use crate::ui::{ErrorNote, StatusBadge};
use domain::{Actor, ChangeId, ChangeRow, Inspection};
use leptos::prelude::*;

/// One change. Where its inspection stands follows `found`, so that a step taken from one row shows
/// in all of them.
#[component]
pub(super) fn Row(
    /// The change, as it was first shown.
    row: ChangeRow,
    /// The page it is on.
    found: Found,
    /// What sections are called.
    titles: Titles,
    /// Who is looking.
    viewer: Actor,
    /// The steps taken from rows.
    steps: Steps,
) -> impl IntoView {
    let id = row.change.id;
    let change = row.change.clone();
    let standing = Memo::new(move |_| {
        found.with(|found| {
            let mut rows = found.iter().flat_map(|found| found.page.rows());
            let now = rows.find(|row| row.change.id == id);
            standing(now.unwrap_or(&row))
        })
    });
    let newest = move || standing.with(|standing| standing.head == id);
    let place = move || {
        standing.with(|standing| {
            let href = if standing.removed {
                format!("/inspections/{}/history", standing.id)
            } else {
                format!("/inspections/{}", standing.id)
            };
            view! {
                <a class="change-inspection" href=href>
                    <span class="change-reference">{standing.reference.clone()}</span>
                    " "
                    {standing.name.clone()}
                </a>
                {if standing.removed {
                    view! { <span class="badge" data-tone="remove">"Removed"</span> }.into_any()
                } else {
                    view! { <StatusBadge status=standing.status/> }.into_any()
                }}
            }
        })
    };
    let refused = move || steps.refused_at(id).map(|error| view! { <ErrorNote error/> });

    view! {
        <li class="change feed-row" class:change-newest=newest id=row_id(id)>
            <details class="change-details">
                <summary class="change-line">
                    <ChangeLine change=change.clone()/>
                </summary>
                <div class="change-body">
                    <ChangeDiff change titles/>
                </div>
            </details>
            <div class="change-where">
                {place}
                <RowActions row=id standing viewer steps/>
                {refused}
            </div>
        </li>
    }
    .into_any()
}

/// The id of a change's row in the page.
pub(super) fn row_id(change: ChangeId) -> String {
    format!("change-{change}")
}

/// What a row knows of its inspection: enough to name it, and to ask who may do what.
fn standing(row: &ChangeRow) -> Inspection {
    Inspection {
        id: row.change.inspection_id,
        head: row.head,
        removed: row.removed,
        reference: row.reference.clone(),
        name: row.name.clone(),
        status: row.status,
        inspector: row.inspector.clone(),
        ..Inspection::default()
    }
}
