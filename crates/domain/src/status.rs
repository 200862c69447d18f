//! Where an inspection stands, and the steps between.

use crate::Action;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Where an inspection stands.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Being worked on; the only status in which contents may change.
    #[default]
    Draft,
    /// Waiting for a reviewer.
    Review,
    /// Approved.
    Complete,
}

impl Status {
    /// All of them, in the order an inspection passes through.
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

    /// Returns the action that takes an inspection from this status to `to`, if there is such a step.
    pub const fn step(self, to: Self) -> Option<Action> {
        match (self, to) {
            (Self::Draft, Self::Review) => Some(Action::StatusReview),
            (Self::Review, Self::Complete) => Some(Action::StatusComplete),
            (Self::Review | Self::Complete, Self::Draft) => Some(Action::StatusDraft),
            _ => None,
        }
    }

    /// Returns the action that takes an inspection back to a status where it was before, from wherever it
    /// is. What leads back may take a step that [`step`](Self::step) does not know: complete back to
    /// review is what undoing "Completed" comes to.
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

    /// Returns the status that a status action leads to; `None` for the other seven.
    pub const fn reached_by(action: Action) -> Option<Self> {
        match action {
            Action::StatusReview => Some(Self::Review),
            Action::StatusComplete => Some(Self::Complete),
            Action::StatusDraft => Some(Self::Draft),
            Action::CreatePdf
            | Action::DownloadPdf
            | Action::Edit
            | Action::AddPhoto
            | Action::Remove
            | Action::AddSection
            | Action::RemoveSection => None,
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
