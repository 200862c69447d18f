//! The dashboard's filter, which the URL says in full.

use crate::{Action, ChangeId, Field, InspectionId, UserId, query};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Which changes to show. Within one field any may match; between fields all must.
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
    /// With these words in the inspection's reference or name, the person's name, what was changed,
    /// or the values before and after (`q`).
    pub words: String,
    /// On or after this day, UTC (`from`).
    pub from: Option<NaiveDate>,
    /// On or before this day, UTC (`to`).
    pub to: Option<NaiveDate>,
    /// Only older than this change: the page that follows it (`before`).
    pub before: Option<ChangeId>,
}

/// A part of a query string that says nothing readable. The rest of the filter still holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("“{value}” is not a known {key}. {hint}")]
pub struct FilterProblem {
    /// The key, as in `action`.
    pub key: String,
    /// What it was given.
    pub value: String,
    /// What to give instead.
    pub hint: String,
}

impl ChangeFilter {
    /// Reads a query string. Empty values, as forms send them, say nothing; keys that are not a
    /// filter's are passed over; what cannot be read is reported beside the filter that remains.
    pub fn from_query(text: &str) -> (Self, Vec<FilterProblem>) {
        let mut filter = Self::default();
        let mut problems = Vec::new();
        for (key, value) in query::pairs(text) {
            let trimmed = value.trim();
            if trimmed.is_empty() {
                continue;
            }
            let hint = match key.as_str() {
                "action" => add(&mut filter.actions, trimmed, "Use one such as edit or add-photo."),
                "user" => add(&mut filter.users, trimmed, "Use a user's number."),
                "inspection" => {
                    add(&mut filter.inspections, trimmed, "Use an inspection's number.")
                }
                "field" => add(&mut filter.fields, trimmed, "Use one such as status or notes."),
                "q" => {
                    filter.words = trimmed.to_owned();
                    None
                }
                "from" => set(&mut filter.from, trimmed, "Use a date such as 2026-03-31."),
                "to" => set(&mut filter.to, trimmed, "Use a date such as 2026-03-31."),
                "before" => set(&mut filter.before, trimmed, "Use a change's number."),
                _ => None,
            };
            if let Some(hint) = hint {
                problems.push(FilterProblem { key, value, hint: hint.into() });
            }
        }
        (filter, problems)
    }

    /// Writes the filter as a query string without a leading `?`; empty for no filter.
    pub fn to_query(&self) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        pairs.extend(self.actions.iter().map(|it| ("action", it.to_string())));
        pairs.extend(self.users.iter().map(|it| ("user", it.to_string())));
        pairs.extend(self.inspections.iter().map(|it| ("inspection", it.to_string())));
        pairs.extend(self.fields.iter().map(|it| ("field", it.to_string())));
        if !self.words.is_empty() {
            pairs.push(("q", self.words.clone()));
        }
        pairs.extend(self.from.iter().map(|it| ("from", it.to_string())));
        pairs.extend(self.to.iter().map(|it| ("to", it.to_string())));
        pairs.extend(self.before.iter().map(|it| ("before", it.to_string())));
        query::encode(pairs)
    }

    /// Whether it lets every change through, whatever page it is on.
    pub fn is_empty(&self) -> bool {
        *self == Self { before: self.before, ..Self::default() }
    }

    /// The same from its first page.
    #[must_use]
    pub fn first_page(&self) -> Self {
        Self { before: None, ..self.clone() }
    }
}

/// Adds a value that is not there yet; answers with the hint where it cannot be read.
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

fn set<T: FromStr>(value: &mut Option<T>, text: &str, hint: &'static str) -> Option<&'static str> {
    match text.parse() {
        Ok(read) => {
            *value = Some(read);
            None
        }
        Err(_) => Some(hint),
    }
}
