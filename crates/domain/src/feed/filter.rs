//! The dashboard's filter, which is fully encoded in the URL.

use crate::{
    feed::{
        ChangeFilter, FilterKey, FilterNames, FilterPart,
        words::{typed_words, words},
    },
    query,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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

impl FilterKey {
    /// Parses a key of a query string and returns whether it is negated. `None` for unknown keys.
    fn parse(name: &str) -> Option<(Self, bool)> {
        let (slug, is_excluded) = match name.strip_prefix('-') {
            Some(slug) => (slug, true),
            None => (name, false),
        };
        let found = Self::ALL.iter().find(|key| key.slug() == slug);
        found.filter(|key| key.is_list() || !is_excluded).map(|key| (*key, is_excluded))
    }
}

impl FilterPart {
    /// Returns the key as in a query string, as in `action` and `-action`.
    pub fn name(&self) -> String {
        match self.is_excluded {
            false => self.key.slug().into(),
            true => format!("-{}", self.key.slug()),
        }
    }

    /// Returns the key as people read it, as in "Action" and "Action is not".
    pub fn title(&self) -> String {
        match self.is_excluded {
            false => self.key.title().into(),
            true => format!("{} is not", self.key.title()),
        }
    }
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
        for (name, value) in query::pairs(text) {
            let trimmed = value.trim();
            let Some((key, is_excluded)) = FilterKey::parse(&name).filter(|_| !trimmed.is_empty())
            else {
                continue;
            };
            if key.is_list() {
                values += 1;
                if values > Self::MAX_VALUES {
                    continue;
                }
            }
            if !filter.read(key, is_excluded, trimmed) {
                let hint = key.hint().into();
                problems.push(FilterProblem::Unreadable { key: name, value, hint });
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

    /// Parses a query string in which every value must be valid, because a filter without a part
    /// of it would match more than was meant.
    ///
    /// # Errors
    /// The first problem.
    pub fn from_valid_query(text: &str) -> Result<Self, FilterProblem> {
        let (filter, problems) = Self::from_query(text);
        problems.into_iter().next().map_or(Ok(filter), Err)
    }

    /// Writes the filter as a query string without a leading `?`; empty for no filter.
    pub fn to_query(&self) -> String {
        let parts = self.parts(&FilterNames::default());
        query::encode(parts.iter().map(|part| (part.name(), &*part.value)))
    }

    /// Returns the query string of the dashboard's address. It is never empty: without a filter it
    /// asks for changes in any state.
    pub fn to_explicit_query(&self) -> String {
        match self.to_query() {
            query if query.is_empty() => "state=".into(),
            query => query,
        }
    }

    /// Returns the filter for the first page without these parts.
    #[must_use]
    pub fn without_parts(&self, removed: &[FilterPart]) -> Self {
        let mut rest = Self::default();
        let parts = self.parts(&FilterNames::default()).into_iter().filter(|part| {
            let is_part =
                |other: &FilterPart| (other.name(), &other.value) == (part.name(), &part.value);
            !removed.iter().any(is_part)
        });
        for part in parts {
            // Every value of a part is valid, because it was printed.
            rest.read(part.key, part.is_excluded, &part.value);
        }
        rest.first_page()
    }

    /// Returns the search words, each of which must begin a word of a change.
    pub fn beginnings(&self) -> BTreeSet<String> {
        typed_words(&self.words)
    }

    /// Returns whether the search text has no words in it, such as `!!!`, so that nothing matches.
    pub fn is_without_words(&self) -> bool {
        !self.words.is_empty() && words(&self.words).is_empty()
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

    /// Returns the filter for the first page.
    #[must_use]
    pub fn first_page(&self) -> Self {
        Self { before: None, ..self.clone() }
    }
}
