//! Previews of undoing a change, of restoring a state, and of undoing a whole request.

use crate::{
    change::{Change, Comparison},
    id::{ChangeId, InspectionId, SectionId},
    revert::UndoConflict,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The change to undo, or the state to restore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RevertChoice {
    /// A change is undone.
    Undo {
        /// The change that the user selected.
        change: Change,
        /// Whether all changes of its request to the inspection are undone with it.
        all: bool,
        /// Changes of its request to the inspection that alter it, newest first.
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
pub struct RevertView {
    /// The inspection.
    pub inspection: InspectionId,
    /// Its reference.
    pub reference: String,
    /// Its name.
    pub name: String,
    /// The last change of the state that the preview is based on.
    pub head: ChangeId,
    /// The change to undo, or the state to restore.
    pub subject: RevertChoice,
    /// A description of each step, first step first.
    pub steps: Vec<String>,
    /// The differences that it makes.
    pub comparison: Comparison,
    /// Titles of the sections of both states.
    pub titles: Vec<(SectionId, String)>,
    /// Values and objects that were changed since, for the person to decide.
    pub conflicts: Vec<UndoConflict>,
    /// Reasons why parts of it are left as they are.
    pub skipped: Vec<String>,
    /// The reason why the viewer may not do it, if so.
    pub refused: Option<String>,
    /// The reason why the last attempt failed, as given in the page's address.
    pub failed: Option<String>,
    /// The request id under which it will be done.
    pub request: Uuid,
}

/// Inspections with the same outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alike {
    /// A description of the outcome.
    pub says: String,
    /// Number of inspections.
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
    /// Its present name.
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
    /// Number of its changes.
    pub changes: usize,
    /// Number of inspections that it changed.
    pub inspections: usize,
    /// Outcomes of inspections in which it can be undone, the largest group first.
    pub possible: Vec<Alike>,
    /// Outcomes of inspections that need a decision first.
    pub undecided: Vec<Alike>,
    /// Outcomes of inspections in which it cannot be undone, by reason.
    pub refused: Vec<Alike>,
    /// Number of inspections in which nothing is left to undo.
    pub already: usize,
    /// The newest change when this preview was made.
    pub seen: ChangeId,
    /// The request that just undid it, with the number of inspections in which it did.
    pub done: Option<(Uuid, usize)>,
    /// The request id under which it will be done.
    pub undoing: Uuid,
    /// Address and name of the parent page.
    pub above: (String, String),
}
