//! Focus and scrolling to elements that are about to be rendered.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Focuses the element of that id: at once if it exists, so that no keystroke is lost, and again in
/// the next frame.
pub(super) fn focus(id: &str) {
    let before = document().active_element();
    let go = |element: &HtmlElement| drop(element.focus());
    if let Some(element) = find(id) {
        go(&element);
    }
    once_drawn(id, before, go);
}

/// Scrolls the element of that id into view and focuses it.
pub(super) fn show(id: &str) {
    once_drawn(id, document().active_element(), |element| {
        element.scroll_into_view();
        drop(element.focus());
    });
}

/// Runs `go` in the next frame. Skipped if the user has focused another field meanwhile.
fn once_drawn(id: &str, before: Option<Element>, go: fn(&HtmlElement)) {
    let id = id.to_owned();
    request_animation_frame(move || {
        let now = document().active_element();
        let fills_in =
            now.as_ref().is_some_and(|now| now.matches("input, select, textarea").unwrap_or(false));
        if fills_in && now != before {
            return;
        }
        if let Some(element) = find(&id) {
            go(&element);
        }
    });
}

fn find(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
