//! Keys of entries of the feed, with their text form, used in forms and page markup: `request:ABjw…`, `inspection:12`,
//! `day:2026-03-31`. A request id is written in base64url, because a page has each four times.

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
            Self::Request(id) => write!(f, "request:{}", written(*id)),
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
            "request" => read(id).or_else(|| id.parse().ok()).map(Self::Request),
            "inspection" => id.parse().ok().map(Self::Inspection),
            "day" => id.parse().ok().map(Self::Day),
            _ => None,
        };
        key.ok_or(ParseEntryKeyError)
    }
}

/// Digits of base64url.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Number of digits of an id.
const LENGTH: usize = 22;

/// Writes an id as a number in base64url, the highest digit first.
fn written(id: Uuid) -> String {
    let number = id.as_u128();
    let digit = |at: usize| (number >> (6 * at)) as usize & 63;
    (0..LENGTH).rev().map(|at| char::from(DIGITS[digit(at)])).collect()
}

/// Reads an id as [`written`] writes it.
fn read(text: &str) -> Option<Uuid> {
    let digit = |byte: u8| DIGITS.iter().position(|digit| *digit == byte);
    let digits = text.bytes().map(digit).collect::<Option<Vec<_>>>()?;
    // The highest digit has two bits of the number.
    let is_valid = digits.len() == LENGTH && digits.first().is_some_and(|first| *first < 4);
    let number = digits.iter().fold(0_u128, |number, digit| number << 6 | *digit as u128);
    is_valid.then(|| Uuid::from_u128(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for name in ["request:ABjwAAAABwAIAAAAAAAAAA", "inspection:12", "day:2026-03-31"] {
            assert_eq!(name.parse::<EntryKey>().map(|key| key.to_string()).as_deref(), Ok(name));
        }
        let id = "018f0000-0000-7000-8000-0000000000ff";
        let key = EntryKey::Request(id.parse().unwrap());
        assert_eq!(format!("request:{id}").parse(), Ok(key));
        assert_eq!(key.to_string().parse(), Ok(key));
        for wrong in ["ABjwAAAABwAIAAAAAAAAA", "EBjwAAAABwAIAAAAAAAAAA", "ABjwAAAABwAIAAAAAAAA*A"] {
            assert_eq!(format!("request:{wrong}").parse::<EntryKey>(), Err(ParseEntryKeyError));
        }
        assert_eq!("inspection".parse::<EntryKey>(), Err(ParseEntryKeyError));
        assert_eq!("dance:3".parse::<EntryKey>(), Err(ParseEntryKeyError));
    }
}
