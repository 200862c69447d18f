//! Keys of entries of the feed, with their text form, used in forms and page markup: `request:018f…`, `inspection:12`,
//! `day:2026-03-31`.

use crate::id::InspectionId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The property that the changes of an entry have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKey {
    /// One request, made by one action of a person.
    Request(Uuid),
    /// One inspection.
    Inspection(InspectionId),
    /// One day, UTC.
    Day(NaiveDate),
}

impl fmt::Display for EntryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(id) => write!(f, "request:{id}"),
            Self::Inspection(id) => write!(f, "inspection:{id}"),
            Self::Day(day) => write!(f, "day:{day}"),
        }
    }
}

/// Error for a text that is not an entry key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this names no entry")]
pub struct ParseEntryKeyError;

impl FromStr for EntryKey {
    type Err = ParseEntryKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, id) = text.split_once(':').ok_or(ParseEntryKeyError)?;
        let key = match kind {
            "request" => id.parse().ok().map(Self::Request),
            "inspection" => id.parse().ok().map(Self::Inspection),
            "day" => id.parse().ok().map(Self::Day),
            _ => None,
        };
        key.ok_or(ParseEntryKeyError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for name in
            ["request:018f0000-0000-7000-8000-000000000000", "inspection:12", "day:2026-03-31"]
        {
            assert_eq!(name.parse::<EntryKey>().map(|key| key.to_string()).as_deref(), Ok(name));
        }
        assert_eq!("inspection".parse::<EntryKey>(), Err(ParseEntryKeyError));
        assert_eq!("dance:3".parse::<EntryKey>(), Err(ParseEntryKeyError));
    }
}
