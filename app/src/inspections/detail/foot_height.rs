//! Height of the bottom bar on a phone, which changes with the photos being sent.

use crate::effects::effect;
use crate::outbox::js;
use js_sys::{Array, Function, Reflect};
use leptos::{html, prelude::*};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// CSS custom property with the height of the elements over the bottom of the page.
const OVER_FOOT: &str = "--over-foot";

/// Keeps `--over-foot` at the height of `bar` while it is on the page, so that toasts appear above
/// it and it never covers a focused element.
pub(super) fn measure(bar: NodeRef<html::Div>) {
    effect(move || {
        let Some(element) = bar.get() else { return };
        let measured = element.clone();
        let callback = Closure::<dyn Fn()>::new(move || {
            // A hidden bar, as on a desktop, has height 0.
            set_over_foot(&format!("{}px", measured.offset_height()));
        });
        // Without `ResizeObserver`, the height from the style sheet applies.
        let Ok(observer) = observe(&element, callback.as_ref()) else { return };
        let kept = SendWrapper::new((observer, callback));
        on_cleanup(move || {
            let (observer, _callback) = kept.take();
            drop(js::call(&observer, "disconnect", &[]));
            set_over_foot("");
        });
    });
}

fn observe(element: &JsValue, callback: &JsValue) -> Result<JsValue, JsValue> {
    let constructor: Function = js::get(&window(), "ResizeObserver")?.dyn_into()?;
    let observer: JsValue = Reflect::construct(&constructor, &Array::of1(callback))?;
    js::call(&observer, "observe", std::slice::from_ref(element))?;
    Ok(observer)
}

/// Sets the property on the page; an empty value removes it.
fn set_over_foot(value: &str) {
    let style = document().document_element().map(|root| js::get(&root, "style"));
    if let Some(Ok(style)) = style {
        drop(js::call(&style, "setProperty", &[OVER_FOOT.into(), value.into()]));
    }
}
