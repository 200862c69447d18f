//! The outbox: a device's queue of work that the server has not recorded yet, as a state machine.
//!
//! [`Outbox::step`] takes an [`Event`] and returns the [`Effect`]s that its caller carries out:
//! storing, deleting, sending. Its rules: an entry leaves the outbox only when the server has
//! answered that it is recorded, or when a person discards it; a retry uses the same request id,
//! for which the server returns the earlier change; nothing is sent in another person's session.

use crate::{
    change::Change,
    id::{ChangeId, InspectionId, UserId},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// Maximum delay before an entry is retried without a sign that the server can be reached.
pub const MAX_WAIT: Duration = Duration::from_secs(30);

/// The content of an entry, as far as the order of sending depends on it.
pub trait Content {
    /// Returns its lane. Entries of one inspection and lane are sent one at a time, in their order.
    fn lane(&self) -> u8;

    /// Returns whether an own change of the person would conflict with it, so that it must be based
    /// on the state after that change.
    fn follows(&self, change: &Change, person: UserId) -> bool;

    /// Returns whether it stays in the outbox when the server refuses it. Otherwise its form is
    /// still open.
    fn is_held_when_refused(&self) -> bool;

    /// Returns whether it replaces an earlier one that was refused or not sent yet.
    fn replaces(&self, earlier: &Self) -> bool;

    /// Marks its form as closed, so that a refusal holds it.
    fn close_form(&mut self);
}

/// One piece of work in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry<C> {
    /// Its id, fixed when it is stored.
    pub id: Uuid,
    /// Its author.
    pub person: UserId,
    /// The inspection it concerns.
    pub inspection: InspectionId,
    /// The change that it is based on; later changes are checked for conflicts.
    pub trunk: ChangeId,
    /// Its progress.
    pub stage: Stage,
    /// Whether it was ever sent. If so, the server may have recorded it even without an answer.
    pub sent: bool,
    /// The work itself.
    pub content: C,
}

/// Progress of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// It is still being typed: stored, and sent once it is submitted.
    Draft,
    /// It waits to be sent or retried.
    Waiting,
    /// It was sent, and there is no answer yet.
    Sending,
    /// The server refused it, so a person has to decide.
    Held(Held),
}

/// A refusal by the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// A message that gives the reason.
    pub why: String,
    /// The kind of refusal.
    pub kind: Refused,
}

/// Kind of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refused {
    /// Somebody else changed the same values, so a person has to choose.
    Conflict,
    /// It is not valid.
    Invalid,
    /// The server failed. The entry is retried when there is a reason to.
    Passing,
}

/// The server's answer to a request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It is recorded as this change; `None` if nothing had to change.
    Recorded(Option<Box<Change>>),
    /// It is refused.
    Refused(Held),
    /// The request came too early by this much.
    TooEarly(Duration),
    /// The session has ended, or is another person's.
    NotSignedIn,
    /// There was no answer, or one from elsewhere, such as a network that asks to sign in.
    Lost,
}

/// Input of the state machine.
#[derive(Clone, Debug)]
pub enum Event<C> {
    /// A text is being typed. The entry replaces the draft with the same id.
    Drafted(OutboxEntry<C>),
    /// A draft or a new entry is submitted.
    Submitted(OutboxEntry<C>),
    /// A held entry is retried as it is.
    Retried(Uuid),
    /// A person discarded it, or another entry replaced it.
    Discarded(Uuid),
    /// The server answered the request.
    Answered(Uuid, Answer),
    /// Entries that were stored by a page that was closed.
    Adopted(Vec<OutboxEntry<C>>),
    /// There is a sign that the server can be reached.
    Reachable,
    /// There is a sign that another person is signed in than before, or one again.
    SessionChanged,
    /// The device reports that it has no network.
    Unreachable,
    /// The user of the session; `None` if nobody is signed in.
    Session(Option<UserId>),
    /// The time of [`Effect::Wake`] has passed.
    Woken,
}

/// Output of the state machine, to be carried out by its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Store the entry in its present state.
    Store(Uuid),
    /// Delete it from storage.
    Delete(Uuid),
    /// Send it.
    Send(Uuid),
    /// Send [`Event::Woken`] after this time.
    Wake(Duration),
    /// Ask the server who is signed in, and send [`Event::Session`].
    CheckSession,
    /// Tell the code that submitted the entry that a newer one has replaced it.
    ReportReplaced(Uuid),
}

/// State of the connection to the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Requests are answered.
    #[default]
    Up,
    /// The last request got no answer and is retried.
    Lost,
    /// The device has no network.
    Offline,
    /// Nobody is signed in, or another person is.
    SignedOut,
}

