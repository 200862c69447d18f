//! `/changes`: the dashboard of everything that happened, for reviewers; and how changes look
//! wherever they are shown.

mod api;
mod history_page;
pub mod view;

pub use api::{AskChanges, AskHistory, TakeStep};
pub use history_page::HistoryPage;

use crate::ui::Page;
use leptos::prelude::*;

/// `/changes`.
#[component]
pub fn ChangesPage() -> impl IntoView {
    view! { <Page title="Changes"><p></p></Page> }
}
