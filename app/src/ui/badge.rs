//! Badges of statuses, actions and conditions, each with a colour, an icon and a word.

use super::Icon;
use domain::{
    change::Action,
    inspection::{Condition, Status},
};
use icondata_core::Icon as IconData;
use leptos::prelude::*;

/// Badge of an inspection's status.
#[component]
pub fn StatusBadge(
    /// The status.
    status: Status,
) -> impl IntoView {
    let icon = match status {
        Status::Draft => icondata_lu::LuPencilLine,
        Status::Review => icondata_lu::LuEye,
        Status::Complete => icondata_lu::LuBadgeCheck,
    };
    badge(status.slug(), icon, status.label())
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

/// Returns the icon of a condition, for its badge and for the button that chooses it.
pub fn condition_icon(condition: Condition) -> IconData {
    match condition {
        Condition::Good => icondata_lu::LuCircleCheck,
        Condition::Fair => icondata_lu::LuCircleMinus,
        Condition::Poor => icondata_lu::LuTriangleAlert,
        Condition::Unsafe => icondata_lu::LuOctagonAlert,
        Condition::NotInspected => icondata_lu::LuCircleDashed,
    }
}

/// Returns the icon of an action, for its badge and for the button that performs it.
pub fn action_icon(action: Action) -> IconData {
    match action {
        Action::CreatePdf => icondata_lu::LuFilePlus2,
        Action::DownloadPdf => icondata_lu::LuFileDown,
        Action::StatusReview => icondata_lu::LuSend,
        Action::StatusComplete => icondata_lu::LuBadgeCheck,
        Action::StatusDraft => icondata_lu::LuUndo2,
        Action::Edit => icondata_lu::LuPencil,
        Action::AddPhoto => icondata_lu::LuCamera,
        Action::Remove => icondata_lu::LuTrash2,
        Action::AddSection => icondata_lu::LuListPlus,
        Action::RemoveSection => icondata_lu::LuListX,
    }
}

/// Renders a badge. `tone` names the colours in `style/badge.css`.
fn badge(tone: &'static str, icon: IconData, word: &'static str) -> impl IntoView {
    view! { <span class="badge" data-tone=tone><Icon icon/>{word}</span> }
}
