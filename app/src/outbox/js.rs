//! Reflection helpers for browser interfaces that `web-sys` marks unstable (locks), or of which
//! only a few calls are used (IndexedDB).

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// Reads a property.
///
/// # Errors
/// `object` is not an object.
pub(crate) fn get(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(object, &name.into())
}

/// Reads a property; `None` when it is undefined or null.
pub(crate) fn find(object: &JsValue, name: &str) -> Option<JsValue> {
    get(object, name).ok().filter(|it| !it.is_undefined() && !it.is_null())
}

/// Calls a method.
///
/// # Errors
/// There is no such method, or it threw.
pub(crate) fn call(object: &JsValue, name: &str, args: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = get(object, name)?.dyn_into()?;
    method.apply(object, &args.iter().collect::<Array>())
}

/// Calls a method and awaits the promise that it returns.
///
/// # Errors
/// There is no such method, it threw, or the promise was rejected.
pub(crate) async fn wait_for(
    object: &JsValue,
    name: &str,
    args: &[JsValue],
) -> Result<JsValue, JsValue> {
    let promise: Promise = call(object, name, args)?.dyn_into()?;
    JsFuture::from(promise).await
}

/// Awaits an object that reports completion by events, such as a database request.
///
/// # Errors
/// The object reported an error.
pub(crate) async fn settled(object: &JsValue, good: &str, bad: &str) -> Result<(), JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        drop(Reflect::set(object, &good.into(), &resolve));
        let failed = object.clone();
        let tell = Closure::once_into_js(move || {
            let error = get(&failed, "error").unwrap_or(JsValue::NULL);
            drop(reject.call1(&JsValue::NULL, &error));
        });
        drop(Reflect::set(object, &bad.into(), &tell));
    });
    JsFuture::from(promise).await.map(drop)
}
