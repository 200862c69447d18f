//! Drafts that were not saved, and the recovery from that.

use uuid::Uuid;

/// Recovery from a failed save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SaveRecovery {
    /// Conflict: the person chooses which value to keep.
    Decide,
    /// Ended session: the person signs in on another tab.
    SignIn,
    /// Server error: the save is retried.
    Again,
}

/// Draft that could not be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unsaved {
    /// Typed text.
    pub(super) text: String,
    /// Reason it was not saved.
    pub(super) why: String,
    /// Recovery, unless typing other text is the only one.
    pub(super) recovery: Option<SaveRecovery>,
    /// Outbox entry, if any.
    pub(super) entry: Option<Uuid>,
}
