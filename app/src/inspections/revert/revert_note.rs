//! Note on an inspection's page after a revert.

use crate::{
    address,
    error::AppError,
    ui::{Icon, LinkButton, icons},
};
use domain::{
    change::Change,
    id::{ChangeId, InspectionId},
    text::isolate,
};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

/// Query parameter that names the last change of the revert.
const REVERTED: &str = "reverted";

/// Parses the last change of the revert from the query of an inspection's page.
///
/// # Errors
/// The value cannot be read.
pub(in crate::inspections) fn last_change(query: &ParamsMap) -> Result<Option<ChangeId>, AppError> {
    let hint = "Choose a change from the history of the inspection.";
    address::optional(query, REVERTED, hint)
}

/// Note that names the undone change or restored state and offers to undo the revert. Empty if the address
/// names no such change.
#[component]
pub(in crate::inspections) fn RevertNote(
    /// The inspection's latest changes, newest first.
    #[prop(into)]
    changes: Signal<Vec<Change>>,
    /// Inspection.
    inspection: InspectionId,
) -> impl IntoView {
    let last = use_query_map().with_untracked(last_change).ok().flatten();
    let change = changes.with_untracked(|changes| {
        let led_back = |change: &&Change| Some(change.id) == last && change.record.is_revert();
        changes.iter().find(led_back).cloned()
    })?;
    let of_request = changes.with_untracked(|changes| {
        changes.iter().filter(|other| other.request_id == change.request_id).count()
    });
    let restored = change.record.data.restores.is_some();
    let words = match (restored, of_request) {
        (true, _) => "The earlier state is restored.".to_owned(),
        (false, 1) => {
            format!("Undone: {} {}.", isolate(&change.user_name), change.record.description())
        }
        (false, steps) => format!("Undone, in {steps} changes."),
    };
    let again = if restored { "Undo this restore" } else { "Undo this undo" };
    let href = format!("/inspections/{inspection}/undo?change={}&all=1", change.id);
    Some(view! {
        <div class="note" role="status">
            <Icon icon=icons::UNDO_2/>
            <p>{words}</p>
            <LinkButton href icon=icons::REDO_2>{again}</LinkButton>
        </div>
    })
}
