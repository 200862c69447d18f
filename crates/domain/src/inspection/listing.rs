//! The paged list of inspections.

use crate::{id::InspectionId, inspection::Status, people::Person, query};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// One inspection in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionRow {
    /// Its id.
    pub id: InspectionId,
    /// Its reference.
    pub reference: String,
    /// Its name.
    pub name: String,
    /// The address of the building.
    pub address: String,
    /// The client.
    pub client: String,
    /// Its status.
    pub status: Status,
    /// Its inspector.
    pub inspector: Option<Person>,
    /// The day of the visit.
    pub scheduled_on: Option<NaiveDate>,
    /// Number of its sections and pieces of equipment that are unsafe.
    pub hazards: i64,
    /// Time of its last change, in UTC.
    #[serde(with = "crate::moment")]
    pub changed_at: DateTime<Utc>,
}

/// A page of inspections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionListPage {
    /// The rows, in the requested order.
    pub rows: Vec<InspectionRow>,
    /// Number of all matches by status, regardless of the status in the filter.
    pub counts: Vec<(Status, i64)>,
    /// Start of the next page, if there is one.
    pub next: Option<PageKey>,
}

/// End of a page of a list: the sort keys of its last row. The next page has the rows after it, so
/// that no row is shown twice because another one moved meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageKey {
    /// The id of the row, or of its last change if the list is sorted by that.
    pub id: i64,
    /// The value that it is sorted by before its id, if any.
    pub by: Option<String>,
}

/// Formats it for a URL: the id, and after a hyphen the value.
impl fmt::Display for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.by {
            Some(by) => write!(f, "{}-{by}", self.id),
            None => self.id.fmt(f),
        }
    }
}

impl FromStr for PageKey {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (id, by) = match text.split_once('-') {
            // Stored values have no control characters, and PostgreSQL rejects NUL.
            Some((_, by)) if by.contains(char::is_control) => return Err(()),
            Some((id, by)) => (id, Some(by.to_owned())),
            None => (text, None),
        };
        Ok(Self { id: id.parse().map_err(|_| ())?, by })
    }
}

/// Sort order of a list of inspections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sort {
    /// Last changed first.
    #[default]
    Changed,
    /// The next visit first, those without a date last.
    Scheduled,
    /// By reference, newest first.
    Reference,
    /// By name, A to Z.
    Name,
}

impl Sort {
    /// All of them, the default first.
    pub const ALL: [Self; 4] = [Self::Changed, Self::Scheduled, Self::Reference, Self::Name];

    /// Returns its name in a URL.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Scheduled => "scheduled",
            Self::Reference => "reference",
            Self::Name => "name",
        }
    }

    /// Returns the name people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Changed => "Last changed",
            Self::Scheduled => "Scheduled date",
            Self::Reference => "Reference",
            Self::Name => "Name",
        }
    }
}

impl FromStr for Sort {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|sort| sort.slug() == slug).ok_or(())
    }
}

/// Filter of a list of inspections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionFilter {
    /// Words that must occur in their texts, including notes and captions (`q`).
    pub words: String,
    /// Their status (`status`).
    pub status: Option<Status>,
    /// The sort order (`sort`).
    pub sort: Sort,
    /// The row after which the page starts; `None` for the first page (`after`).
    pub after: Option<PageKey>,
}

impl InspectionFilter {
    /// Number of rows on a page.
    pub const PAGE: u32 = 50;

    /// Parses a query string. Empty values, as forms send them, are ignored. A value that cannot be
    /// read is reported next to the remaining filter, in a message that says what to write instead.
    pub fn from_query(text: &str) -> (Self, Option<String>) {
        let mut filter = Self::default();
        let mut problem = None;
        for (key, written) in query::pairs(text) {
            let value = written.trim();
            if value.is_empty() {
                continue;
            }
            let hint = match key.as_str() {
                "q" => {
                    filter.words = value.to_owned();
                    None
                }
                "status" => {
                    filter.status = value.parse().ok();
                    filter.status.is_none().then_some("Use draft, review or complete.")
                }
                "sort" => {
                    let sort = value.parse();
                    filter.sort = sort.unwrap_or_default();
                    sort.is_err().then_some("Use changed, scheduled, reference or name.")
                }
                "after" => {
                    filter.after = written.parse().ok();
                    filter.after.is_none().then_some("Begin at the first page.")
                }
                _ => None,
            };
            if let Some(hint) = hint {
                problem.get_or_insert_with(|| format!("“{key}={value}” cannot be read. {hint}"));
            }
        }
        (filter, problem)
    }

    /// Formats the filter as a query string without a leading `?`; defaults are left out.
    pub fn to_query(&self) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        if !self.words.is_empty() {
            pairs.push(("q", self.words.clone()));
        }
        pairs.extend(self.status.iter().map(|status| ("status", status.to_string())));
        if self.sort != Sort::default() {
            pairs.push(("sort", self.sort.slug().into()));
        }
        pairs.extend(self.after.iter().map(|after| ("after", after.to_string())));
        query::encode(pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_read_as_it_is_written() {
        let filter = InspectionFilter {
            words: "roof & wall".into(),
            status: Some(Status::Review),
            sort: Sort::Name,
            after: Some(PageKey { id: 3, by: Some("Old mill ".into()) }),
        };
        assert_eq!(InspectionFilter::from_query(&filter.to_query()), (filter, None));
        let none = InspectionFilter::default();
        assert_eq!(InspectionFilter::from_query("q=&status=&sort=&after=&else=1"), (none, None));
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for (query, hint) in [
            ("status=done", "draft, review or complete"),
            ("sort=colour", "changed, scheduled"),
            ("after=x", "the first page"),
            ("after=123456789012345678901234567890", "the first page"),
        ] {
            let problem = InspectionFilter::from_query(query).1.expect(query);
            assert!(problem.contains(query) && problem.contains(hint), "{problem}");
        }
    }
}
