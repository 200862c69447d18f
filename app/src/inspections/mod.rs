//! `/inspections`: the list, a new one, one in full, and its history.

use crate::ui::Page;
use leptos::prelude::*;

/// `/inspections`.
#[component]
pub fn InspectionsPage() -> impl IntoView {
    view! { <Page title="Inspections"><p></p></Page> }
}

/// `/inspections/new`.
#[component]
pub fn NewInspectionPage() -> impl IntoView {
    view! { <Page title="New inspection"><p></p></Page> }
}

/// `/inspections/ID`.
#[component]
pub fn InspectionPage() -> impl IntoView {
    view! { <Page title="Inspection"><p></p></Page> }
}

/// `/inspections/ID/history`.
#[component]
pub fn HistoryPage() -> impl IntoView {
    view! { <Page title="History"><p></p></Page> }
}
