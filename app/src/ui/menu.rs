//! Drop-down menu.

use crate::effects::{effect, effect_with};
use crate::hydration::DeferredHydration;
use leptos::{children::ViewFnOnce, ev, html, prelude::*};
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;

/// Drop-down menu. It is a `<details>`, so it opens without JavaScript; with JavaScript, Esc, a
/// press outside and navigation close it.
#[component]
pub fn Menu(
    /// Element of the menu, to pass to [`close_menu`].
    node: NodeRef<html::Details>,
    /// CSS classes.
    #[prop(default = "menu")]
    class: &'static str,
    /// Accessible name of the button, when that shows only an icon.
    #[prop(optional)]
    label: Option<&'static str>,
    /// Whether a press on any item closes it.
    #[prop(optional)]
    of_commands: bool,
    /// Content of the button.
    #[prop(into)]
    summary: ViewFnOnce,
    /// Content of the menu.
    children: Children,
) -> impl IntoView {
    let shut = move || {
        if let Some(details) = node.get_untracked() {
            details.set_open(false);
        }
    };
    let path = use_location().pathname;
    // The first run keeps a menu that was opened before hydration.
    effect_with(move |ran: Option<()>| {
        path.track();
        if ran.is_some() {
            shut();
        }
    });
    effect(move || {
        let outside = window_event_listener(ev::pointerdown, move |event| {
            let inside = node.get_untracked().is_some_and(|details| {
                let target = event.target().and_then(|target| target.dyn_into().ok());
                details.contains(target.as_ref())
            });
            if !inside {
                shut();
            }
        });
        on_cleanup(move || outside.remove());
    });
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            close_menu(node);
        }
    };
    let on_press = move |_| {
        if of_commands {
            close_menu(node);
        }
    };
    view! {
        <details class=class node_ref=node on:keydown=on_key>
            <DeferredHydration><summary aria-label=label>{summary.run()}</summary></DeferredHydration>
            <DeferredHydration>
                <div class="menu-panel" on:click=on_press>
                    {children()}
                </div>
            </DeferredHydration>
        </details>
    }
}

/// Closes a menu. The focus moves to its button, so that it is not lost with the hidden item.
pub fn close_menu(node: NodeRef<html::Details>) {
    let Some(details) = node.get_untracked() else { return };
    let summary = details.first_element_child();
    if let Some(summary) = summary.filter(|_| details.open())
        && let Some(summary) = summary.dyn_ref::<web_sys::HtmlElement>()
    {
        drop(summary.focus());
    }
    details.set_open(false);
}
