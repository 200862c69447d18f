//! Deferred hydration: parts of a page are hydrated one by one, each in a short task of its own, so
//! that hydration never blocks reading and scrolling.
//!
//! A component is hydrated against the server's markup, so its data must not change before. Code
//! that may change data first hydrates all remaining components ([`take_over_all`]). User events do
//! this, and so do requests to the server.

#[cfg(feature = "hydrate")]
mod browser;

use leptos::prelude::*;
#[cfg(not(feature = "hydrate"))]
use leptos::tachys::html::InertElement;

/// Element whose hydration is deferred: the components of a page are hydrated in page order, nested
/// ones after all others.
///
/// Leptos numbers the values serialised in a page (each `Resource`, `SharedValue`, `Suspense` and
/// `Transition`) in creation order. The server creates a nested component in place, the browser
/// creates it last. After a nested component that contains such a value, no later component may
/// contain one. Example: with A (containing a nested A1) before B, a `Resource` in A1 forbids one
/// in B.
#[component]
pub fn DeferredHydration(
    /// Element to render.
    children: Children,
) -> impl IntoView {
    deferred(children)
}

/// Renders immediately on the server, which has no queue.
#[cfg(not(feature = "hydrate"))]
fn deferred(make: Children) -> AnyView {
    make()
}

/// Renders an element at once on the server. Leptos runs each closure of a page at least twice, to
/// find the resources in it and to write it; an element without resources needs only the second.
/// There must be no resource in it.
#[cfg(not(feature = "hydrate"))]
pub fn rendered_at_once(element: impl IntoView) -> AnyView {
    InertElement::new(element.into_view().to_html()).into_any()
}

/// Returns the element, which the browser hydrates as usual.
#[cfg(feature = "hydrate")]
pub fn rendered_at_once(element: impl IntoView) -> AnyView {
    element.into_any()
}

/// Does nothing on the server.
#[cfg(not(feature = "hydrate"))]
pub fn take_over_all() {}

/// Does nothing on the server, where nothing is hydrated.
#[cfg(not(feature = "hydrate"))]
pub fn when_all_stands(_then: impl FnOnce() + 'static) {}

#[cfg(feature = "hydrate")]
use browser::deferred;
#[cfg(feature = "hydrate")]
pub use browser::{take_over_all, take_over_page, when_all_stands};
