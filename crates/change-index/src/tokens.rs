//! Index tokens: the properties by which a change is found. A token is a letter for its kind,
//! followed by a value.

use chrono::NaiveDate;
use domain::{
    change::{Action, Change},
    id::{InspectionId, UserId},
    inspection::Field,
};
use std::collections::BTreeSet;

/// Word prefixes of up to this many characters are tokens of their own, because many words may
/// share them. Longer prefixes are shared by few words, so those are scanned as a range.
const BEGINNING: usize = 5;

/// The token that every change has.
pub(crate) const ANY: &str = "*";

/// Sorts after every character of a word, in byte order.
const LAST: char = char::MAX;

/// Returns the token of an action.
pub fn action(action: Action) -> String {
    format!("a{action}")
}

/// Returns the token of a person.
pub fn user(user: UserId) -> String {
    format!("u{user}")
}

/// Returns the token of an inspection.
pub fn inspection(inspection: InspectionId) -> String {
    format!("i{inspection}")
}

/// Returns the token of a field.
pub fn field(field: Field) -> String {
    format!("f{field}")
}

/// Returns the token of a day.
pub fn day(day: NaiveDate) -> String {
    format!("d{day}")
}

fn word(word: &str) -> String {
    format!("w{word}")
}

fn beginning(word: &str) -> String {
    format!("b{word}")
}

/// A query for one token or for a range of tokens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenQuery {
    /// This token.
    One(String),
    /// Any token from the first up to, but not including, the second.
    Between(String, String),
    /// Each token from the first up to, but not including, the second, on its own.
    Each(String, String),
}

impl TokenQuery {
    /// Matches words that begin with this text.
    pub fn begins(typed: &str) -> Self {
        if typed.chars().count() <= BEGINNING {
            Self::One(beginning(typed))
        } else {
            Self::Between(word(typed), format!("{}{LAST}", word(typed)))
        }
    }

    /// Matches any of these days.
    pub fn days(first: NaiveDate, last: NaiveDate) -> Self {
        Self::Between(day(first), format!("{}{LAST}", day(last)))
    }

    /// Matches each of these days on its own.
    pub fn each_day(first: NaiveDate, last: NaiveDate) -> Self {
        Self::Each(day(first), format!("{}{LAST}", day(last)))
    }

    /// Matches each person on its own.
    pub fn each_user() -> Self {
        Self::Each("u".into(), "v".into())
    }

    /// Returns the first token that is asked for.
    pub fn first(&self) -> &str {
        match self {
            Self::One(first) | Self::Between(first, _) | Self::Each(first, _) => first,
        }
    }

    /// Returns the range of tokens, the end excluded; `None` for a single token.
    pub fn range(&self) -> Option<(&str, &str)> {
        match self {
            Self::One(_) => None,
            Self::Between(first, end) | Self::Each(first, end) => Some((first, end)),
        }
    }

    /// Returns whether a token is asked for.
    pub fn is(&self, token: &str) -> bool {
        match self.range() {
            None => self.first() == token,
            Some((first, end)) => first <= token && token < end,
        }
    }
}

/// Returns the tokens of a change. The author's account may have been deleted, so it is given as an
/// id; the reference and the name are those that the inspection had right after the change.
pub fn of(change: &Change, author: UserId, reference: &str, name: &str) -> BTreeSet<String> {
    let mut tokens = BTreeSet::from([
        ANY.to_owned(),
        action(change.record.action),
        user(author),
        inspection(change.inspection_id),
        day(change.created_at.date_naive()),
    ]);
    tokens.extend(change.record.fields.iter().map(|it| field(*it)));
    for found in change.words(reference, name) {
        for (end, letter) in found.char_indices().take(BEGINNING) {
            tokens.insert(beginning(&found[..end + letter.len_utf8()]));
        }
        if found.chars().nth(BEGINNING).is_some() {
            tokens.insert(word(&found));
        }
    }
    tokens
}
