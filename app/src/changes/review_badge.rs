//! Badge of a review state.

use crate::ui::{Icon, IconName, badge_markup, icons};
use domain::{feed::ReviewState, text::isolate};
use leptos::prelude::*;

/// Renders a review state, its author if known, and whether it applies to the whole entry.
pub(super) fn review_badge(state: ReviewState, by: Option<&str>, whole: bool) -> AnyView {
    let (icon, word) = face(state, whole);
    view! {
        <span class="badge" data-tone=state.slug() title=by.map(title)>
            <Icon icon/>
            {word}
        </span>
    }
    .into_any()
}

/// Writes the same badge as markup.
pub(super) fn review_markup(state: ReviewState, by: Option<&str>, whole: bool) -> String {
    let (icon, word) = face(state, whole);
    badge_markup(state.slug(), Some(icon), word, by.map(title).as_deref())
}

fn face(state: ReviewState, whole: bool) -> (IconName, &'static str) {
    match (state, whole) {
        (ReviewState::Flagged, true) => (icons::FLAG, "Flagged"),
        (ReviewState::Flagged, false) => (icons::FLAG, "Partly flagged"),
        (_, true) => (icons::CHECK, "Reviewed"),
        (_, false) => (icons::CHECK, "Partly reviewed"),
    }
}

fn title(by: &str) -> String {
    format!("by {}", isolate(by))
}
