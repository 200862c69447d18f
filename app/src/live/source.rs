//! Stream of server-sent events.

use super::LiveEvent;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// Open stream, closed when it is dropped.
pub(super) struct Source {
    source: EventSource,
    _on_event: Closure<dyn Fn(MessageEvent)>,
    _broken: Closure<dyn Fn()>,
}

impl Source {
    /// Opens the stream at an address; `told` receives its events with these names.
    pub(super) fn open<'a>(
        address: &str,
        names: impl IntoIterator<Item = &'a str>,
        on_event: impl Fn(LiveEvent) + 'static,
        broken: impl Fn() + 'static,
    ) -> Option<Self> {
        let source = EventSource::new(address).ok()?;
        let on_event = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data().as_string().unwrap_or_default();
            on_event(LiveEvent { name: event.type_(), data });
        });
        let broken = Closure::<dyn Fn()>::new(broken);
        for name in names {
            let call = on_event.as_ref().unchecked_ref();
            source.add_event_listener_with_callback(name, call).ok()?;
        }
        source.set_onerror(Some(broken.as_ref().unchecked_ref()));
        Some(Self { source, _on_event: on_event, _broken: broken })
    }

    /// Returns whether the browser has stopped reconnecting.
    pub(super) fn is_closed(&self) -> bool {
        self.source.ready_state() == EventSource::CLOSED
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        self.source.close();
        self.source.set_onerror(None);
    }
}
