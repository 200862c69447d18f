//! Past states of an inspection: one of them, and two compared.

use crate::{
    change::{Change, Comparison},
    id::{ChangeId, InspectionId, SectionId},
    inspection::Inspection,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// State of an inspection after one of its changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastView {
    /// The inspection in that state.
    pub inspection: Inspection,
    /// The change that led to it.
    pub change: Change,
    /// Number of that change, counted from 1.
    pub step: i64,
    /// Number of all changes.
    pub steps: i64,
    /// The change before it, if it is not the first.
    pub previous: Option<ChangeId>,
    /// The change after it, if it is not the last.
    pub next: Option<ChangeId>,
    /// Whether the present state differs.
    pub differs: bool,
    /// Whether the viewer may make a report of it.
    pub may_report: bool,
    /// Whether the viewer may restore it.
    pub may_restore: bool,
    /// The request id for the plain form that makes a report.
    pub request: Uuid,
}

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// The change that led to the state.
    pub change: Change,
    /// Its number, counted from 1.
    pub step: i64,
}

/// Two states of an inspection, compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareView {
    /// The inspection.
    pub inspection: InspectionId,
    /// Its reference.
    pub reference: String,
    /// Its present name.
    pub name: String,
    /// The state given as the earlier one.
    pub from: Side,
    /// The state given as the later one.
    pub to: Side,
    /// Number of all changes.
    pub steps: i64,
    /// Whether everything since a review was requested, and there was no review.
    pub never_reviewed: bool,
    /// The differences.
    pub comparison: Comparison,
    /// Titles of the sections in both.
    pub titles: Vec<(SectionId, String)>,
}
