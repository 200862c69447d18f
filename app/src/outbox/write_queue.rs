//! Writes of outbox entries to this device, as a state machine without I/O.
//!
//! [`WriteQueue::step`] takes a [`WriteEvent`] and returns the [`WriteEffect`]s that its caller
//! carries out. Its rules: one write of an entry runs at a time, because a later one could
//! overtake it; an entry that changes during a write is written again; the bytes of a photo are
//! written once; a flag outside the database tells the next page whether there may be entries.

use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Writes that are running, and the entries that they have stored.
#[derive(Clone, Debug, Default)]
pub(super) struct WriteQueue {
    /// Entries that are being written, and whether they changed meanwhile.
    running: BTreeMap<Uuid, bool>,
    stored: BTreeSet<Uuid>,
    /// Entries whose photo is stored.
    files: BTreeSet<Uuid>,
    has_failed: bool,
    is_flagged: bool,
}

/// Input of the state machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum WriteEvent {
    /// The entry changed or left the outbox.
    Changed(Uuid),
    /// The running write of an entry ended.
    Finished(Uuid, WriteResult),
    /// These entries were found in storage, with their photos.
    Found(Vec<Uuid>),
    /// Storage has no entries of any page.
    FoundEmpty,
}

/// Result of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WriteResult {
    /// The entry is stored; `with_file` if the bytes of its photo were written too.
    Stored { with_file: bool },
    /// The entry is not in storage: it was deleted, or cannot be stored.
    Absent,
    /// The browser has no storage, or none left.
    Failed,
}

/// Output of the state machine, to be carried out by its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WriteEffect {
    /// Write the present state of this entry, and report the end of that.
    Write(Uuid),
    /// Set whether this device may hold entries.
    Flag(bool),
}

impl WriteQueue {
    /// Returns whether the entry is in storage.
    pub(super) fn is_stored(&self, id: Uuid) -> bool {
        self.stored.contains(&id)
    }

    /// Returns whether the bytes of the entry's photo are in storage.
    pub(super) fn is_file_stored(&self, id: Uuid) -> bool {
        self.files.contains(&id)
    }

    /// Returns whether the entry is being written.
    pub(super) fn is_writing(&self, id: Uuid) -> bool {
        self.running.contains_key(&id)
    }

    /// Returns whether the last write failed, so that entries are only in memory.
    pub(super) const fn has_failed(&self) -> bool {
        self.has_failed
    }

    /// Processes an event and returns the new state with the effects to carry out.
    #[must_use]
    pub(super) fn step(mut self, event: WriteEvent) -> (Self, Vec<WriteEffect>) {
        let mut effects = Vec::new();
        match event {
            WriteEvent::Changed(id) => {
                if !std::mem::replace(&mut self.is_flagged, true) {
                    effects.push(WriteEffect::Flag(true));
                }
                match self.running.get_mut(&id) {
                    Some(has_changed) => *has_changed = true,
                    None => {
                        self.running.insert(id, false);
                        effects.push(WriteEffect::Write(id));
                    }
                }
            }
            WriteEvent::Finished(id, result) => {
                match result {
                    WriteResult::Stored { with_file } => {
                        self.stored.insert(id);
                        if with_file {
                            self.files.insert(id);
                        }
                        self.has_failed = false;
                    }
                    WriteResult::Absent => {
                        self.stored.remove(&id);
                        self.files.remove(&id);
                    }
                    WriteResult::Failed => self.has_failed = true,
                }
                if self.running.remove(&id) == Some(true) {
                    self.running.insert(id, false);
                    effects.push(WriteEffect::Write(id));
                }
            }
            WriteEvent::Found(ids) => {
                self.stored.extend(&ids);
                self.files.extend(&ids);
            }
            // A running write may be about to store one.
            WriteEvent::FoundEmpty if self.running.is_empty() => {
                self.is_flagged = false;
                effects.push(WriteEffect::Flag(false));
            }
            WriteEvent::FoundEmpty => {}
        }
        (self, effects)
    }
}

#[cfg(test)]
mod tests;
