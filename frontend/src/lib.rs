//! What the browser runs: it takes over the page that the server made.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page once this is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