/// All entries of one person that one page manages.
#[derive(Clone, Debug)]
pub struct Outbox<C> {
    person: UserId,
    entries: Vec<OutboxEntry<C>>,
    connection: Connection,
    /// Number of consecutive requests without an answer.
    lost: u32,
    /// Whether nothing is sent before [`Event::Woken`].
    resting: bool,
}

impl<C: Content> Outbox<C> {
    /// Returns the empty outbox of a person.
    pub const fn new(person: UserId) -> Self {
        let connection = Connection::Up;
        Self { person, entries: Vec::new(), connection, lost: 0, resting: false }
    }

    /// Returns its person.
    pub const fn person(&self) -> UserId {
        self.person
    }

    /// Returns its entries, in the order of sending.
    pub fn entries(&self) -> &[OutboxEntry<C>] {
        &self.entries
    }

    /// Returns an entry of it.
    pub fn entry(&self, id: Uuid) -> Option<&OutboxEntry<C>> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// Returns the state of the connection.
    pub const fn connection(&self) -> Connection {
        self.connection
    }

    /// Processes an event and returns the new state with the effects to carry out.
    #[must_use]
    pub fn step(mut self, event: Event<C>) -> (Self, Vec<Effect>) {
        let mut effects = Vec::new();
        match event {
            Event::Drafted(entry) => {
                self.put(OutboxEntry { stage: Stage::Draft, ..entry }, &mut effects)
            }
            Event::Submitted(entry) => self.submit(entry, &mut effects),
            Event::Retried(id) => self.retry(|it| it.id == id, &mut effects),
            Event::Discarded(id) => {
                if self.entry(id).is_some() {
                    self.entries.retain(|it| it.id != id);
                    effects.push(Effect::Delete(id));
                }
            }
            Event::Answered(id, answer) => self.answered(id, answer, &mut effects),
            Event::Adopted(entries) => {
                for entry in entries {
                    self.adopt(entry, &mut effects);
                }
            }
            // The answer to the check says whether anything can be sent.
            Event::Reachable if self.connection == Connection::SignedOut => {
                effects.push(Effect::CheckSession);
            }
            Event::SessionChanged => effects.push(Effect::CheckSession),
            Event::Reachable => {
                self.reached();
                self.retry(OutboxEntry::is_passing, &mut effects);
            }
            Event::Unreachable => {
                if self.connection != Connection::SignedOut {
                    self.connection = Connection::Offline;
                }
            }
            Event::Session(person) if person == Some(self.person) => {
                if self.connection == Connection::SignedOut {
                    self.connection = Connection::Up;
                }
                self.reached();
                self.retry(OutboxEntry::is_passing, &mut effects);
            }
            Event::Session(_) => self.connection = Connection::SignedOut,
            Event::Woken => {
                self.resting = false;
                if self.connection == Connection::SignedOut {
                    effects.push(Effect::Wake(MAX_WAIT));
                    effects.push(Effect::CheckSession);
                }
                self.retry(OutboxEntry::is_passing, &mut effects);
            }
        }
        self.send(&mut effects);
        (self, effects)
    }

    /// Stores the entry in place of the one with its id, unless that is already being sent.
    fn put(&mut self, entry: OutboxEntry<C>, effects: &mut Vec<Effect>) {
        if entry.person != self.person {
            return;
        }
        let id = entry.id;
        match self.entries.iter_mut().find(|it| it.id == id) {
            Some(before) if before.is_out() => return,
            Some(before) => *before = entry,
            None => self.entries.push(entry),
        }
        effects.push(Effect::Store(id));
    }

    /// Appends the entry and removes the one that it replaces. It keeps the `trunk` of that one,
    /// because its author has not seen what others changed since.
    fn submit(&mut self, mut entry: OutboxEntry<C>, effects: &mut Vec<Effect>) {
        if self.entry(entry.id).is_some_and(OutboxEntry::is_out) {
            return;
        }
        let is_replaced = |it: &OutboxEntry<C>| {
            let same = it.inspection == entry.inspection && entry.content.replaces(&it.content);
            let replaceable = match it.stage {
                Stage::Waiting => !it.sent,
                Stage::Held(_) => true,
                Stage::Draft | Stage::Sending => false,
            };
            it.id != entry.id && same && replaceable
        };
        let replaced: Vec<_> = self.entries.iter().filter(|it| is_replaced(it)).collect();
        let trunk = replaced.iter().map(|it| it.trunk).min();
        let replaced: Vec<_> = replaced.iter().map(|it| it.id).collect();
        entry.trunk = trunk.map_or(entry.trunk, |trunk| trunk.min(entry.trunk));
        entry.stage = Stage::Waiting;
        // A form is not kept open until the connection is back.
        if self.connection != Connection::Up {
            entry.content.close_form();
        }
        self.entries.retain(|it| it.id != entry.id && !replaced.contains(&it.id));
        self.put(entry, effects);
        for id in replaced {
            effects.push(Effect::Delete(id));
            effects.push(Effect::ReportReplaced(id));
        }
    }

