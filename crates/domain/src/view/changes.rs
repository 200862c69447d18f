//! Changes, as the dashboard and the history of an inspection show them.

use crate::{
    change::Change,
    feed::{ChangePage, Comment, EntryPage, SavedView},
    id::{ChangeId, SectionId, UserId},
    inspection::{InspectionName, Status},
    people::{Actor, Person},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A page of the dashboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangesView {
    /// The query of the page: the requested one, or the person's start view if none was given.
    pub query: String,
    /// The changes, and the counts next to the filter.
    pub page: ChangePage,
    /// The people and inspections that the filter names.
    pub named: FilterValues,
    /// The people and inspections to choose from, for browsers that cannot load them when a menu
    /// opens.
    pub offered: Option<FilterValues>,
    /// Data shown with the changes.
    pub beside: ChangeContext,
    /// The person's saved views, if they are shown next to the feed.
    pub views: Vec<SavedView>,
    /// The viewer.
    pub viewer: Actor,
    /// Today's date, UTC.
    pub today: NaiveDate,
    /// Number that the browser gave its request for this page; 0 if the server rendered it.
    pub round: u32,
}

/// People and inspections in the menus of the dashboard's filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterValues {
    /// The people, by name.
    pub people: Vec<Person>,
    /// The inspections, most recently changed first.
    pub inspections: Vec<InspectionName>,
}

/// Data shown with changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeContext {
    /// Titles of the sections that the changes name by id.
    pub titles: Vec<(SectionId, String)>,
    /// Comments on the changes, oldest first.
    pub comments: Vec<Comment>,
    /// The undone changes among them, each with the change that undid it.
    pub undone: Vec<(ChangeId, ChangeId)>,
}

/// A further page of an opened entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryView {
    /// The changes.
    pub page: EntryPage,
    /// Data shown with the changes.
    pub beside: ChangeContext,
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
    /// The undone changes among them, each with the change that undid it.
    pub undone: Vec<(ChangeId, ChangeId)>,
    /// Start of the next page: changes older than this one.
    pub next: Option<ChangeId>,
    /// Titles of its sections.
    pub titles: Vec<(SectionId, String)>,
    /// Whether its record verifies.
    pub verified: Verified,
    /// Comments on its changes, oldest first.
    pub comments: Vec<Comment>,
    /// The viewer.
    pub viewer: UserId,
}

/// Result of verifying the record of an inspection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verified {
    /// It verifies, with this number of changes.
    Sound(i64),
    /// It does not verify; a sentence describes the first fault.
    Wrong(String),
}

/// Names and values of form fields.
pub type Form = Vec<(String, String)>;

/// Separates the two values of a button that acts on one entry, `ACTION ENTRY` under `do`, into
/// those of a form for the entry. The buttons of all entries share one form.
pub fn separate_entry(form: Form) -> Form {
    let mut separated = Form::with_capacity(form.len() + 1);
    for (name, value) in form {
        match value.split_once(' ') {
            Some((act, entry)) if name == "do" => {
                separated.push(("entry".into(), entry.into()));
                separated.push((name, act.into()));
            }
            _ => separated.push((name, value)),
        }
    }
    separated
}

/// Outcome of an action on the dashboard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// A sentence that says what was done; empty if nothing was.
    pub says: String,
    /// The form that undoes it.
    pub undo: Option<Form>,
    /// The inspections for which it was refused, with the reasons; the others succeeded.
    pub refused: Vec<(String, String)>,
    /// The question to answer before anything is done.
    pub confirm: Option<Confirm>,
}

impl Outcome {
    /// Returns whether everything was done that was requested.
    pub fn is_through(&self) -> bool {
        self.refused.is_empty() && self.confirm.is_none()
    }
}

/// A question to answer before an action is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirm {
    /// The question, with the number in it: "Mark 4 changes as reviewed?".
    pub question: String,
    /// The label of the confirming button: "Mark 4 changes as reviewed".
    pub yes: String,
    /// The form to send again, with the confirmed number.
    pub form: Form,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_button_of_an_entry_sends_what_a_form_for_it_would() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let sent = vec![pair("newest", "9"), pair("do", "reviewed day:2026-03-01")];
        let form = [pair("newest", "9"), pair("entry", "day:2026-03-01"), pair("do", "reviewed")];
        assert_eq!(separate_entry(sent), form);
        let plain = vec![pair("do", "comment"), pair("text", "Which side?")];
        assert_eq!(separate_entry(plain.clone()), plain);
    }
}
