//! Bringing things into view once the page has drawn them.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Puts the focus on the element of that id once it is there.
pub(super) fn focus(id: &str) {
    once_drawn(id, |element| drop(element.focus()));
}

/// Scrolls the element of that id into view and puts the focus on it.
pub(super) fn show(id: &str) {
    once_drawn(id, |element| {
        element.scroll_into_view();
        drop(element.focus());
    });
}

/// In the next frame; where that is long in coming, nobody who fills something in by then is taken from there.
fn once_drawn(id: &str, go: fn(&HtmlElement)) {
    let id = id.to_owned();
    let before = document().active_element();
    request_animation_frame(move || {
        let now = document().active_element();
        let fills_in =
            now.as_ref().is_some_and(|now| now.matches("input, select, textarea").unwrap_or(false));
        if fills_in && now != before {
            return;
        }
        let element = document().get_element_by_id(&id);
        if let Some(element) = element.and_then(|element| element.dyn_into().ok()) {
            go(&element);
        }
    });
}
