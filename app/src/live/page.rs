//! Page that shares a stream with others of the same browser, as the leader or as a follower.

use super::{ConnectionState, LiveEvent, lock::Lock, source::Source};
use crate::auth::current_user;
use leptos::{prelude::*, task::spawn_local};
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// Event: the stream is open.
const HERE: &str = "here";
/// Event: events may have been lost.
const MISSED: &str = "missed";
/// Event: the session has ended.
const SIGNED_OUT: &str = "signed-out";
/// Event: the stream has ended, because the person has too many.
const DISPLACED: &str = "displaced";
/// Message from the leader to its followers: the stream broke.
const BROKEN: &str = "broken";
/// Message from a new follower to the leader: is the stream open?
const ASK: &str = "ask";
/// Answer to [`ASK`], sent only when the stream is open.
const STATE: &str = "state";

/// Time in which all pages of a browser receive a message from one of them.
const SETTLED: Duration = Duration::from_secs(1);

/// Handler of the events that a page receives.
pub(super) type Told = Box<dyn Fn(LiveEvent)>;

/// Handler of the messages from other pages.
type Heard = Closure<dyn Fn(MessageEvent)>;

/// Page that follows a stream.
pub(super) struct Page {
    me: Weak<Self>,
    address: &'static str,
    names: &'static [&'static str],
    state: RwSignal<ConnectionState>,
    told: Told,
    /// Channel between the pages of this browser.
    channel: Option<BroadcastChannel>,
    heard: RefCell<Option<Heard>>,
    /// Leader lock: requested while the page is shown, held while it leads.
    lock: RefCell<Option<Lock>>,
    /// Stream, while this page leads.
    source: RefCell<Option<Source>>,
    /// Whether `start` was called without a later `let_go`.
    started: Cell<bool>,
    /// Data of the last `here` or later event, while this page leads.
    last: RefCell<Option<String>>,
    /// Whether the page waits for an answer to [`ASK`].
    asking: Cell<bool>,
    /// Whether the page has received `here`.
    was_here: Cell<bool>,
}

