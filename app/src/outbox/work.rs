//! Content of outbox entries, in memory and in storage.

use crate::form::{Typed, form_of, mutation as asked_by};
use domain::{
    change::{Change, Mutation},
    id::{ChangeId, InspectionId, SectionId, UserId},
    inspection::Field,
    outbox::{Content, OutboxEntry, Stage},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Version of the stored format. A field whose meaning changes gets a new name; the version changes
/// only when the whole format becomes unreadable.
const VERSION: u8 = 1;

/// Work that an entry performs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Work {
    /// Form data by control name, encoded as it is sent without scripts.
    Form(Typed),
    /// Photo to attach; its bytes are stored separately.
    Photo(Photo),
    /// Mutation without a form encoding, such as restoring a removed section; lost when the page
    /// closes.
    #[serde(skip)]
    Passing(Box<Mutation>),
}

/// Photo to upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Photo {
    pub(crate) section: Option<SectionId>,
    /// File name.
    pub(crate) name: String,
    pub(crate) media_type: String,
    /// Request id it is recorded under, shared by all photos chosen together.
    pub(crate) request: Uuid,
    /// Position among the photos chosen together, from 1.
    pub(crate) ordinal: i64,
}

impl Work {
    /// Converts a mutation to work, as form data when it has a form encoding.
    pub(crate) fn of(mutation: &Mutation) -> Self {
        match form_of(mutation) {
            Some(form) => Self::Form(form),
            None => Self::Passing(Box::new(mutation.clone())),
        }
    }

    /// Returns the requested mutation; `None` for a photo and for an incomplete draft.
    pub(crate) fn mutation(&self) -> Option<Mutation> {
        match self {
            Self::Form(form) => asked_by(form).ok(),
            Self::Passing(mutation) => Some((**mutation).clone()),
            Self::Photo(_) => None,
        }
    }

    /// Returns whether it is an edit of fields.
    fn is_edit(&self) -> bool {
        matches!(self, Self::Form(form) if form.get("do").is_some_and(|action| action == "edit"))
    }
}

/// Content of an entry of this page, or of one adopted from a closed tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) work: Work,
    /// Whether its form is still open and shows why it was refused.
    pub(crate) form_is_open: bool,
}

impl Content for Item {
    fn lane(&self) -> u8 {
        u8::from(matches!(self.work, Work::Photo(_)))
    }

    fn follows(&self, change: &Change, person: UserId) -> bool {
        let record = &change.record;
        match self.work.mutation() {
            _ if change.user_id != Some(person) => false,
            Some(Mutation::Edit { target, values }) => {
                record.target() == Some(target)
                    && values.fields().any(|field| record.fields.contains(&field))
            }
            Some(Mutation::SetStatus { .. }) => record.fields == [Field::Status],
            _ => false,
        }
    }

    fn is_held_when_refused(&self) -> bool {
        !self.form_is_open
    }

    fn replaces(&self, earlier: &Self) -> bool {
        match (&self.work, &earlier.work) {
            (Work::Form(own), Work::Form(other)) => {
                let same = |key: &str| own.get(key) == other.get(key);
                self.work.is_edit() && same("do") && same("target") && own.keys().eq(other.keys())
            }
            _ => false,
        }
    }

    fn close_form(&mut self) {
        self.form_is_open = false;
    }
}

/// Stored form of an entry.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Stored {
    version: u8,
    pub(super) id: Uuid,
    pub(super) person: UserId,
    /// Tab that owns the entry.
    pub(super) tab: Uuid,
    inspection: InspectionId,
    trunk: ChangeId,
    stage: Stage,
    work: Work,
}

impl Stored {
    /// Converts an entry owned by `tab` for storage; `None` for work that cannot be stored.
    pub(super) fn new(entry: &OutboxEntry<Item>, tab: Uuid) -> Option<Self> {
        if matches!(entry.content.work, Work::Passing(_)) {
            return None;
        }
        Some(Self {
            version: VERSION,
            id: entry.id,
            person: entry.person,
            tab,
            inspection: entry.inspection,
            trunk: entry.trunk,
            stage: entry.stage.clone(),
            work: entry.content.work.clone(),
        })
    }

    /// Converts it back to an outbox entry, marked as possibly sent.
    pub(super) fn into_entry(self) -> OutboxEntry<Item> {
        let Self { id, person, inspection, trunk, stage, work, .. } = self;
        let content = Item { work, form_is_open: false };
        OutboxEntry { id, person, inspection, trunk, stage, sent: true, content }
    }

    pub(super) fn is_draft(&self) -> bool {
        self.stage == Stage::Draft
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::inspection::{Target, Value, Values};

    #[test]
    fn what_is_stored_is_read_again() {
        let values = Values::new().with(Field::Notes, Value::text("Slates slipped."));
        let target = Target::Section(SectionId(5));
        let mutation = Mutation::Edit { target, values };
        let entry = OutboxEntry {
            id: Uuid::from_u128(1),
            person: UserId(2),
            inspection: InspectionId(3),
            trunk: ChangeId(4),
            stage: Stage::Waiting,
            sent: true,
            content: Item { work: Work::of(&mutation), form_is_open: false },
        };
        let stored = Stored::new(&entry, Uuid::from_u128(9)).unwrap();
        let text = serde_json::to_string(&stored).unwrap();
        let read: Stored = serde_json::from_str(&text).unwrap();
        assert_eq!(read.into_entry(), entry);
        assert_eq!(entry.content.work.mutation(), Some(mutation));
    }
}
