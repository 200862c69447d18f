//! Live connection of one page as a state machine without I/O: whether it follows, leads, and what
//! it tells the other pages of its browser.
//!
//! [`LiveConnection::step`] takes a [`LiveInput`] and returns the [`LiveEffect`]s that its caller
//! carries out. Its rules: only the page that holds the lock opens the stream; each event reaches
//! each visible page once; a hidden page holds neither the lock nor the stream; a stream that the
//! server displaced is not reopened until the page is shown again.

use super::{ConnectionState, LiveEvent};
use std::time::Duration;

/// Event: the stream is open.
pub(super) const HERE: &str = "here";
/// Event: events may have been lost.
pub(super) const MISSED: &str = "missed";
/// Event: the session has ended.
pub(super) const SIGNED_OUT: &str = "signed-out";
/// Event: the stream has ended, because the person has too many.
pub(super) const DISPLACED: &str = "displaced";
/// Message from the leader to its followers: the stream broke.
const BROKEN: &str = "broken";
/// Message from a new follower to the leader: is the stream open?
const ASK: &str = "ask";
/// Answer to [`ASK`], sent only when the stream is open.
const STATE: &str = "state";

/// Time in which all pages of a browser receive a message from one of them.
pub(super) const SETTLED: Duration = Duration::from_secs(1);

/// State of the live connection of one page.
#[derive(Clone, Debug)]
pub(super) struct LiveConnection {
    /// Names of the events that the page listens to.
    names: &'static [&'static str],
    state: ConnectionState,
    /// Whether the page is shown.
    is_visible: bool,
    /// Whether the page receives events, and has requested the lock or holds it.
    is_started: bool,
    /// Whether this page leads, with a stream of its own.
    is_streaming: bool,
    /// Data of the last event that named the newest change, while this page leads.
    last: Option<String>,
    /// Whether the page waits for an answer to [`ASK`].
    is_asking: bool,
    /// Whether the page has received `here`.
    was_here: bool,
    /// Whether a check of the session is running.
    is_checking: bool,
    /// Whether the stream was displaced, and the lock is kept until all pages have heard of it.
    is_settling: bool,
}

/// Input of the state machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LiveInput {
    /// The page is shown.
    Shown,
    /// The page is hidden or closed.
    Hidden,
    /// The browser granted the lock, or has no locks.
    LockGranted,
    /// The device has no network any more.
    Offline,
    /// The device has a network again.
    Online,
    /// The own stream received an event.
    Received { name: String, data: String },
    /// The own stream broke. The browser may reopen it.
    Broken,
    /// Another page of this browser sent a message.
    Heard { name: String, data: String },
    /// Some seconds have passed; `is_closed` if the browser does not reopen the own stream.
    Ticked { is_closed: bool },
    /// Result of [`LiveEffect::CheckSession`].
    SessionChecked(SessionCheck),
    /// The time of [`LiveEffect::Settle`] has passed.
    Settled,
}

/// Result of a check of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SessionCheck {
    /// A person is signed in.
    SignedIn,
    /// Nobody is signed in.
    SignedOut,
    /// The server did not answer.
    Unanswered,
}

/// Output of the state machine, to be carried out by its caller in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LiveEffect {
    /// Send a message to the other pages of this browser.
    Broadcast { name: String, data: String },
    /// Request the lock, and send [`LiveInput::LockGranted`] once it is held.
    RequestLock,
    /// Release the lock or withdraw the request for it.
    ReleaseLock,
    /// Open the stream, in place of an open one.
    OpenStream,
    /// Close the stream.
    CloseStream,
    /// Ask the server who is signed in.
    CheckSession,
    /// Send [`LiveInput::Settled`] after [`SETTLED`].
    Settle,
    /// Show the state of the connection.
    Show(ConnectionState),
    /// Pass an event to the page.
    Notify(LiveEvent),
}

