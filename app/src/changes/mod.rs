//! `/changes`: the dashboard of everything that happened, for reviewers.

use crate::ui::Page;
use leptos::prelude::*;

/// `/changes`.
#[component]
pub fn ChangesPage() -> impl IntoView {
    view! { <Page title="Changes"><p></p></Page> }
}
