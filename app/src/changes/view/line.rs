//! One change as a line.

use crate::ui::{ActionBadge, Avatar, Icon, Time};
use domain::Change;
use leptos::prelude::*;

/// Who did what, and when: what stands in the `<summary>` of a change that opens.
#[component]
pub fn ChangeLine(
    /// The change.
    change: Change,
    /// Leaves out the action's badge, where there is little room.
    #[prop(optional)]
    plain: bool,
) -> impl IntoView {
    let badge = (!plain).then(|| view! { <ActionBadge action=change.record.action/> });
    view! {
        <Avatar name=change.user_name.clone()/>
        <span class="change-words">
            <strong><bdi>{change.user_name.clone()}</bdi></strong>
            " "
            {change.record.sentence()}
        </span>
        <span class="change-when">
            {badge}
            <Time at=change.created_at/>
        </span>
        <Icon icon=icondata_lu::LuChevronDown/>
    }
    .into_any()
}
