//! Who is responsible for an entry: the tab that stored it, as long as it lives. A living tab holds a
//! lock of its own, which the browser releases with it.

use super::js;
use js_sys::Promise;
use std::future::Future;
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::future_to_promise;

/// Holds the tab's lock for as long as the page lives.
pub(super) fn hold(tab: Uuid) {
    request(tab, || Promise::new(&mut |_, _| {}));
}

/// Does this once that tab is gone. At once where the browser has no locks: the server records a
/// request once, however often it is sent.
pub(super) fn once_gone<Work>(tab: Uuid, work: impl FnOnce() -> Work + 'static)
where
    Work: Future<Output = ()> + 'static,
{
    let mut work = Some(work);
    request(tab, move || match work.take() {
        Some(work) => {
            let work = work();
            future_to_promise(async move {
                work.await;
                Ok(JsValue::UNDEFINED)
            })
        }
        None => Promise::resolve(&JsValue::UNDEFINED),
    });
}

fn request(tab: Uuid, mut granted: impl FnMut() -> Promise + 'static) {
    let locks = web_sys::window().and_then(|window| {
        let navigator = js::find(&window, "navigator")?;
        js::find(&navigator, "locks")
    });
    let Some(locks) = locks else {
        drop(granted());
        return;
    };
    let granted = Closure::<dyn FnMut() -> Promise>::new(granted).into_js_value();
    let name = format!("plumbline-tab-{tab}");
    if let Ok(done) = js::call(&locks, "request", &[name.into(), granted])
        && let Ok(done) = done.dyn_into::<Promise>()
    {
        // A page that goes away before it is granted hears of it as an error.
        let ignore = Closure::<dyn FnMut(JsValue)>::new(|_| {});
        drop(done.catch(&ignore));
        ignore.forget();
    }
}
