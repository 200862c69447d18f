//! The entries that are ticked. What is ticked says the page itself, so that nothing has to follow it.

use super::board::Board;
use crate::ui::take_over_all;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlFormElement, HtmlInputElement};

/// The id of the form that the boxes belong to.
pub(super) const ID: &str = "bulk";
/// The boxes of the entries.
const BOXES: &str = ".entry-select input";

/// The form that the boxes belong to.
pub(super) fn form() -> Option<HtmlFormElement> {
    document().get_element_by_id(ID)?.dyn_into().ok()
}

/// Counts what is ticked and there.
pub(super) fn count(board: Board) {
    let number = ticked().len();
    if board.selected.try_get_untracked().is_some_and(|selected| selected != number) {
        take_over_all();
        board.selected.set(number);
    }
}

/// Counts anew where a box was ticked.
pub(super) fn on_change(board: Board, event: &ev::Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if target.is_some_and(|target| target.matches(BOXES).unwrap_or_default()) {
        count(board);
    }
}

/// The boxes that are ticked.
pub(super) fn ticked() -> Vec<HtmlInputElement> {
    let Ok(found) = document().query_selector_all(&format!("{BOXES}:checked")) else {
        return Vec::new();
    };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// Ticks nothing any more. Who does so counts anew.
pub(super) fn clear() {
    for input in ticked() {
        input.set_checked(false);
    }
}

/// Enter on a box would send its form, and must do nothing.
pub(super) fn hold_back(event: ev::KeyboardEvent) {
    if event.key() == "Enter" {
        event.prevent_default();
    }
}
