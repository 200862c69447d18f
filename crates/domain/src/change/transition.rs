//! Transitions between statuses, by the actions that make them.

use crate::{change::Action, inspection::Status};

impl Status {
    /// Returns the action that takes an inspection from this status to `to`, if there is such a
    /// transition.
    pub const fn step(self, to: Self) -> Option<Action> {
        match (self, to) {
            (Self::Draft, Self::Review) => Some(Action::StatusReview),
            (Self::Review, Self::Complete) => Some(Action::StatusComplete),
            (Self::Review | Self::Complete, Self::Draft) => Some(Action::StatusDraft),
            _ => None,
        }
    }

    /// Returns the action that takes an inspection back to an earlier status, from any status. A
    /// revert may use transitions that [`step`](Self::step) does not have: undoing "Completed"
    /// leads from complete to review.
    pub const fn step_back(self, to: Self) -> Option<Action> {
        match (self, to) {
            (Self::Draft, Self::Draft)
            | (Self::Review, Self::Review)
            | (Self::Complete, Self::Complete) => None,
            (_, Self::Draft) => Some(Action::StatusDraft),
            (_, Self::Review) => Some(Action::StatusReview),
            (_, Self::Complete) => Some(Action::StatusComplete),
        }
    }
}
