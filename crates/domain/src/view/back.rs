//! Previews: of undoing a change, of restoring a state, and of undoing a whole request.

use crate::{Change, ChangeId, Clash, Comparison, InspectionId, SectionId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The change to undo, or the state to restore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Meant {
    /// A change is undone.
    Undo {
        /// The change that was pointed at.
        change: Change,
        /// Whether all that its request did to the inspection is undone with it.
        all: bool,
        /// What its request did to the inspection, newest first; without what alters nothing.
        request: Vec<Change>,
        /// Whether its request touched other inspections too.
        elsewhere: bool,
    },
    /// The state after a change is restored.
    Restore {
        /// The change.
        change: Change,
    },
}

/// A preview of undoing a change or restoring a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackView {
    /// The inspection.
    pub inspection: InspectionId,
    /// Its reference.
    pub reference: String,
    /// Its name.
    pub name: String,
    /// The last change of the state that this was planned for.
    pub head: ChangeId,
    /// The change to undo, or the state to restore.
    pub meant: Meant,
    /// A description of each step, first step first.
    pub deeds: Vec<String>,
    /// The differences that it makes.
    pub comparison: Comparison,
    /// Titles of the sections of both states.
    pub titles: Vec<(SectionId, String)>,
    /// Fields and things that were changed since, for the person to decide.
    pub clashes: Vec<Clash>,
    /// The reasons for which parts of it are left as they are.
    pub left: Vec<String>,
    /// The reason for which the viewer may not do it, if so.
    pub refused: Option<String>,
    /// The reason for which the last attempt failed, as the page's address names it.
    pub failed: Option<String>,
    /// The request id under which it will be done.
    pub request: Uuid,
}

/// Inspections with the same outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alike {
    /// A description of the outcome.
    pub says: String,
    /// The number of inspections.
    pub count: usize,
    /// The inspections that are listed.
    pub inspections: Vec<Touched>,
}

/// An inspection that the request touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// The inspection.
    pub id: InspectionId,
    /// Its reference.
    pub reference: String,
    /// Its name now.
    pub name: String,
    /// A change of the request to it.
    pub change: ChangeId,
}

/// A preview of undoing a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestView {
    /// The request.
    pub request: Uuid,
    /// One of its changes.
    pub change: Change,
    /// The number of its changes.
    pub changes: usize,
    /// The number of inspections that it changed.
    pub inspections: usize,
    /// Outcomes where it can be undone, most inspections first.
    pub possible: Vec<Alike>,
    /// Outcomes where somebody has to decide first.
    pub undecided: Vec<Alike>,
    /// Outcomes where it cannot be undone, by the reason.
    pub refused: Vec<Alike>,
    /// The number of inspections in which nothing is left to undo.
    pub already: usize,
    /// The newest change there was when this was made.
    pub seen: ChangeId,
    /// The request that just undid it, and the number of inspections in which it did.
    pub done: Option<(Uuid, usize)>,
    /// The request id under which it will be done.
    pub undoing: Uuid,
    /// The page above: its address and its name.
    pub above: (String, String),
}
