//! Bringing things into view once the page has drawn them.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Puts the focus on the element of that id once it is there.
pub(super) fn focus(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || {
        if let Some(element) = element(&id) {
            drop(element.focus());
        }
    });
}

/// Scrolls the element of that id into view and puts the focus on it.
pub(super) fn show(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || {
        if let Some(element) = element(&id) {
            element.scroll_into_view();
            drop(element.focus());
        }
    });
}

fn element(id: &str) -> Option<web_sys::HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
