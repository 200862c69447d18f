//! `/`: where the signed-in person starts.

use crate::ui::Page;
use leptos::prelude::*;

/// `/`.
#[component]
pub fn StartPage() -> impl IntoView {
    view! { <Page title="Start"><p></p></Page> }
}