    fn adopt(&mut self, mut entry: OutboxEntry<C>, effects: &mut Vec<Effect>) {
        if self.entry(entry.id).is_some() {
            return;
        }
        // The page that typed it is gone. It counts as sent, which is harmless, because its id
        // stays the same.
        entry.sent = true;
        if !matches!(entry.stage, Stage::Held(_)) || entry.is_passing() {
            entry.stage = Stage::Waiting;
        }
        self.put(entry, effects);
    }

    fn answered(&mut self, id: Uuid, answer: Answer, effects: &mut Vec<Effect>) {
        let Some(at) = self.entries.iter().position(|it| it.id == id) else { return };
        if self.entries[at].stage != Stage::Sending {
            return;
        }
        match answer {
            Answer::Recorded(change) => {
                self.reached();
                let done = self.entries.remove(at);
                effects.push(Effect::Delete(id));
                if let Some(change) = change {
                    self.follow(&done, &change, effects);
                }
            }
            Answer::Refused(held) => {
                self.reached();
                if !self.entries[at].content.is_held_when_refused() {
                    self.entries.remove(at);
                    effects.push(Effect::Delete(id));
                    return;
                }
                if held.kind == Refused::Passing {
                    effects.push(Effect::Wake(MAX_WAIT));
                }
                self.entries[at].stage = Stage::Held(held);
                effects.push(Effect::Store(id));
            }
            Answer::TooEarly(wait) => {
                self.entries[at].stage = Stage::Waiting;
                self.rest(wait, effects);
            }
            Answer::NotSignedIn => {
                self.entries[at].stage = Stage::Waiting;
                self.connection = Connection::SignedOut;
                effects.push(Effect::Wake(MAX_WAIT));
            }
            Answer::Lost => {
                self.entries[at].stage = Stage::Waiting;
                if self.connection == Connection::Up {
                    self.connection = Connection::Lost;
                }
                self.lost = self.lost.saturating_add(1);
                let wait = Duration::from_secs(1 << self.lost.min(5)).min(MAX_WAIT);
                self.rest(wait, effects);
            }
        }
    }

    /// Bases the person's further entries on the state after their own change.
    fn follow(&mut self, done: &OutboxEntry<C>, change: &Change, effects: &mut Vec<Effect>) {
        let person = self.person;
        for entry in &mut self.entries {
            let later = entry.inspection == done.inspection && entry.trunk < change.id;
            if later && entry.content.follows(change, person) {
                entry.trunk = change.id;
                effects.push(Effect::Store(entry.id));
            }
        }
    }

    fn retry(&mut self, wanted: impl Fn(&OutboxEntry<C>) -> bool, effects: &mut Vec<Effect>) {
        for entry in &mut self.entries {
            if matches!(entry.stage, Stage::Held(_)) && wanted(entry) {
                entry.stage = Stage::Waiting;
                effects.push(Effect::Store(entry.id));
            }
        }
    }

    fn reached(&mut self) {
        self.lost = 0;
        self.resting = false;
        if self.connection != Connection::SignedOut {
            self.connection = Connection::Up;
        }
    }

    fn rest(&mut self, wait: Duration, effects: &mut Vec<Effect>) {
        self.resting = true;
        effects.push(Effect::Wake(wait));
    }

    /// Sends the first waiting entry of each lane that has no request in flight.
    fn send(&mut self, effects: &mut Vec<Effect>) {
        let able = matches!(self.connection, Connection::Up | Connection::Lost);
        if !able || self.resting {
            return;
        }
        let lane = |entry: &OutboxEntry<C>| (entry.inspection, entry.content.lane());
        let on_their_way = self.entries.iter().filter(|it| it.stage == Stage::Sending);
        let mut taken: Vec<_> = on_their_way.map(lane).collect();
        for entry in self.entries.iter_mut().filter(|it| it.stage == Stage::Waiting) {
            let lane = lane(entry);
            if !taken.contains(&lane) {
                taken.push(lane);
                entry.stage = Stage::Sending;
                entry.sent = true;
                effects.push(Effect::Send(entry.id));
            }
        }
    }
}

impl<C> OutboxEntry<C> {
    /// Returns whether it may have reached the server.
    const fn is_out(&self) -> bool {
        matches!(self.stage, Stage::Waiting | Stage::Sending)
    }

    fn is_passing(&self) -> bool {
        matches!(&self.stage, Stage::Held(held) if held.kind == Refused::Passing)
    }
}
