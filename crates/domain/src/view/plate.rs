//! The start page: the work that waits for a person.

use crate::{Actor, ChangeRow, InspectionRow};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The work that waits for a person, as the start page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plate {
    /// The person.
    pub viewer: Actor,
    /// The day it is, UTC.
    pub today: NaiveDate,
    /// Their own drafts.
    pub drafts: Drafts,
    /// Inspections that wait for a reviewer, longest first.
    pub review: Vec<InReview>,
    /// The number that wait in all.
    pub in_review: i64,
    /// The latest changes, for people who review.
    pub latest: Vec<ChangeRow>,
    /// Whether nobody else has an account; asked for admins alone, while nothing has happened yet.
    pub alone: bool,
}

/// An inspection that waits for a reviewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InReview {
    /// The inspection.
    pub row: InspectionRow,
    /// The time since which it waits.
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
    /// The time.
    pub at: DateTime<Utc>,
}

/// Somebody's drafts, each once: what came back before what is due, and that before the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafts {
    /// Sent back, the latest first.
    pub sent_back: Vec<SentBack>,
    /// Overdue or due soon, the most urgent first.
    pub due: Vec<InspectionRow>,
    /// All others, as they came.
    pub others: Vec<InspectionRow>,
    /// Whether there are more than these.
    pub more: bool,
}

impl Drafts {
    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.sent_back.is_empty() && self.due.is_empty() && self.others.is_empty()
    }
}
