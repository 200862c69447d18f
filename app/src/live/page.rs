//! Page that shares a stream with others of the same browser: carries out the effects of its
//! [`LiveConnection`].

use super::{
    ConnectionState, LiveEvent,
    connection::{
        DISPLACED, HERE, LiveConnection, LiveEffect, LiveInput, MISSED, SETTLED, SIGNED_OUT,
        SessionCheck,
    },
    lock::Lock,
    source::Source,
};
use crate::auth::current_user;
use leptos::{prelude::*, task::spawn_local};
use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// Handler of the events that a page receives.
pub(super) type EventCallback = Box<dyn Fn(LiveEvent)>;

/// Handler of the messages from other pages.
type Heard = Closure<dyn Fn(MessageEvent)>;

/// Page that follows a stream.
pub(super) struct Page {
    me: Weak<Self>,
    address: &'static str,
    names: &'static [&'static str],
    state: RwSignal<ConnectionState>,
    on_event: EventCallback,
    connection: RefCell<LiveConnection>,
    /// Channel between the pages of this browser.
    channel: Option<BroadcastChannel>,
    heard: RefCell<Option<Heard>>,
    /// Leader lock, requested or held.
    lock: RefCell<Option<Lock>>,
    /// Stream, while this page leads.
    source: RefCell<Option<Source>>,
}

impl Page {
    pub(super) fn begin(
        address: &'static str,
        names: &'static [&'static str],
        state: RwSignal<ConnectionState>,
        on_event: EventCallback,
    ) -> Rc<Self> {
        let page = Rc::new_cyclic(|me: &Weak<Self>| Self {
            me: me.clone(),
            address,
            names,
            state,
            on_event,
            connection: RefCell::new(LiveConnection::new(names)),
            channel: BroadcastChannel::new(&format!("plumbline:{address}")).ok(),
            heard: RefCell::default(),
            lock: RefCell::default(),
            source: RefCell::default(),
        });
        if let Some(channel) = &page.channel {
            let me = page.me.clone();
            let heard = Heard::new(move |event: MessageEvent| {
                let Some(text) = event.data().as_string() else { return };
                let (name, data) = text.split_once('\n').unwrap_or((&text, ""));
                dispatch(&me, LiveInput::Heard { name: name.into(), data: data.into() });
            });
            channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
            page.heard.replace(Some(heard));
        }
        page.visibility_changed();
        page
    }

    /// Starts or stops receiving events, as the page is shown or hidden.
    pub(super) fn visibility_changed(&self) {
        self.dispatch(match document().hidden() {
            true => LiveInput::Hidden,
            false => LiveInput::Shown,
        });
    }

    /// Looks for a stream that failed permanently, for example after a restart of the server.
    pub(super) fn tick(&self) {
        let is_closed = self.source.borrow().as_ref().is_some_and(Source::is_closed);
        self.dispatch(LiveInput::Ticked { is_closed });
    }

    /// Stops receiving events, and closes the channel to the other pages.
    pub(super) fn close(&self) {
        self.dispatch(LiveInput::Hidden);
        if let Some(channel) = &self.channel {
            channel.set_onmessage(None);
            channel.close();
        }
    }

    /// Processes an input and carries out its effects.
    pub(super) fn dispatch(&self, input: LiveInput) {
        let (connection, effects) = self.connection.borrow().clone().step(input);
        self.connection.replace(connection);
        for effect in effects {
            match effect {
                LiveEffect::Broadcast { name, data } => {
                    if let Some(channel) = &self.channel {
                        drop(channel.post_message(&format!("{name}\n{data}").into()));
                    }
                }
                LiveEffect::RequestLock => self.request_lock(),
                LiveEffect::ReleaseLock => drop(self.lock.take()),
                LiveEffect::OpenStream => self.open(),
                LiveEffect::CloseStream => drop(self.source.take()),
                LiveEffect::CheckSession => self.check_session(),
                LiveEffect::Settle => {
                    let me = self.me.clone();
                    set_timeout(move || dispatch(&me, LiveInput::Settled), SETTLED);
                }
                LiveEffect::Show(state) => drop(self.state.try_set(state)),
                LiveEffect::Notify(event) => (self.on_event)(event),
            }
        }
    }

    fn request_lock(&self) {
        let me = self.me.clone();
        let granted = move || dispatch(&me, LiveInput::LockGranted);
        match Lock::ask(&format!("plumbline:{}", self.address), granted) {
            Some(lock) => drop(self.lock.replace(Some(lock))),
            // Without browser locks, each visible page opens its own stream.
            None => self.dispatch(LiveInput::LockGranted),
        }
    }

    fn open(&self) {
        let me = self.me.clone();
        let on_event =
            move |LiveEvent { name, data }| dispatch(&me, LiveInput::Received { name, data });
        let me = self.me.clone();
        let broken = move || dispatch(&me, LiveInput::Broken);
        let names = self.names.iter().copied().chain([HERE, MISSED, SIGNED_OUT, DISPLACED]);
        self.source.replace(Source::open(self.address, names, on_event, broken));
    }

    fn check_session(&self) {
        let me = self.me.clone();
        spawn_local(async move {
            let check = match current_user().await {
                Ok(Some(_)) => SessionCheck::SignedIn,
                Ok(None) => SessionCheck::SignedOut,
                Err(_) => SessionCheck::Unanswered,
            };
            dispatch(&me, LiveInput::SessionChecked(check));
        });
    }
}

/// Passes an input to a page, if it still exists.
fn dispatch(page: &Weak<Page>, input: LiveInput) {
    if let Some(page) = page.upgrade() {
        page.dispatch(input);
    }
}
