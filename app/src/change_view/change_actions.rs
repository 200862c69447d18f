//! Actions on a change: view its state, compare it, undo it.

use super::UndoLinks;
use crate::{
    auth::CurrentUser,
    ui::{Icon, icons},
};
use domain::{change::Change, id::ChangeId, permission::may_undo};
use leptos::prelude::*;

/// Actions on a change as links, shown next to the change.
#[component]
pub fn ChangeActions(
    /// The change.
    change: Change,
    /// The change that last undid it, if one did.
    #[prop(into)]
    undone_by: Signal<Option<ChangeId>>,
) -> impl IntoView {
    let user = use_context::<CurrentUser>();
    let inspection_address = format!("/inspections/{}", change.inspection_id);
    let id = change.id;
    let undo_at = format!("{inspection_address}/undo?change={id}");
    let record = change.record.clone();
    let undo = move || {
        let role = user.and_then(CurrentUser::get)?.role;
        may_undo(role, &record).then(|| {
            view! {
                <a href=undo_at.clone()><Icon icon=icons::UNDO_2/>"Undo…"</a>
            }
        })
    };
    view! {
        <div class="change-ways" role="group" aria-label="About this change">
            <a href=format!("{inspection_address}?at={id}")>
                <Icon icon=icons::HISTORY/>
                "View this version"
            </a>
            <a href=format!("{inspection_address}/compare?from={id}")>
                <Icon icon=icons::GIT_COMPARE/>
                "Compare with now"
            </a>
            {undo}
            <UndoLinks change undone_by/>
        </div>
    }
    .into_any()
}
