//! Badges of statuses, actions and conditions, each with a colour, an icon and a word.

use super::{Icon, IconName, icons};
use domain::{
    change::Action,
    inspection::{Condition, Status},
};
use leptos::prelude::*;

/// Badge of an inspection's status.
#[component]
pub fn StatusBadge(
    /// The status.
    status: Status,
) -> impl IntoView {
    badge(status.slug(), status_icon(status), status.label())
}

/// Badge of a recorded action.
#[component]
pub fn ActionBadge(
    /// The action.
    action: Action,
) -> impl IntoView {
    badge(action.slug(), action_icon(action), action.label())
}

/// Badge of a condition.
#[component]
pub fn ConditionBadge(
    /// The condition.
    condition: Condition,
) -> impl IntoView {
    badge(condition.slug(), condition_icon(condition), condition.label())
}

pub(super) fn status_icon(status: Status) -> IconName {
    match status {
        Status::Draft => icons::PENCIL_LINE,
        Status::Review => icons::EYE,
        Status::Complete => icons::BADGE_CHECK,
    }
}

/// Returns the icon of a condition, for its badge and for the button that chooses it.
pub fn condition_icon(condition: Condition) -> IconName {
    match condition {
        Condition::Good => icons::CIRCLE_CHECK,
        Condition::Fair => icons::CIRCLE_MINUS,
        Condition::Poor => icons::TRIANGLE_ALERT,
        Condition::Unsafe => icons::OCTAGON_ALERT,
        Condition::NotInspected => icons::CIRCLE_DASHED,
    }
}

/// Returns the icon of an action, for its badge and for the button that performs it.
pub fn action_icon(action: Action) -> IconName {
    match action {
        Action::CreatePdf => icons::FILE_PLUS_2,
        Action::DownloadPdf => icons::FILE_DOWN,
        Action::StatusReview => icons::SEND,
        Action::StatusComplete => icons::BADGE_CHECK,
        Action::StatusDraft => icons::UNDO_2,
        Action::Edit => icons::PENCIL,
        Action::AddPhoto => icons::CAMERA,
        Action::Remove => icons::TRASH_2,
        Action::AddSection => icons::LIST_PLUS,
        Action::RemoveSection => icons::LIST_X,
    }
}

/// Renders a badge. `tone` names the colours in `style/badge.css`.
fn badge(tone: &'static str, icon: IconName, word: &'static str) -> impl IntoView {
    view! { <span class="badge" data-tone=tone><Icon icon/>{word}</span> }
}
