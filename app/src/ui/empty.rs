//! What a list says when there is nothing in it.

use super::Icon;
use leptos::prelude::*;

/// An empty list: says what belongs here, and what to do first.
#[component]
pub fn EmptyState(
    /// A picture of what belongs here.
    icon: icondata_core::Icon,
    /// What is so, in a few words: "No inspections yet".
    #[prop(into)]
    title: String,
    /// What to do first, as a sentence.
    #[prop(into)]
    sentence: String,
    /// The button or link that does it, if any.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon"><Icon icon/></span>
            // The focus may come here from what was in the list.
            <p class="empty-title" tabindex="-1">{title}</p>
            <p class="empty-sentence">{sentence}</p>
            {children.map(|children| view! { <div class="empty-action">{children()}</div> })}
        </div>
    }
}