impl LiveConnection {
    /// Returns the state of a new page that listens to these events. It counts as connected,
    /// because its data has just been loaded.
    pub(super) const fn new(names: &'static [&'static str]) -> Self {
        Self {
            names,
            state: ConnectionState::Live,
            is_visible: false,
            is_started: false,
            is_streaming: false,
            last: None,
            is_asking: false,
            was_here: false,
            is_checking: false,
            is_settling: false,
        }
    }

    /// Processes an input and returns the new state with the effects to carry out.
    #[must_use]
    pub(super) fn step(mut self, input: LiveInput) -> (Self, Vec<LiveEffect>) {
        let mut effects = Vec::new();
        let out = &mut effects;
        match input {
            LiveInput::Shown => {
                self.is_visible = true;
                self.start(out);
            }
            LiveInput::Hidden => {
                self.is_visible = false;
                self.stop(out);
            }
            // While it is settling, a stream would displace one of the person's other browsers.
            LiveInput::LockGranted if self.is_started && !self.is_settling => self.open(out),
            LiveInput::LockGranted => {}
            LiveInput::Offline => self.lose(out),
            LiveInput::Online if self.is_streaming => self.open(out),
            LiveInput::Online if self.is_visible => self.start(out),
            LiveInput::Online => {}
            LiveInput::Received { name, data } if self.is_streaming => {
                if data.starts_with('{') {
                    self.last = Some(data.clone());
                }
                self.say_and_hear(&name, &data, out);
            }
            LiveInput::Broken if self.is_streaming => {
                self.last = None;
                self.say_and_hear(BROKEN, "", out);
            }
            // A stream that this page has closed.
            LiveInput::Received { .. } | LiveInput::Broken => {}
            LiveInput::Heard { name, data } => self.hear(&name, &data, out),
            LiveInput::Ticked { is_closed } => {
                if is_closed && self.is_streaming && !self.is_checking {
                    self.is_checking = true;
                    out.push(LiveEffect::CheckSession);
                }
            }
            LiveInput::SessionChecked(check) => {
                // The answer is out of date if the page stopped or reopened the stream meanwhile.
                if std::mem::take(&mut self.is_checking) {
                    match check {
                        SessionCheck::SignedIn => self.open(out),
                        SessionCheck::SignedOut => self.say_and_hear(SIGNED_OUT, "", out),
                        SessionCheck::Unanswered => {}
                    }
                }
            }
            LiveInput::Settled if self.is_settling => self.stop(out),
            LiveInput::Settled => {}
        }
        (self, effects)
    }

    /// Starts to receive events, and applies for the lead.
    fn start(&mut self, out: &mut Vec<LiveEffect>) {
        if std::mem::replace(&mut self.is_started, true) {
            return;
        }
        self.is_asking = true;
        say(ASK, "", out);
        out.push(LiveEffect::RequestLock);
    }

    /// Stops receiving events, and lets another page lead.
    fn stop(&mut self, out: &mut Vec<LiveEffect>) {
        if !std::mem::take(&mut self.is_started) {
            return;
        }
        self.close(out);
        self.is_settling = false;
        out.push(LiveEffect::ReleaseLock);
    }

    fn open(&mut self, out: &mut Vec<LiveEffect>) {
        self.is_streaming = true;
        self.is_checking = false;
        out.push(LiveEffect::OpenStream);
    }

    fn close(&mut self, out: &mut Vec<LiveEffect>) {
        self.last = None;
        self.is_checking = false;
        if std::mem::take(&mut self.is_streaming) {
            out.push(LiveEffect::CloseStream);
        }
    }

    /// Handles the loss of the connection.
    fn lose(&mut self, out: &mut Vec<LiveEffect>) {
        if self.state == ConnectionState::Live {
            self.show(ConnectionState::Offline, out);
        }
    }

    /// Handles an event of the own stream, after forwarding it to the other pages.
    fn say_and_hear(&mut self, name: &str, data: &str, out: &mut Vec<LiveEffect>) {
        say(name, data, out);
        self.hear(name, data, out);
    }

    /// Handles a message from the stream or from another page.
    fn hear(&mut self, name: &str, data: &str, out: &mut Vec<LiveEffect>) {
        if name == ASK {
            if let Some(last) = &self.last {
                say(STATE, last, out);
            }
            return;
        }
        if !self.is_started {
            return;
        }
        match name {
            BROKEN => self.lose(out),
            SIGNED_OUT => {
                self.stop(out);
                self.show(ConnectionState::SignedOut, out);
            }
            // The lock is kept until all pages of this browser have heard of it, because the next
            // to hold it opens a stream.
            DISPLACED => {
                self.close(out);
                self.is_settling = true;
                self.show(ConnectionState::Displaced, out);
                out.push(LiveEffect::Settle);
            }
            STATE if !self.is_asking => {}
            HERE | STATE => {
                self.is_asking = false;
                self.show(ConnectionState::Live, out);
                match std::mem::replace(&mut self.was_here, true) {
                    true => notify(MISSED, "", out),
                    false => notify(HERE, data, out),
                }
            }
            name if name == MISSED || self.names.contains(&name) => {
                self.show(ConnectionState::Live, out);
                notify(name, data, out);
            }
            _ => {}
        }
    }

    fn show(&mut self, state: ConnectionState, out: &mut Vec<LiveEffect>) {
        if self.state != state {
            self.state = state;
            out.push(LiveEffect::Show(state));
        }
    }
}

fn say(name: &str, data: &str, out: &mut Vec<LiveEffect>) {
    out.push(LiveEffect::Broadcast { name: name.into(), data: data.into() });
}

fn notify(name: &str, data: &str, out: &mut Vec<LiveEffect>) {
    out.push(LiveEffect::Notify(LiveEvent { name: name.into(), data: data.into() }));
}

#[cfg(test)]
mod tests;
