//! Parts of a page that the browser takes over one by one, each in a short task of its own, so that a page
//! holds up nobody who reads and scrolls while it comes alive.
//!
//! A piece is taken over as the server made it, so nothing that it shows may change before: whatever may
//! change something takes over all that is left first ([`take_over_all`]). What a person does is such a
//! thing, and so is asking the server anew.

#[cfg(feature = "hydrate")]
mod browser;

use leptos::prelude::*;

/// One element with all that is in it, made when its turn comes: those of a page take turns in the order
/// of the page, and those within one after all others.
///
/// Leptos numbers what travels in a page (each `Resource`, `SharedValue`, `Suspense` and `Transition`) in the
/// order in which it is made. The server makes a piece where it stands; so where one holds something of that
/// kind in a piece within it, none after it may hold any.
#[component]
pub fn Piece(
    /// The element.
    children: Children,
) -> impl IntoView {
    piece(children)
}

/// On the server there is nothing to wait for.
#[cfg(not(feature = "hydrate"))]
fn piece(make: Children) -> AnyView {
    make()
}

/// Nothing waits.
#[cfg(not(feature = "hydrate"))]
pub fn take_over_all() {}

/// Nothing is ever taken over.
#[cfg(not(feature = "hydrate"))]
pub fn when_all_stands(_then: impl FnOnce() + 'static) {}

#[cfg(feature = "hydrate")]
use browser::piece;
#[cfg(feature = "hydrate")]
pub use browser::{take_over_all, take_over_page, when_all_stands};
