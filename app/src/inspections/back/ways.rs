//! From a change to what can be done about it: look at that moment, compare it, undo it.

use crate::{auth::CurrentUser, ui::Icon};
use domain::{Change, may_undo};
use leptos::prelude::*;

/// The ways from one change, as links, wherever the change is shown.
#[component]
pub fn ChangeWays(
    /// The change.
    change: Change,
) -> impl IntoView {
    let user = use_context::<CurrentUser>();
    let here = format!("/inspections/{}", change.inspection_id);
    let id = change.id;
    let undo_at = format!("{here}/undo?change={id}");
    let undo = move || {
        let role = user.and_then(CurrentUser::get)?.role;
        may_undo(role, &change.record).then(|| {
            view! {
                <a href=undo_at.clone()><Icon icon=icondata_lu::LuUndo2/>"Undo…"</a>
            }
        })
    };
    view! {
        <div class="change-ways" role="group" aria-label="About this change">
            <a href=format!("{here}?at={id}")>
                <Icon icon=icondata_lu::LuHistory/>
                "As it stood then"
            </a>
            <a href=format!("{here}/compare?from={id}")>
                <Icon icon=icondata_lu::LuGitCompare/>
                "Compare with now"
            </a>
            {undo}
        </div>
    }
    .into_any()
}
