//! The condition of a section or a piece of equipment.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Condition in which a section or a piece of equipment was found.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// Not inspected yet.
    #[default]
    NotInspected,
    /// Sound.
    Good,
    /// Worn but serviceable.
    Fair,
    /// Deficient: needs work.
    Poor,
    /// A danger to people.
    Unsafe,
}

impl Condition {
    /// All of them, best to worst and the unknown last.
    pub const ALL: [Self; 5] =
        [Self::Good, Self::Fair, Self::Poor, Self::Unsafe, Self::NotInspected];

    /// Returns the stored name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::NotInspected => "not-inspected",
            Self::Good => "good",
            Self::Fair => "fair",
            Self::Poor => "poor",
            Self::Unsafe => "unsafe",
        }
    }

    /// Returns the name people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotInspected => "Not inspected",
            Self::Good => "Good",
            Self::Fair => "Fair",
            Self::Poor => "Poor",
            Self::Unsafe => "Unsafe",
        }
    }
}

impl Condition {
    /// Returns its meaning for a part of the building, as a sentence for readers of a report.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Good => "Sound. No work is needed.",
            Self::Fair => "Worn, but still does what it should. Keep an eye on it.",
            Self::Poor => "Deficient. It needs repair.",
            Self::Unsafe => "A danger to people. Act at once.",
            Self::NotInspected => "Nobody has looked at it yet, or it could not be reached.",
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl FromStr for Condition {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|condition| condition.slug() == slug).ok_or(())
    }
}
