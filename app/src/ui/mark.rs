//! Plumbline's logo: a plumb bob on its line.

use leptos::prelude::*;

/// Logo. Show the name beside it.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path class="mark-line" d="M12 1v8" fill="none" stroke-width="2" stroke-linecap="round"></path>
            <path class="mark-bob" d="M8.5 8h7l2 4.5L12 23 6.5 12.5z"></path>
        </svg>
    }
}
