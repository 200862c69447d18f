//! Calls of browser interfaces by their names: for those that `web-sys` calls unstable, such as locks,
//! and those of which a call or two is used, such as the database.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// A property.
///
/// # Errors
/// `object` has no properties.
pub(crate) fn get(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(object, &name.into())
}

/// A property that is there.
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

/// Waits for the promise that a method answers with.
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

/// Waits until an object that tells its end by events, such as a database request, did so.
///
/// # Errors
/// It ended with an error.
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
