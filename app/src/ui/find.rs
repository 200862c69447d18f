//! Finding what stands on the page.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The first element within another that a selector finds.
pub fn find(within: &Element, selector: &str) -> Option<HtmlElement> {
    within.query_selector(selector).ok().flatten()?.dyn_into().ok()
}
