//! What would be lost if the tab were closed. While any of it is there, the browser asks first.

use leptos::{ev, prelude::window_event_listener};
use std::sync::{
    Once,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

static HELD: AtomicUsize = AtomicUsize::new(0);
static LISTENING: Once = Once::new();

/// While one of these is kept, the browser asks before it closes the tab.
#[derive(Debug)]
pub(super) struct Hold(());

impl Hold {
    /// Holds the tab from now on. In the browser alone.
    pub(super) fn new() -> Self {
        // Never removed, since what is on its way outlives its page.
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

impl Drop for Hold {
    fn drop(&mut self) {
        HELD.fetch_sub(1, Relaxed);
    }
}
