//! The content of the outbox's entries, in memory and as it is stored.

use crate::inspections::{Typed, asked_by, form_of};
use domain::{
    Change, ChangeId, Field, InspectionId, Mutation, SectionId, UserId,
    outbox::{Content, Entry, Stage},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The version of what is stored. A field whose meaning changes takes a new name; this changes only
/// where the whole can no longer be read.
const VERSION: u8 = 1;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Work {
    /// What a form asks for, by the names of its controls, as it is sent without scripts too.
    Form(Typed),
    /// A photo to attach; its bytes stand beside it.
    Photo(Photo),
    /// What no form says, such as bringing back what was removed: gone with the page.
    #[serde(skip)]
    Passing(Box<Mutation>),
}

/// A photo on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Photo {
    pub(crate) section: Option<SectionId>,
    /// The name of its file.
    pub(crate) name: String,
    pub(crate) media_type: String,
    /// The request it is recorded under, with those that were chosen together.
    pub(crate) request: Uuid,
}

impl Work {
    /// The work of a mutation.
    pub(crate) fn of(mutation: &Mutation) -> Self {
        match form_of(mutation) {
            Some(form) => Self::Form(form),
            None => Self::Passing(Box::new(mutation.clone())),
        }
    }

    /// The mutation it asks for; none for a photo, or where a draft cannot stand as it is.
    pub(crate) fn mutation(&self) -> Option<Mutation> {
        match self {
            Self::Form(form) => asked_by(form).ok(),
            Self::Passing(mutation) => Some((**mutation).clone()),
            Self::Photo(_) => None,
        }
    }

    /// Whether it is an edit of fields.
    fn is_edit(&self) -> bool {
        matches!(self, Self::Form(form) if form.get("do").is_some_and(|deed| deed == "edit"))
    }
}

/// Work of this page, or of one that is gone.
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
}

/// An entry as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Stored {
    version: u8,
    pub(super) id: Uuid,
    pub(super) person: UserId,
    /// The tab that is responsible for it.
    pub(super) tab: Uuid,
    inspection: InspectionId,
    trunk: ChangeId,
    stage: Stage,
    work: Work,
}

impl Stored {
    /// The entry as it is stored by that tab; none where it cannot be.
    pub(super) fn new(entry: &Entry<Item>, tab: Uuid) -> Option<Self> {
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

    /// The entry.
    pub(super) fn into_entry(self) -> Entry<Item> {
        let Self { id, person, inspection, trunk, stage, work, .. } = self;
        let content = Item { work, form_is_open: false };
        Entry { id, person, inspection, trunk, stage, sent: true, content }
    }

    pub(super) fn is_draft(&self) -> bool {
        self.stage == Stage::Draft
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Target, Value, Values};

    #[test]
    fn what_is_stored_is_read_again() {
        let values = Values::new().with(Field::Notes, Value::text("Slates slipped."));
        let target = Target::Section(SectionId(5));
        let mutation = Mutation::Edit { target, values };
        let entry = Entry {
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
