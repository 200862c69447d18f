//! What the browser runs: it takes over the page that the server made.

use leptos::prelude::{IntoAny, document, location, set_timeout};
use std::time::Duration;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

/// Called by the page once this is loaded. Marks the document with `data-live` when the page answers
/// by itself, for whoever waits for that.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let document = document();
    let Some(root) = document.document_element() else { return };
    let path = location().pathname().unwrap_or_default();
    spawn_local(async move {
        // With all its code there, nothing of the page waits for it while it is taken over.
        app::fetch_page(&path).await;
        let then = move || {
            // Only a name that is no name can fail.
            drop(root.set_attribute("data-live", ""));
            app::scripts::remember();
        };
        // Getting here took a task's time already.
        let take_over =
            || app::hydration::take_over_page(app::provide, || app::Pages().into_any(), then);
        set_timeout(take_over, Duration::ZERO);
    });
}
