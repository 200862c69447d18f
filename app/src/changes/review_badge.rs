//! Badge of a review state.

use crate::ui::Icon;
use domain::{feed::ReviewState, text::isolate};
use leptos::prelude::*;

/// Renders a review state, its author if known, and whether it applies to the whole entry.
pub(super) fn review_badge(state: ReviewState, by: Option<&str>, whole: bool) -> AnyView {
    let (icon, word) = match (state, whole) {
        (ReviewState::Flagged, true) => (icondata_lu::LuFlag, "Flagged"),
        (ReviewState::Flagged, false) => (icondata_lu::LuFlag, "Partly flagged"),
        (_, true) => (icondata_lu::LuCheck, "Reviewed"),
        (_, false) => (icondata_lu::LuCheck, "Partly reviewed"),
    };
    let by = by.map(|by| format!("by {}", isolate(by)));
    view! {
        <span class="badge" data-tone=state.slug() title=by>
            <Icon icon/>
            {word}
        </span>
    }
    .into_any()
}
