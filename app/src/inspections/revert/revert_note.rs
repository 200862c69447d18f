//! Note on an inspection's page after a revert.

use crate::ui::{Icon, LinkButton};
use domain::{change::Change, id::InspectionId, text::isolate};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Query parameter that names the last change of the revert.
const REVERTED: &str = "reverted";

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
    let last = use_query_map().with_untracked(|query| query.get_str(REVERTED)?.parse::<i64>().ok());
    let change = changes.with_untracked(|changes| {
        let led_back = |change: &&Change| Some(change.id.0) == last && change.record.is_revert();
        changes.iter().find(led_back).cloned()
    })?;
    let of_request = changes.with_untracked(|changes| {
        changes.iter().filter(|other| other.request_id == change.request_id).count()
    });
    let restored = change.record.data.restores.is_some();
    let words = match (restored, of_request) {
        (true, _) => "The earlier state is restored.".to_owned(),
        (false, 1) => format!("Undone: {} {}.", isolate(&change.user_name), change.record.deed()),
        (false, steps) => format!("Undone, in {steps} changes."),
    };
    let again = if restored { "Undo this restore" } else { "Undo this undo" };
    let href = format!("/inspections/{inspection}/undo?change={}&all=1", change.id);
    Some(view! {
        <div class="note" role="status">
            <Icon icon=icondata_lu::LuUndo2/>
            <p>{words}</p>
            <LinkButton href icon=icondata_lu::LuRedo2>{again}</LinkButton>
        </div>
    })
}
