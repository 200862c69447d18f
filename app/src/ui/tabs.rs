//! Tabs between views of the same object. They are links, so each view has its own address.

use leptos::{prelude::*, text_prop::TextProp};

/// Row of [`Tab`]s.
#[component]
pub fn Tabs(
    /// Accessible name of the row.
    #[prop(into)]
    label: String,
    /// Tabs.
    children: Children,
) -> impl IntoView {
    view! { <nav class="tabs" aria-label=label>{children()}</nav> }
}

/// Tab: a link to one view.
#[component]
pub fn Tab(
    /// Address of the view.
    #[prop(into)]
    href: TextProp,
    /// Whether this is the current view.
    #[prop(into)]
    current: Signal<bool>,
    /// Number of items in the view.
    #[prop(optional, into)]
    count: Signal<Option<u64>>,
    /// Label.
    children: Children,
) -> impl IntoView {
    view! {
        <a class="tab" href=move || href.get() aria-current=move || current.get().then_some("page")>
            {children()}
            {move || count.get().map(|count| view! { <span class="tab-count">{count}</span> })}
        </a>
    }
}
