//! What the browser runs: it takes over the page that the server made.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page once this is loaded. Marks the document with `data-live` when the page answers
/// by itself, for whoever waits for that.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    if let Some(root) = leptos::prelude::document().document_element() {
        // Only a name that is no name can fail.
        drop(root.set_attribute("data-live", ""));
    }
}
