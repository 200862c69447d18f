//! What the browser runs: it takes over the page that the server made.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page once this is loaded. Marks the document with `data-live` when the page answers
/// by itself, for whoever waits for that.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let document = leptos::prelude::document();
    let (Some(root), Some(body)) = (document.document_element(), document.body()) else { return };
    leptos::task::spawn_local(async move {
        // It waits for the code of the page, where that comes later.
        leptos::mount::hydrate_from_async(body, app::App).await.forget();
        // Only a name that is no name can fail.
        drop(root.set_attribute("data-live", ""));
    });
}
