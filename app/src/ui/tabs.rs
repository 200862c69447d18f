//! Views of the same thing, side by side. They are links, so each view has its address.

use leptos::{prelude::*, text_prop::TextProp};

/// A row of [`Tab`]s.
#[component]
pub fn Tabs(
    /// What they are views of.
    #[prop(into)]
    label: String,
    /// The tabs.
    children: Children,
) -> impl IntoView {
    view! { <nav class="tabs" aria-label=label>{children()}</nav> }
}

/// One view.
#[component]
pub fn Tab(
    /// Where it is.
    #[prop(into)]
    href: TextProp,
    /// Whether it is the one being looked at.
    #[prop(into)]
    current: Signal<bool>,
    /// How many things are in it.
    #[prop(optional, into)]
    count: Signal<Option<u64>>,
    /// Its name.
    children: Children,
) -> impl IntoView {
    view! {
        <a class="tab" href=move || href.get() aria-current=move || current.get().then_some("page")>
            {children()}
            {move || count.get().map(|count| view! { <span class="tab-count">{count}</span> })}
        </a>
    }
}
