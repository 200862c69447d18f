//! Status of an inspection, and the transitions between statuses.

use crate::Action;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Status of an inspection.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It is being worked on; this is the only status in which contents may change.
    #[default]
    Draft,
    /// It waits for a reviewer.
    Review,
    /// It is approved.
    Complete,
}

impl Status {
    /// All statuses, in the order of an inspection's life.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Review, Self::Complete];

    /// Returns the stored name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Review => "review",
            Self::Complete => "complete",
        }
    }

    /// Returns the name people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Review => "In review",
            Self::Complete => "Complete",
        }
    }

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

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl FromStr for Status {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|status| status.slug() == slug).ok_or(())
    }
}
