//! The browser's lock by which one of its pages leads.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::{prelude::window, task::spawn_local};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

/// A lock that was asked for, and is held from when it is granted until this is dropped.
pub(super) struct Lock {
    abort: AbortController,
    release: Rc<RefCell<Option<Function>>>,
    _granted: Closure<dyn FnMut(JsValue) -> Promise>,
}

impl Lock {
    /// Asks for the lock of that name; `granted` runs once it is held. `None` where the browser has no
    /// locks, as on a page that came neither by HTTPS nor from this machine.
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
                // The lock is held until this promise is kept.
                let held = Promise::new(&mut |keep, _| {
                    release.replace(Some(keep));
                });
                granted();
                held
            })
        };
        let asked = request.call3(&locks, &name.into(), &options, granted.as_ref()).ok()?;
        if let Ok(asked) = asked.dyn_into::<Promise>() {
            // It fails where the lock is given up before it is granted, as it should.
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
