//! Status of an inspection.

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
