//! The past of an inspection: one moment of it, and two compared.

use crate::{Change, ChangeId, Comparison, Inspection, InspectionId, SectionId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An inspection as it stood after one of its changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastView {
    /// The inspection as it stood.
    pub inspection: Inspection,
    /// The change after which it stood so.
    pub change: Change,
    /// The number of that change, from 1.
    pub step: i64,
    /// The number of changes.
    pub steps: i64,
    /// The change before it, if it is not the first.
    pub previous: Option<ChangeId>,
    /// The change after it, if it is not the last.
    pub next: Option<ChangeId>,
    /// Whether the inspection stands otherwise now.
    pub differs: bool,
    /// Whether the viewer may make a report of it.
    pub may_report: bool,
    /// Whether the viewer may restore this moment.
    pub may_restore: bool,
    /// The request id for the plain form that makes a report.
    pub request: Uuid,
}

/// One of the two moments that are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// The change after which the inspection stood so.
    pub change: Change,
    /// Its number, from 1.
    pub step: i64,
}

/// Two moments of an inspection side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareView {
    /// The inspection.
    pub inspection: InspectionId,
    /// Its reference.
    pub reference: String,
    /// Its name now.
    pub name: String,
    /// The moment given as the earlier one.
    pub from: Side,
    /// The moment given as the later one.
    pub to: Side,
    /// The number of changes.
    pub steps: i64,
    /// Whether everything since a review was asked for, and there was none.
    pub never_reviewed: bool,
    /// The differences.
    pub comparison: Comparison,
    /// Titles of the sections of both.
    pub titles: Vec<(SectionId, String)>,
}
