//! Changes, as the dashboard and the history of an inspection show them.

use crate::{
    Actor, Change, ChangeFilter, ChangeId, ChangePage, Comment, EntryPage, InspectionId, Person,
    SavedView, SectionId, Status, UserId,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// An inspection by its names, to choose it in a filter or to head its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionName {
    /// Which one.
    pub id: InspectionId,
    /// Its reference.
    pub reference: String,
    /// What it is called.
    pub name: String,
}

/// A page of the dashboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangesView {
    /// The query it answers: the one asked for, or where none was, what the person starts with.
    pub query: String,
    /// The changes, and the counts beside the filter.
    pub page: ChangePage,
    /// The people to choose from.
    pub people: Vec<Person>,
    /// The inspections to choose from: those that changed last, before them what else is chosen.
    pub inspections: Vec<InspectionName>,
    /// Data beside its changes.
    pub beside: Beside,
    /// The filters that the person keeps, where they stand beside the feed.
    pub views: Vec<SavedView>,
    /// The person who is looking.
    pub viewer: Actor,
    /// The day it is, UTC.
    pub today: NaiveDate,
    /// The number that the browser gave its request for this page; 0 from the server.
    pub round: u32,
}

/// Data that changes need to be shown, besides themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// Titles of the sections that the changes name by id.
    pub titles: Vec<(SectionId, String)>,
    /// Comments on the changes, oldest first.
    pub comments: Vec<Comment>,
    /// Those of them that were undone, each with the change that did it.
    pub undone: Vec<(ChangeId, ChangeId)>,
}

/// More of an opened entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryView {
    /// The changes.
    pub page: EntryPage,
    /// Data beside the changes.
    pub beside: Beside,
}

/// A page of an inspection's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryView {
    /// The inspection.
    pub inspection: InspectionName,
    /// Its status.
    pub status: Status,
    /// Whether it was removed.
    pub removed: bool,
    /// The changes, newest first.
    pub changes: Vec<Change>,
    /// Those of them that were undone, each with the change that did it.
    pub undone: Vec<(ChangeId, ChangeId)>,
    /// Older than this one, there are more.
    pub next: Option<ChangeId>,
    /// Titles of its sections.
    pub titles: Vec<(SectionId, String)>,
    /// Whether its record verifies.
    pub verified: Verified,
    /// Comments on its changes, oldest first.
    pub comments: Vec<Comment>,
    /// The person who is looking.
    pub viewer: UserId,
}

/// Whether the record of an inspection verifies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verified {
    /// It does, with so many changes.
    Sound(i64),
    /// It does not: the first thing that is wrong, in a sentence.
    Wrong(String),
}

/// The names and values of a form.
pub type Form = Vec<(String, String)>;

/// The outcome of an act on the dashboard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// A sentence about what was done; empty where nothing was.
    pub says: String,
    /// The form that takes it back.
    pub undo: Option<Form>,
    /// The inspections for which it was refused, and why; the rest went through.
    pub refused: Vec<(String, String)>,
    /// The question to answer before anything is done.
    pub confirm: Option<Confirm>,
}

impl Outcome {
    /// Returns whether all was done that was asked for.
    pub fn is_through(&self) -> bool {
        self.refused.is_empty() && self.confirm.is_none()
    }
}

/// A question to answer before an act is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirm {
    /// The question, with the number in it: "Mark 4 changes as reviewed?".
    pub question: String,
    /// The label of the button that agrees: "Mark 4 changes as reviewed".
    pub yes: String,
    /// The form to send again, with the number that is agreed to.
    pub form: Form,
}

impl ChangeFilter {
    /// Returns the query string of the dashboard's address. It always says what is asked for: where nothing is,
    /// that changes in any state are.
    pub fn to_explicit_query(&self) -> String {
        match self.to_query() {
            query if query.is_empty() => "state=".into(),
            query => query,
        }
    }
}
