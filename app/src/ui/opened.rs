//! Content that is rendered once its menu is opened.

use crate::{effects::effect, scripts};
use leptos::{html, prelude::*};

/// State of the content of a `<details>`, which is rendered when that is first opened; at once for
/// browsers not known to run scripts. The element calls [`toggle`](Self::toggle) on `toggle`.
#[derive(Clone, Copy)]
pub struct Opened {
    node: NodeRef<html::Details>,
    is_rendered: RwSignal<bool>,
}

impl Opened {
    /// Returns the state for an element, which may have been opened before hydration.
    pub fn new(node: NodeRef<html::Details>) -> Self {
        let opened = Self { node, is_rendered: RwSignal::new(!scripts::are_known()) };
        effect(move || {
            node.track();
            opened.toggle();
        });
        opened
    }

    /// Returns whether the element is open now.
    pub fn is_open(self) -> bool {
        self.node.get_untracked().is_some_and(|details| details.open())
    }

    /// Renders the content if the element is open now.
    pub fn toggle(self) {
        // Setting it again would render the content anew.
        if self.is_open() && !self.is_rendered.get_untracked() {
            self.is_rendered.set(true);
        }
    }

    /// Returns whether to render the content.
    pub fn is_rendered(self) -> bool {
        self.is_rendered.get()
    }
}
