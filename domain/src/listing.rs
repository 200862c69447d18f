//! The list of inspections, a page at a time.

use crate::{InspectionId, Person, Status, query};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// One inspection in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionRow {
    /// Its id.
    pub id: InspectionId,
    /// Its reference.
    pub reference: String,
    /// Its name.
    pub name: String,
    /// Where the building stands.
    pub address: String,
    /// For whom it is inspected.
    pub client: String,
    /// Where it stands.
    pub status: Status,
    /// Whose it is.
    pub inspector: Option<Person>,
    /// The day of the visit.
    pub scheduled_on: Option<NaiveDate>,
    /// How many of its sections and pieces of equipment are unsafe.
    pub hazards: i64,
    /// When it last changed, in UTC.
    #[serde(with = "crate::moment")]
    pub changed_at: DateTime<Utc>,
}

/// A page of inspections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionPage {
    /// The rows, in the order asked for.
    pub rows: Vec<InspectionRow>,
    /// How many match in all, whatever the status, by status.
    pub counts: Vec<(Status, i64)>,
    /// Whether another page follows.
    pub more: bool,
}

/// How a list of inspections is sorted.
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

    /// Its name in a URL.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Scheduled => "scheduled",
            Self::Reference => "reference",
            Self::Name => "name",
        }
    }

    /// The name people read.
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

/// Which inspections to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionFilter {
    /// With these words in reference, name, address or client (`q`).
    pub words: String,
    /// In this status (`status`).
    pub status: Option<Status>,
    /// In this order (`sort`).
    pub sort: Sort,
    /// Which page, from 1 (`page`).
    pub page: u32,
}

impl InspectionFilter {
    /// Rows on a page.
    pub const PAGE: u32 = 50;

    /// Reads a query string; what cannot be read is passed over.
    pub fn from_query(text: &str) -> Self {
        let mut filter = Self { page: 1, ..Self::default() };
        for (key, value) in query::pairs(text) {
            let value = value.trim();
            match key.as_str() {
                "q" => filter.words = value.to_owned(),
                "status" => filter.status = value.parse().ok(),
                "sort" => filter.sort = value.parse().unwrap_or_default(),
                "page" => filter.page = value.parse().unwrap_or(1).max(1),
                _ => {}
            }
        }
        filter
    }

    /// Writes the filter as a query string without a leading `?`; defaults are left out.
    pub fn to_query(&self) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        if !self.words.is_empty() {
            pairs.push(("q", self.words.clone()));
        }
        pairs.extend(self.status.iter().map(|status| ("status", status.to_string())));
        if self.sort != Sort::default() {
            pairs.push(("sort", self.sort.slug().into()));
        }
        if self.page > 1 {
            pairs.push(("page", self.page.to_string()));
        }
        query::encode(pairs)
    }
}
