//! `/inspections/ID`: the present state of an inspection, or a past one.

use super::{detail::PresentPage, past::PastPage};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// `/inspections/ID`: the present state; with `at` or `step` in the query, a past state.
#[component]
pub fn InspectionPage() -> impl IntoView {
    let query = use_query_map();
    let past = Memo::new(move |_| {
        query.with(|query| query.get_str("at").is_some() || query.get_str("step").is_some())
    });
    move || match past.get() {
        true => view! { <PastPage/> }.into_any(),
        false => view! { <PresentPage/> }.into_any(),
    }
}
