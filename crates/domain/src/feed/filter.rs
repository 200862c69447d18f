//! The dashboard's filter, which is fully encoded in the URL.

use crate::{
    change::{Action, Change},
    day::parse_day,
    feed::{EntryKey, ReviewState},
    id::{ChangeId, InspectionId, UserId},
    inspection::Field,
    query,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, ops::Bound, str::FromStr};
use uuid::Uuid;

/// Lists of values that changes can be filtered by. A change matches a list if it has any of its
/// values; an empty list is ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facets {
    /// These actions (`action`).
    pub actions: Vec<Action>,
    /// By these users (`user`).
    pub users: Vec<UserId>,
    /// Of these inspections (`inspection`).
    pub inspections: Vec<InspectionId>,
    /// That changed these fields (`field`).
    pub fields: Vec<Field>,
    /// In these states of review (`state`).
    pub states: Vec<ReviewState>,
}

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
    const fn shown(self) -> usize {
        match self {
            Self::Request => 10,
            Self::Inspection | Self::Day => 3,
        }
    }

    /// Returns the number of entries on a page: fewer if entries tend to be larger.
    pub const fn page(self) -> usize {
        match self {
            Self::Request => 30,
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

impl FromStr for Group {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|group| group.slug() == slug).ok_or(())
    }
}

/// Filter for changes. Within one list any value may match. All lists must match, and no excluded
/// value may.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeFilter {
    /// Any of these actions (`action`).
    pub actions: Vec<Action>,
    /// By any of these users (`user`).
    pub users: Vec<UserId>,
    /// Of any of these inspections (`inspection`).
    pub inspections: Vec<InspectionId>,
    /// That changed any of these fields (`field`).
    pub fields: Vec<Field>,
    /// In any of these states of review (`state`).
    pub states: Vec<ReviewState>,
    /// Excluded values: each key is written in the query with a leading `-`, as in `-action`.
    pub without: Facets,
    /// Changes of this request (`request`).
    pub request: Option<Uuid>,
    /// Search words, each of which must begin a [word](Change::words) of the change (`q`).
    pub words: String,
    /// On or after this day, UTC (`from`).
    pub from: Option<NaiveDate>,
    /// On or before this day, UTC (`to`).
    pub to: Option<NaiveDate>,
    /// Grouping into entries (`group`).
    pub group: Group,
    /// Start of a following page: only entries whose newest match is older than this change
    /// (`before`).
    pub before: Option<ChangeId>,
}

/// A problem of a query string. The rest of the filter still applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum FilterProblem {
    /// A value cannot be read.
    #[error("“{value}” is not a known {key}. {hint}")]
    Unreadable {
        /// The key, as in `action`.
        key: String,
        /// The value given.
        value: String,
        /// A hint at valid values.
        hint: String,
    },
    /// There are more than [`ChangeFilter::MAX_VALUES`] values; the rest is ignored.
    #[error("A filter takes at most {0} values; those after are passed over.")]
    TooMany(usize),
    /// A search without a letter or a digit, which matches nothing.
    #[error("“{0}” holds no letter or digit to search for, so nothing matches.")]
    NoWords(String),
}

impl ChangeFilter {
    /// Maximum number of values in all lists of a filter together, because each becomes a part of
    /// the query, a chip and a hidden input of several forms on the page.
    pub const MAX_VALUES: usize = 100;

    /// Maximum number of changes on a page of one opened entry.
    pub const ENTRY_PAGE: usize = 100;

    /// Parses a query string. Empty values, as forms send them, and unknown keys are ignored.
    /// Values that cannot be read are reported next to the remaining filter.
    pub fn from_query(text: &str) -> (Self, Vec<FilterProblem>) {
        let mut filter = Self::default();
        let mut problems = Vec::new();
        let mut values = 0;
        for (key, value) in query::pairs(text) {
            let trimmed = value.trim();
            if trimmed.is_empty() {
                continue;
            }
            if LISTS.contains(&key.trim_start_matches('-')) {
                values += 1;
                if values > Self::MAX_VALUES {
                    continue;
                }
            }
            let without = &mut filter.without;
            let hint = match key.as_str() {
                "action" => add(&mut filter.actions, trimmed, ACTION),
                "-action" => add(&mut without.actions, trimmed, ACTION),
                "user" => add(&mut filter.users, trimmed, USER),
                "-user" => add(&mut without.users, trimmed, USER),
                "inspection" => add(&mut filter.inspections, trimmed, INSPECTION),
                "-inspection" => add(&mut without.inspections, trimmed, INSPECTION),
                "field" => add(&mut filter.fields, trimmed, FIELD),
                "-field" => add(&mut without.fields, trimmed, FIELD),
                "state" => add(&mut filter.states, trimmed, STATE),
                "-state" => add(&mut without.states, trimmed, STATE),
                "request" => set(&mut filter.request, trimmed, "Use the UUID of a request."),
                "q" => {
                    filter.words = trimmed.to_owned();
                    None
                }
                "from" => set_day(&mut filter.from, trimmed),
                "to" => set_day(&mut filter.to, trimmed),
                "group" => match trimmed.parse() {
                    Ok(group) => {
                        filter.group = group;
                        None
                    }
                    Err(()) => Some("Use request, inspection or day."),
                },
                "before" => set(&mut filter.before, trimmed, "Use a change's number."),
                _ => None,
            };
            if let Some(hint) = hint {
                problems.push(FilterProblem::Unreadable { key, value, hint: hint.into() });
            }
        }
        if values > Self::MAX_VALUES {
            problems.push(FilterProblem::TooMany(Self::MAX_VALUES));
        }
        if filter.is_without_words() {
            problems.push(FilterProblem::NoWords(filter.words.clone()));
        }
        (filter, problems)
    }

