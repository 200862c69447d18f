//! Placeholder of an empty list.

use super::{Icon, IconName};
use leptos::prelude::*;

/// Placeholder of an empty list, with the next step.
#[component]
pub fn EmptyState(
    /// Icon of the missing items.
    icon: IconName,
    /// Short statement: "No inspections yet".
    #[prop(into)]
    title: String,
    /// Next step, as a sentence.
    #[prop(into)]
    sentence: String,
    /// Button or link that performs it, if any.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon"><Icon icon/></span>
            // The focus may move here from an item removed from the list.
            <p class="empty-title" tabindex="-1">{title}</p>
            <p class="empty-sentence">{sentence}</p>
            {children.map(|children| view! { <div class="empty-action">{children()}</div> })}
        </div>
    }
}
