//! Icons, always beside or behind a word.

use leptos::prelude::*;

/// A Lucide icon, hidden from assistive technology: the word beside it speaks.
#[component]
pub fn Icon(
    /// One of `icondata_lu`'s.
    icon: icondata_core::Icon,
) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            focusable="false"
            inner_html=icon.data
        ></svg>
    }
}
