//! Restoration of a page's scroll position and focus.

use crate::inline_script::without_comments;
use leptos::{nonce::use_nonce, prelude::*};
use std::sync::LazyLock;

/// Script that stores the position of each page in the tab's session storage and restores it on
/// Back.
static SCRIPT: LazyLock<String> = LazyLock::new(|| without_comments(include_str!("position.js")));

/// Inline script in the head of the document, so that it handles events before the router does.
#[component]
pub(crate) fn KeepPosition() -> impl IntoView {
    view! { <script nonce=use_nonce()>{SCRIPT.as_str()}</script> }
}
