//! Selection of entries. The DOM is the source of truth for the checked boxes.

use crate::hydration::take_over_all;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlFormElement, HtmlInputElement};

/// Id of the form that the checkboxes belong to.
pub(super) const ID: &str = "bulk";
/// Selector of the checkboxes of entries.
const BOXES: &str = ".entry-select input";

/// Returns the form that the checkboxes belong to.
pub(super) fn form() -> Option<HtmlFormElement> {
    document().get_element_by_id(ID)?.dyn_into().ok()
}

/// Updates the number of selected entries.
pub(super) fn count(selected: RwSignal<usize>) {
    let number = ticked().len();
    if selected.try_get_untracked().is_some_and(|before| before != number) {
        take_over_all();
        selected.set(number);
    }
}

/// Updates the number after a checkbox changed.
pub(super) fn on_change(selected: RwSignal<usize>, event: &ev::Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if target.is_some_and(|target| target.matches(BOXES).unwrap_or_default()) {
        count(selected);
    }
}

/// Returns the checked boxes.
pub(super) fn ticked() -> Vec<HtmlInputElement> {
    let Ok(found) = document().query_selector_all(&format!("{BOXES}:checked")) else {
        return Vec::new();
    };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// Clears the selection. The caller must call [`count`] afterwards.
pub(super) fn clear() {
    for input in ticked() {
        input.set_checked(false);
    }
}

/// Ignores Enter on a checkbox, because it would submit the form.
pub(super) fn hold_back(event: ev::KeyboardEvent) {
    if event.key() == "Enter" {
        event.prevent_default();
    }
}
