//! Badge of a review state.

use crate::ui::{Icon, icons};
use domain::{feed::ReviewState, text::isolate};
use leptos::prelude::*;

/// Renders a review state, its author if known, and whether it applies to the whole entry.
pub(super) fn review_badge(state: ReviewState, by: Option<&str>, whole: bool) -> AnyView {
    let (icon, word) = match (state, whole) {
        (ReviewState::Flagged, true) => (icons::FLAG, "Flagged"),
        (ReviewState::Flagged, false) => (icons::FLAG, "Partly flagged"),
        (_, true) => (icons::CHECK, "Reviewed"),
        (_, false) => (icons::CHECK, "Partly reviewed"),
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
