//! One page among those of a browser that share a stream: it leads, or is told by the one that does.

use super::{ConnectionState, LiveEvent, lock::Lock, source::Source};
use crate::auth::current_user;
use leptos::{prelude::*, task::spawn_local};
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// The stream is open.
const HERE: &str = "here";
/// Something may have been missed.
const MISSED: &str = "missed";
/// The session has ended.
const SIGNED_OUT: &str = "signed-out";
/// From the page that leads to the others: the stream broke.
const BROKEN: &str = "broken";
/// From a page that begins to listen to the one that leads: is the stream open?
const ASK: &str = "ask";
/// The answer to it, where it is.
const STATE: &str = "state";

/// What is done with what a page is told.
pub(super) type Told = Box<dyn Fn(LiveEvent)>;

/// What the browser calls when another page says something.
type Heard = Closure<dyn Fn(MessageEvent)>;

/// A page that follows a stream.
pub(super) struct Page {
    me: Weak<Self>,
    address: &'static str,
    names: &'static [&'static str],
    state: RwSignal<ConnectionState>,
    told: Told,
    /// Where the pages of this browser talk to each other.
    channel: Option<BroadcastChannel>,
    heard: RefCell<Option<Heard>>,
    /// While the page is shown: asked for, and held where it leads.
    lock: RefCell<Option<Lock>>,
    /// Where it leads.
    source: RefCell<Option<Source>>,
    /// Whether `start` was called and `let_go` was not.
    started: Cell<bool>,
    /// What was said last with `here`, or with an event after it, where this page leads.
    last: RefCell<Option<String>>,
    /// Whether it waits to hear whether the stream is open.
    asking: Cell<bool>,
    /// Whether it was told `here`.
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

    /// Begins to be told, unless the page is hidden.
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
            // Without locks each page has a stream of its own while it is shown.
            None => self.open(),
        }
    }

    /// Is told nothing any more, and lets another page lead.
    pub(super) fn let_go(&self) {
        self.started.set(false);
        self.source.replace(None);
        self.last.replace(None);
        self.lock.replace(None);
    }

    /// Leaves the other pages.
    pub(super) fn close(&self) {
        if let Some(channel) = &self.channel {
            channel.set_onmessage(None);
            channel.close();
        }
    }

    /// The connection is gone.
    pub(super) fn lost(&self) {
        if self.state.try_get_untracked() == Some(ConnectionState::Live) {
            self.state.set(ConnectionState::Offline);
        }
    }

    /// The connection is back.
    pub(super) fn reopen(&self) {
        if self.source.borrow().is_some() {
            self.open();
        } else {
            self.start();
        }
    }

    /// Opens another stream where the last broke for good, as with a server that starts anew.
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

    /// Leads from now on.
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
        let names = self.names.iter().copied().chain([HERE, MISSED, SIGNED_OUT]);
        self.source.replace(Source::open(self.address, names, told, broken));
    }

    /// Tells the other pages.
    fn say(&self, name: &str, data: &str) {
        if let Some(channel) = &self.channel {
            drop(channel.post_message(&format!("{name}\n{data}").into()));
        }
    }

    /// Takes in what the stream or another page says.
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

    fn is_live(&self) {
        if self.state.try_get_untracked().is_some_and(|state| state != ConnectionState::Live) {
            self.state.set(ConnectionState::Live);
        }
    }

    fn tell(&self, name: &str, data: &str) {
        (self.told)(LiveEvent { name: name.into(), data: data.into() });
    }
}
