//! A menu under a button.

use super::Piece;
use leptos::{children::ViewFnOnce, ev, html, prelude::*};
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;

/// A menu. A `<details>`, so it opens without JavaScript; with it, Esc, a press elsewhere and a new
/// page close it.
#[component]
pub fn Menu(
    /// Its element, which [`close_menu`] takes.
    node: NodeRef<html::Details>,
    /// Its classes.
    #[prop(default = "menu")]
    class: &'static str,
    /// The name of its button, where that shows an icon alone.
    #[prop(optional)]
    label: Option<&'static str>,
    /// Whether whatever is pressed in it closes it.
    #[prop(optional)]
    of_commands: bool,
    /// What its button shows.
    #[prop(into)]
    summary: ViewFnOnce,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let shut = move || {
        if let Some(details) = node.get_untracked() {
            details.set_open(false);
        }
    };
    let path = use_location().pathname;
    // The first page leaves it as it was opened before the page answered.
    Effect::new(move |ran: Option<()>| {
        path.track();
        if ran.is_some() {
            shut();
        }
    });
    Effect::new(move || {
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
            <Piece><summary aria-label=label>{summary.run()}</summary></Piece>
            <Piece>
                <div class="menu-panel" on:click=on_press>
                    {children()}
                </div>
            </Piece>
        </details>
    }
}

/// Closes a menu. The focus goes to its button, rather than out of sight with what had it.
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
