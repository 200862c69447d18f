//! Ownership of outbox entries by tab. Each tab holds a browser lock, which the browser releases
//! when the tab closes; another tab may then adopt its entries.

use super::js;
use js_sys::Promise;
use std::future::Future;
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::future_to_promise;

/// Holds the tab's lock until the page is closed.
pub(super) fn hold(tab: Uuid) {
    request(tab, || Promise::new(&mut |_, _| {}));
}

/// Runs `work` once the tab `tab` is closed. Runs it at once in a browser without locks; this is
/// safe because the server records a request only once, however often it is sent.
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
        // A page that closes before the lock is granted gets a rejection, which is ignored.
        let ignore = Closure::<dyn FnMut(JsValue)>::new(|_| {});
        drop(done.catch(&ignore));
        ignore.forget();
    }
}
