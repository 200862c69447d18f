//! An inspection for its page.

use crate::{Actor, Change, Comment, Inspection, Person};
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
    /// The step that sent it back to draft, while it is one.
    pub sent_back: Option<Change>,
    /// The changes that made its latest reports.
    pub made_reports: Vec<Change>,
    /// People it can be given to; empty for viewers who may not give it to someone else.
    pub people: Vec<Person>,
    /// The person who is looking.
    pub viewer: Actor,
}
