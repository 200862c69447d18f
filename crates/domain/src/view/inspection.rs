//! An inspection, for its page.

use crate::{
    change::Change,
    feed::Comment,
    inspection::Inspection,
    people::{Actor, Person},
};
use serde::{Deserialize, Serialize};

/// An inspection as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionView {
    /// The inspection.
    pub inspection: Inspection,
    /// Its latest changes, newest first.
    pub changes: Vec<Change>,
    /// Comments of reviewers on its changes, oldest first.
    pub comments: Vec<Comment>,
    /// The status change that sent it back to draft, while it is one.
    pub sent_back: Option<Change>,
    /// The changes that made its latest reports.
    pub made_reports: Vec<Change>,
    /// People it can be assigned to; empty for viewers who may not assign it.
    pub people: Vec<Person>,
    /// The viewer.
    pub viewer: Actor,
}
