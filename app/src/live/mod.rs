//! Being told what happens. A stream of server-sent events is shared by all pages of a browser that
//! follow the same address, because a browser opens only six connections to a server that speaks
//! HTTP/1.1: one page leads and holds the stream, and passes on to the others what it is told. A page
//! that is hidden lets go, and is told that it may have missed something once it is shown again.

mod lock;
mod page;
mod source;

use leptos::{ev, prelude::*};
use page::Page;
use send_wrapper::SendWrapper;
use std::{rc::Rc, time::Duration};

/// After this time another stream is tried where one broke for good.
const AGAIN: Duration = Duration::from_secs(3);

/// The address of the stream of everything that a person may see; `server/src/live/` lists its events.
pub const LIVE: &str = "/live";

/// Whether a page is told what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// It is.
    Live,
    /// Not before the connection is back.
    Offline,
    /// Not before somebody signs in.
    SignedOut,
}

/// What a page is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveEvent {
    /// Its name. `here` comes once, when the stream is open for this page. `missed` says that other
    /// events may have been lost since, so that the page has to ask for what it shows.
    pub name: String,
    /// What the server said with it.
    pub data: String,
}

/// Follows the stream at an address for as long as the component that calls it is there. Besides
/// `here` and `missed`, the page is told the events of these names.
pub fn follow(
    address: &'static str,
    names: &'static [&'static str],
    state: RwSignal<ConnectionState>,
    told: impl Fn(LiveEvent) + Clone + 'static,
) {
    let page = StoredValue::new(None::<SendWrapper<Rc<Page>>>);
    // An effect runs in the browser alone.
    Effect::new(move || {
        let begun = Page::begin(address, names, state, Box::new(told.clone()));
        page.set_value(Some(SendWrapper::new(begun.clone())));
        listen_to_window(begun);
    });
    on_cleanup(move || {
        if let Some(page) = page.try_update_value(Option::take).flatten() {
            page.let_go();
            page.close();
        }
    });
}

fn listen_to_window(page: Rc<Page>) {
    let page = SendWrapper::new(page);
    let on = |name: &'static str, then: fn(&Rc<Page>)| {
        let page = page.clone();
        window_event_listener_untyped(name, move |_| then(&page))
    };
    let shown = on("visibilitychange", |page| match document().hidden() {
        true => page.let_go(),
        false => page.start(),
    });
    // A page that is kept to be gone back to holds nothing.
    let left = on("pagehide", |page| page.let_go());
    let back = on("pageshow", |page| page.start());
    let offline = {
        let page = page.clone();
        window_event_listener(ev::offline, move |_| page.lost())
    };
    let online = {
        let page = page.clone();
        window_event_listener(ev::online, move |_| page.reopen())
    };
    let ticking = set_interval_with_handle(move || page.try_again(), AGAIN);
    on_cleanup(move || {
        for handle in [shown, left, back, offline, online] {
            handle.remove();
        }
        if let Ok(ticking) = ticking {
            ticking.clear();
        }
    });
}
