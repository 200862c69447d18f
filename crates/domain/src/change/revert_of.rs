//! Purpose of the steps of a revert.

use crate::id::ChangeId;

/// Purpose of a step of a revert, which its record states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevertOf {
    /// It undoes this change.
    Undo(ChangeId),
    /// It is one of the steps that restore the state after this change.
    Restore(ChangeId),
}
