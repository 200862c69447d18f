//! Tokens: what a change has, and so what it is found by. A token is a letter for its kind, and what it
//! says.

use chrono::NaiveDate;
use domain::{Action, Change, Field, InspectionId, UserId};
use std::collections::BTreeSet;

/// Beginnings of words up to so many characters are tokens of their own, since many words may share
/// them. Fewer share a longer one, and those are looked through.
const BEGINNING: usize = 5;

/// What every change has.
pub(crate) const ANY: &str = "*";

/// Greater than whatever a word may hold, in the order of bytes.
const LAST: char = char::MAX;

pub(crate) fn action(action: Action) -> String {
    format!("a{action}")
}

pub(crate) fn user(user: UserId) -> String {
    format!("u{user}")
}

pub(crate) fn inspection(inspection: InspectionId) -> String {
    format!("i{inspection}")
}

pub(crate) fn field(field: Field) -> String {
    format!("f{field}")
}

pub(crate) fn day(day: NaiveDate) -> String {
    format!("d{day}")
}

fn word(word: &str) -> String {
    format!("w{word}")
}

fn beginning(word: &str) -> String {
    format!("b{word}")
}

/// What a change may have so that something is said of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Asked {
    /// This token.
    One(String),
    /// Any token from the first up to but without the second.
    Between(String, String),
    /// Each token from the first up to but without the second, by itself.
    Each(String, String),
}

impl Asked {
    /// Some word that begins so.
    pub(crate) fn begins(typed: &str) -> Self {
        if typed.chars().count() <= BEGINNING {
            Self::One(beginning(typed))
        } else {
            Self::Between(word(typed), format!("{}{LAST}", word(typed)))
        }
    }

    /// Any of these days.
    pub(crate) fn days(first: NaiveDate, last: NaiveDate) -> Self {
        Self::Between(day(first), format!("{}{LAST}", day(last)))
    }

    /// Each of these days.
    pub(crate) fn each_day(first: NaiveDate, last: NaiveDate) -> Self {
        Self::Each(day(first), format!("{}{LAST}", day(last)))
    }

    /// Each person.
    pub(crate) fn each_user() -> Self {
        Self::Each("u".into(), "v".into())
    }

    /// The first token that is asked for.
    pub(crate) fn first(&self) -> &str {
        match self {
            Self::One(first) | Self::Between(first, _) | Self::Each(first, _) => first,
        }
    }

    /// From which token on up to but without which one all are asked for, if there may be several.
    pub(crate) fn range(&self) -> Option<(&str, &str)> {
        match self {
            Self::One(_) => None,
            Self::Between(first, end) | Self::Each(first, end) => Some((first, end)),
        }
    }

    pub(crate) fn is(&self, token: &str) -> bool {
        match self.range() {
            None => self.first() == token,
            Some((first, end)) => first <= token && token < end,
        }
    }
}

/// The tokens of a change by this user, whose account may be gone, of an inspection that had this
/// reference and this name then.
pub(crate) fn of(change: &Change, author: UserId, reference: &str, name: &str) -> BTreeSet<String> {
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
