//! Lookup of elements on the page.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Returns the first descendant that matches a selector.
pub fn find(within: &Element, selector: &str) -> Option<HtmlElement> {
    within.query_selector(selector).ok().flatten()?.dyn_into().ok()
}
