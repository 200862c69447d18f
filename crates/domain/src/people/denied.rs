//! Reasons of a refusal by a permission.

use serde::{Deserialize, Serialize};

/// Reason why someone may not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Denied {
    /// The inspection belongs to another inspector.
    #[error("This is another inspector's inspection. Ask them, or an admin.")]
    NotYours,
    /// Their role does not allow it.
    #[error("Your role does not allow this. Ask an admin if it should.")]
    Role,
    /// The inspection is no longer a draft, so its contents are locked.
    #[error("It is no longer a draft, so it is locked. Reopen it first.")]
    Locked,
    /// The inspection was removed.
    #[error("This inspection was removed.")]
    Removed,
    /// They would approve their own work.
    #[error("You cannot complete your own inspection. A reviewer does that.")]
    OwnWork,
    /// Only an admin may assign an inspection to another person.
    #[error("Only an admin can give an inspection to somebody else.")]
    Assignment,
}