impl Page {
    pub(super) fn begin(
        address: &'static str,
        names: &'static [&'static str],
        state: RwSignal<ConnectionState>,
        told: Told,
    ) -> Rc<Self> {
        let page = Rc::new_cyclic(|me: &Weak<Self>| Self {
            me: me.clone(),
            address,
            names,
            state,
            told,
            channel: BroadcastChannel::new(&format!("plumbline:{address}")).ok(),
            heard: RefCell::default(),
            lock: RefCell::default(),
            source: RefCell::default(),
            started: Cell::new(false),
            last: RefCell::default(),
            asking: Cell::new(false),
            was_here: Cell::new(false),
        });
        if let Some(channel) = &page.channel {
            let me = page.me.clone();
            let heard = Heard::new(move |event: MessageEvent| {
                let (Some(page), Some(text)) = (me.upgrade(), event.data().as_string()) else {
                    return;
                };
                let (name, data) = text.split_once('\n').unwrap_or((&text, ""));
                page.hear(name, data);
            });
            channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
            page.heard.replace(Some(heard));
        }
        page.start();
        page
    }

    /// Starts to receive events, unless the page is hidden.
    pub(super) fn start(&self) {
        if document().hidden() || self.started.replace(true) {
            return;
        }
        self.asking.set(true);
        self.say(ASK, "");
        let me = self.me.clone();
        let granted = move || {
            if let Some(page) = me.upgrade().filter(|page| page.started.get()) {
                page.open();
            }
        };
        match Lock::ask(&format!("plumbline:{}", self.address), granted) {
            Some(lock) => drop(self.lock.replace(Some(lock))),
            // Without browser locks, each visible page opens its own stream.
            None => self.open(),
        }
    }

    /// Stops receiving events, and lets another page lead.
    pub(super) fn let_go(&self) {
        self.started.set(false);
        self.source.replace(None);
        self.last.replace(None);
        self.lock.replace(None);
    }

    /// Closes the channel to the other pages.
    pub(super) fn close(&self) {
        if let Some(channel) = &self.channel {
            channel.set_onmessage(None);
            channel.close();
        }
    }

    /// Handles the loss of the connection.
    pub(super) fn lost(&self) {
        if self.state.try_get_untracked() == Some(ConnectionState::Live) {
            self.state.set(ConnectionState::Offline);
        }
    }

    /// Handles the return of the connection.
    pub(super) fn reopen(&self) {
        if self.source.borrow().is_some() {
            self.open();
        } else {
            self.start();
        }
    }

    /// Reopens a stream that failed permanently, for example after a restart of the server.
    pub(super) fn try_again(&self) {
        let closed = self.source.borrow().as_ref().is_some_and(Source::is_closed);
        if !closed {
            return;
        }
        let me = self.me.clone();
        spawn_local(async move {
            let user = current_user().await;
            let Some(page) = me.upgrade().filter(|page| page.started.get()) else { return };
            match user {
                Ok(Some(_)) => page.open(),
                Ok(None) => {
                    page.say(SIGNED_OUT, "");
                    page.hear(SIGNED_OUT, "");
                }
                Err(_) => {}
            }
        });
    }

    /// Opens the stream as the leader.
    fn open(&self) {
        let me = self.me.clone();
        let told = move |event: LiveEvent| {
            let Some(page) = me.upgrade() else { return };
            if event.data.starts_with('{') {
                page.last.replace(Some(event.data.clone()));
            }
            page.say(&event.name, &event.data);
            page.hear(&event.name, &event.data);
        };
        let me = self.me.clone();
        let broken = move || {
            if let Some(page) = me.upgrade() {
                page.last.replace(None);
                page.say(BROKEN, "");
                page.hear(BROKEN, "");
            }
        };
        let names = self.names.iter().copied().chain([HERE, MISSED, SIGNED_OUT, DISPLACED]);
        self.source.replace(Source::open(self.address, names, told, broken));
    }

    /// Sends a message to the other pages.
    fn say(&self, name: &str, data: &str) {
        if let Some(channel) = &self.channel {
            drop(channel.post_message(&format!("{name}\n{data}").into()));
        }
    }

    /// Handles a message from the stream or from another page.
    fn hear(&self, name: &str, data: &str) {
        if name == ASK {
            if let Some(last) = &*self.last.borrow() {
                self.say(STATE, last);
            }
            return;
        }
        if !self.started.get() {
            return;
        }
        match name {
            BROKEN => self.lost(),
            SIGNED_OUT => {
                self.let_go();
                self.state.try_set(ConnectionState::SignedOut);
            }
            DISPLACED => self.displaced(),
            STATE if !self.asking.replace(false) => {}
            HERE | STATE => {
                self.asking.set(false);
                self.is_live();
                match self.was_here.replace(true) {
                    true => self.tell(MISSED, ""),
                    false => self.tell(HERE, data),
                }
            }
            name if name == MISSED || self.names.contains(&name) => {
                self.is_live();
                self.tell(name, data);
            }
            _ => {}
        }
    }

    /// Closes the stream, and is told nothing until the page is shown again: were another opened at once,
    /// it would displace one of the person's other browsers, and so on. The lock is kept until all pages
    /// of this browser have heard of it, since the next to hold it opens a stream.
    fn displaced(&self) {
        self.source.replace(None);
        self.last.replace(None);
        self.state.try_set(ConnectionState::Displaced);
        let me = self.me.clone();
        let let_go = move || {
            if let Some(page) = me.upgrade() {
                page.let_go();
            }
        };
        set_timeout(let_go, SETTLED);
    }

    fn is_live(&self) {
        if self.state.try_get_untracked().is_some_and(|state| state != ConnectionState::Live) {
            self.state.set(ConnectionState::Live);
        }
    }

    fn tell(&self, name: &str, data: &str) {
        (self.told)(LiveEvent { name: name.into(), data: data.into() });
    }
}
