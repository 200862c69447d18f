//! Icons, always combined with text.

use leptos::prelude::*;

/// Lucide icon, hidden from assistive technology because the text beside it has the meaning.
#[component]
pub fn Icon(
    /// Icon from `icondata_lu`.
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
