//! Data of the start page: the work that waits for a person.

use crate::{feed::ChangeRow, inspection::InspectionRow, people::Actor};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The work that waits for a person, as the start page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartPageData {
    /// The person.
    pub viewer: Actor,
    /// Today's date, UTC.
    pub today: NaiveDate,
    /// Their own drafts.
    pub drafts: Drafts,
    /// Inspections that wait for a reviewer, longest first.
    pub review: Vec<InReview>,
    /// Number of all inspections that wait for a reviewer.
    pub in_review: i64,
    /// The latest changes, for people who review.
    pub latest: Vec<ChangeRow>,
    /// Whether the viewer has the only account; it is only determined for admins, and only before
    /// the first change.
    pub alone: bool,
}

/// An inspection that waits for a reviewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InReview {
    /// The inspection.
    pub row: InspectionRow,
    /// Time since which it waits.
    pub since: DateTime<Utc>,
}

/// A draft that a reviewer sent back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentBack {
    /// The inspection.
    pub row: InspectionRow,
    /// The name of the person who sent it back.
    pub who: String,
    /// The reason.
    pub reason: String,
    /// Time when it was sent back.
    pub at: DateTime<Utc>,
}

/// A person's drafts, each listed once: sent back, then due, then the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafts {
    /// Sent back, the latest first.
    pub sent_back: Vec<SentBack>,
    /// Overdue or due soon, the most urgent first.
    pub due: Vec<InspectionRow>,
    /// All others, in the order of the query.
    pub others: Vec<InspectionRow>,
    /// Whether there are more than these.
    pub more: bool,
}

impl Drafts {
    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sent_back.is_empty() && self.due.is_empty() && self.others.is_empty()
    }
}
