//! What the browser runs: it takes over the page that the server made.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

/// Called by the page once this is loaded. Marks the document with `data-live` when the page answers
/// by itself, for whoever waits for that.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let document = leptos::prelude::document();
    let Some(root) = document.document_element() else { return };
    let path = leptos::prelude::location().pathname().unwrap_or_default();
    spawn_local(async move {
        // With all its code there, nothing of the page waits while it is taken over.
        app::fetch_page(&path).await;
        leptos::mount::hydrate_body(app::App);
        // Only a name that is no name can fail.
        drop(root.set_attribute("data-live", ""));
        app::scripts::remember();
    });
}
