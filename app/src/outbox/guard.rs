//! Click guard for links while the device is offline: the page stays and a message explains why,
//! because the router would wait for an answer that cannot come.

use super::status::{OutboxStatus, has_network};
use crate::effects::effect;
use crate::ui::Toasts;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget};

/// Intercepts links to other pages while the device is offline. Call it once.
pub(crate) fn stop_links_without_a_network() {
    let toasts = expect_context::<Toasts>().one_at_a_time("offline");
    let status = expect_context::<OutboxStatus>();
    effect(move || {
        let stop = wasm_bindgen::closure::Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            if has_network() || event.default_prevented() || !leads_away(&event) {
                return;
            }
            event.prevent_default();
            event.stop_propagation();
            let kept = status.0.with_untracked(super::status::Status::waiting);
            let kept = match kept {
                Some(what) => format!("{what} kept on this device and sent later"),
                None => "What you type is kept on this device".into(),
            };
            toasts
                .wrong(format!("You're offline. {kept}. This page opens once you're back online."));
        });
        // Listens in the capturing phase, to run before the router. The listener is never removed,
        // because it lives as long as the page.
        let target: &EventTarget = &document();
        drop(target.add_event_listener_with_callback_and_bool(
            "click",
            stop.as_ref().unchecked_ref(),
            true,
        ));
        stop.forget();
    });
}

/// Returns whether the event is a click on a link to another page of this site.
fn leads_away(event: &Event) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(link) = element.and_then(|element| element.closest("a[href]").ok().flatten()) else {
        return false;
    };
    let href = link.get_attribute("href").unwrap_or_default();
    !href.starts_with('#') && !href.starts_with("mailto:") && !href.starts_with("blob:")
}
