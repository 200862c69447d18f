//! Grouping of changes into entries of the feed.

use crate::{change::Change, feed::EntryKey};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Grouping of changes into entries of the feed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Group {
    /// By request.
    #[default]
    Request,
    /// By inspection.
    Inspection,
    /// By day, UTC.
    Day,
}

impl Group {
    /// All of them, the default first.
    pub const ALL: [Self; 3] = [Self::Request, Self::Inspection, Self::Day];

    /// Returns its name in a URL.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Inspection => "inspection",
            Self::Day => "day",
        }
    }

    /// Returns the maximum number of changes shown in an entry: enough to tell what a request did,
    /// and a few of the newest for other groupings.
    pub(crate) const fn shown(self) -> usize {
        match self {
            Self::Request => 10,
            Self::Inspection | Self::Day => 3,
        }
    }

    /// Returns the number of entries on a page: fewer if entries tend to be larger.
    pub const fn page(self) -> usize {
        match self {
            Self::Request => 25,
            Self::Inspection | Self::Day => 20,
        }
    }

    /// Returns the name people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Request => "Action",
            Self::Inspection => "Inspection",
            Self::Day => "Day",
        }
    }

    /// Returns whether the status of the inspections of such an entry can be changed together. It
    /// cannot for a day, because readers of such an entry do not see which inspections it concerns.
    pub const fn takes_steps(self) -> bool {
        !matches!(self, Self::Day)
    }

    /// Returns the key of the entry that a change belongs to.
    pub fn key(self, change: &Change) -> EntryKey {
        match self {
            Self::Request => EntryKey::Request(change.request_id),
            Self::Inspection => EntryKey::Inspection(change.inspection_id),
            Self::Day => EntryKey::Day(change.created_at.date_naive()),
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl FromStr for Group {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|group| group.slug() == slug).ok_or(())
    }
}
