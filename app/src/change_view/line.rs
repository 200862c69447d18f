//! Change as one line.

use crate::ui::{ActionBadge, Avatar, Icon, Time, icons};
use domain::change::Change;
use leptos::prelude::*;

/// Author, action and time: the content of a change's `<summary>`.
#[component]
pub fn ChangeLine(
    /// Change to show.
    change: Change,
    /// Omits the action's badge, when there is little space.
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
        <Icon icon=icons::CHEVRON_DOWN/>
    }
    .into_any()
}

/// Renders a change in one line: person, action and time.
pub(crate) fn line(change: &Change) -> AnyView {
    view! {
        <p>
            <strong><bdi>{change.user_name.clone()}</bdi></strong>
            " "
            {change.record.sentence()}
            " · "
            <Time at=change.created_at/>
        </p>
    }
    .into_any()
}
