//! Icons, always combined with text.

use leptos::prelude::*;

/// Name of a Lucide icon, one of the constants in [`icons`](super::icons).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IconName {
    /// Classes of the element that shows it.
    pub(super) class: &'static str,
}

/// Icon of one em in the colour of the text. Assistive technology ignores it, because the text
/// beside it has the meaning.
#[component]
pub fn Icon(
    /// Name of the icon.
    icon: IconName,
) -> impl IntoView {
    view! { <span class=icon.class></span> }
}
