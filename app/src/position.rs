//! Where a page was scrolled to and what had the focus, for those who come back to it.

use leptos::{nonce::use_nonce, prelude::*};

/// Keeps the position of each page of a tab in the tab's storage, and restores it on Back.
const SCRIPT: &str = include_str!("position.js");

/// In the head of the document, so that it hears of what happens before the router does.
#[component]
pub(crate) fn KeepPosition() -> impl IntoView {
    view! { <script nonce=use_nonce()>{SCRIPT}</script> }
}
