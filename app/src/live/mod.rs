//! Live updates over server-sent events. All pages of a browser that follow the same address share
//! one stream, because a browser opens at most six HTTP/1.1 connections to a server. One page is
//! the leader: it holds the stream and forwards events to the other pages. A hidden page
//! disconnects; when it is shown again, it receives `missed`, because events may have been lost.
//! `connection` has the rules, as a state machine; `page` carries out its effects.

mod connection;
mod lock;
mod page;
mod source;

use crate::effects::effect;
use connection::LiveInput;
use domain::id::{ChangeId, InspectionId};
use leptos::prelude::*;
use page::Page;
use send_wrapper::SendWrapper;
use serde::Deserialize;
use std::{rc::Rc, time::Duration};

/// Delay before a stream is reopened after a permanent failure.
const AGAIN: Duration = Duration::from_secs(3);

/// Address of the stream of everything a person may see; `server/src/live/` lists its events.
pub const LIVE: &str = "/live";

/// Whether a page receives live updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// Connected.
    Live,
    /// Disconnected until the connection is restored.
    Offline,
    /// Disconnected until a person signs in.
    SignedOut,
    /// Not before it is shown again, because its person has too many pages open elsewhere.
    Displaced,
}

/// Event that a page receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveEvent {
    /// Event name. `here` comes once, when the stream is open for this page. `missed` means that
    /// events may have been lost since, so the page must reload its data.
    pub name: String,
    /// Data of the event.
    pub data: String,
}

/// Data of the events `here` and `changed`.
#[derive(Debug, Deserialize)]
pub struct Announcement {
    /// Newest change.
    pub last: ChangeId,
    /// Inspections that changed, each with its newest change if the server names it; `None` if the
    /// server does not name them.
    pub inspections: Option<Vec<(InspectionId, Option<ChangeId>)>>,
}

impl LiveEvent {
    /// Returns its data; `None` for an event without these details, so that changes may have been
    /// missed.
    pub fn announcement(&self) -> Option<Announcement> {
        serde_json::from_str(&self.data).ok()
    }
}

/// Follows the stream at an address while the calling component is mounted. The page receives
/// `here`, `missed` and the events named in `names`.
pub fn follow(
    address: &'static str,
    names: &'static [&'static str],
    state: RwSignal<ConnectionState>,
    on_event: impl Fn(LiveEvent) + Clone + 'static,
) {
    let page = StoredValue::new(None::<SendWrapper<Rc<Page>>>);
    // Effects run only in the browser.
    effect(move || {
        let begun = Page::begin(address, names, state, Box::new(on_event.clone()));
        page.set_value(Some(SendWrapper::new(begun.clone())));
        listen_to_window(begun);
    });
    on_cleanup(move || {
        if let Some(page) = page.try_update_value(Option::take).flatten() {
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
    let shown = on("visibilitychange", |page| page.visibility_changed());
    // A page in the back/forward cache holds no connection.
    let left = on("pagehide", |page| page.dispatch(LiveInput::Hidden));
    let back = on("pageshow", |page| page.visibility_changed());
    let offline = on("offline", |page| page.dispatch(LiveInput::Offline));
    let online = on("online", |page| page.dispatch(LiveInput::Online));
    let ticking = set_interval_with_handle(move || page.tick(), AGAIN);
    on_cleanup(move || {
        for handle in [shown, left, back, offline, online] {
            handle.remove();
        }
        if let Ok(ticking) = ticking {
            ticking.clear();
        }
    });
}
