//! Browser lock that elects one page as the leader.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::{prelude::window, task::spawn_local};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

/// Requested lock; held from when the browser grants it until this is dropped.
pub(super) struct Lock {
    abort: AbortController,
    release: Rc<RefCell<Option<Function>>>,
    _granted: Closure<dyn FnMut(JsValue) -> Promise>,
}

impl Lock {
    /// Requests the lock of that name; `granted` runs once it is held. Returns `None` in a browser
    /// without locks, which are missing on pages served without HTTPS except from localhost.
    pub(super) fn ask(name: &str, granted: impl Fn() + 'static) -> Option<Self> {
        let navigator = Reflect::get(&window(), &"navigator".into()).ok()?;
        let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
        let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
        let abort = AbortController::new().ok()?;
        let options = Object::new();
        Reflect::set(&options, &"signal".into(), &abort.signal()).ok()?;
        let release = Rc::new(RefCell::new(None));
        let granted = {
            let release = release.clone();
            Closure::<dyn FnMut(JsValue) -> Promise>::new(move |_| {
                // The lock is held until this promise resolves.
                let held = Promise::new(&mut |keep, _| {
                    release.replace(Some(keep));
                });
                granted();
                held
            })
        };
        let asked = request.call3(&locks, &name.into(), &options, granted.as_ref()).ok()?;
        if let Ok(asked) = asked.dyn_into::<Promise>() {
            // The promise is rejected when the lock is dropped before it is granted, as intended.
            spawn_local(async move { drop(JsFuture::from(asked).await) });
        }
        Some(Self { abort, release, _granted: granted })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        match self.release.take() {
            Some(release) => drop(release.call0(&JsValue::UNDEFINED)),
            None => self.abort.abort(),
        }
    }
}
