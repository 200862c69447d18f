//! Guard against closing the tab while unsent data exists.

use leptos::{ev, prelude::window_event_listener};
use std::sync::{
    Once,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

static HELD: AtomicUsize = AtomicUsize::new(0);
static LISTENING: Once = Once::new();

/// While a value of this type exists, the browser asks before it closes the tab.
#[derive(Debug)]
pub(super) struct UnloadGuard(());

impl UnloadGuard {
    /// Starts guarding the tab; works only in the browser.
    pub(super) fn new() -> Self {
        // The listener is never removed, because pending work outlives its page.
        LISTENING.call_once(|| {
            window_event_listener(ev::beforeunload, |event| {
                if HELD.load(Relaxed) > 0 {
                    event.prevent_default();
                }
            });
        });
        HELD.fetch_add(1, Relaxed);
        Self(())
    }
}

impl Drop for UnloadGuard {
    fn drop(&mut self) {
        HELD.fetch_sub(1, Relaxed);
    }
}