    /// Writes the filter as a query string without a leading `?`; empty for no filter.
    pub fn to_query(&self) -> String {
        let mut pairs: Vec<(&'static str, String)> = Vec::new();
        let without = &self.without;
        put(&mut pairs, "action", &self.actions);
        put(&mut pairs, "-action", &without.actions);
        put(&mut pairs, "user", &self.users);
        put(&mut pairs, "-user", &without.users);
        put(&mut pairs, "inspection", &self.inspections);
        put(&mut pairs, "-inspection", &without.inspections);
        put(&mut pairs, "field", &self.fields);
        put(&mut pairs, "-field", &without.fields);
        put(&mut pairs, "state", &self.states);
        put(&mut pairs, "-state", &without.states);
        put(&mut pairs, "request", self.request.as_slice());
        if !self.words.is_empty() {
            pairs.push(("q", self.words.clone()));
        }
        put(&mut pairs, "from", self.from.as_slice());
        put(&mut pairs, "to", self.to.as_slice());
        if self.group != Group::default() {
            pairs.push(("group", self.group.slug().into()));
        }
        put(&mut pairs, "before", self.before.as_slice());
        query::encode(pairs)
    }

    /// Returns the maximum number of changes shown in an entry. A filter by request has one entry,
    /// which gets a whole page.
    pub const fn shown(&self) -> usize {
        match self.request {
            Some(_) => Self::ENTRY_PAGE,
            None => self.group.shown(),
        }
    }

    /// Returns whether it matches every change, regardless of page and grouping.
    pub fn is_empty(&self) -> bool {
        *self == Self { before: self.before, group: self.group, ..Self::default() }
    }

    /// Returns whether a change matches, regardless of the page. `words` are the change's
    /// [words](Change::words), and `state` is its review state.
    pub fn matches(&self, change: &Change, words: &BTreeSet<String>, state: ReviewState) -> bool {
        let Facets { actions, users, inspections, fields, states } = &self.without;
        let day = change.created_at.date_naive();
        let is_any = |wanted: &[Field]| wanted.iter().any(|it| change.record.fields.contains(it));
        let begins = |beginning: &String| {
            words
                .range::<str, _>((Bound::Included(beginning.as_str()), Bound::Unbounded))
                .next()
                .is_some_and(|word| word.starts_with(beginning.as_str()))
        };
        let is_by = |users: &[UserId]| change.user_id.is_some_and(|user| users.contains(&user));
        (self.actions.is_empty() || self.actions.contains(&change.record.action))
            && !actions.contains(&change.record.action)
            && (self.users.is_empty() || is_by(&self.users))
            && !is_by(users)
            && (self.inspections.is_empty() || self.inspections.contains(&change.inspection_id))
            && !inspections.contains(&change.inspection_id)
            && (self.fields.is_empty() || is_any(&self.fields))
            && !is_any(fields)
            && (self.states.is_empty() || self.states.contains(&state))
            && !states.contains(&state)
            && self.request.is_none_or(|request| change.request_id == request)
            && self.from.is_none_or(|from| day >= from)
            && self.to.is_none_or(|to| day <= to)
            && !self.is_without_words()
            && self.beginnings().iter().all(begins)
    }

    /// Returns the filter for the first page.
    #[must_use]
    pub fn first_page(&self) -> Self {
        Self { before: None, ..self.clone() }
    }
}

/// The keys that may be repeated in a query, and negated with a leading `-`.
const LISTS: [&str; 5] = ["action", "user", "inspection", "field", "state"];

const ACTION: &str = "Use one such as edit or add-photo.";
const USER: &str = "Use a user's number.";
const INSPECTION: &str = "Use an inspection's number.";
const FIELD: &str = "Use one such as status or notes.";
const STATE: &str = "Use unreviewed, reviewed or flagged.";
const DAY: &str = "Use a date such as 2026-03-31.";

fn put<T: ToString>(pairs: &mut Vec<(&'static str, String)>, key: &'static str, values: &[T]) {
    pairs.extend(values.iter().map(|value| (key, value.to_string())));
}

/// Adds a value if it is not in the list yet. Returns the hint if it cannot be read.
fn add<T: FromStr + PartialEq>(
    values: &mut Vec<T>,
    text: &str,
    hint: &'static str,
) -> Option<&'static str> {
    let Ok(value) = text.parse() else {
        return Some(hint);
    };
    if !values.contains(&value) {
        values.push(value);
    }
    None
}

/// Parses a day, with the same rules as for fields.
fn set_day(value: &mut Option<NaiveDate>, text: &str) -> Option<&'static str> {
    match parse_day(text) {
        Ok(day) => {
            *value = Some(day);
            None
        }
        Err(_) => Some(DAY),
    }
}

fn set<T: FromStr>(value: &mut Option<T>, text: &str, hint: &'static str) -> Option<&'static str> {
    match text.parse() {
        Ok(read) => {
            *value = Some(read);
            None
        }
        Err(_) => Some(hint),
    }
}
