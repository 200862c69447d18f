//! Everything that can happen to an inspection.

use crate::{
    Action, ChangeId, Equipment, EquipmentId, Field, Inspection, Photo, PhotoId, Report, ReportId,
    Section, SectionId, Status, Values,
};
use serde::{Deserialize, Serialize};

/// What an edit or a removal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// The inspection itself.
    Inspection,
    /// One of its sections.
    Section(SectionId),
    /// A piece of its equipment.
    Equipment(EquipmentId),
    /// One of its photos.
    Photo(PhotoId),
}

impl Target {
    /// Returns the fields of it that a person edits.
    pub const fn editable(self) -> &'static [Field] {
        match self {
            Self::Inspection => Inspection::EDITABLE,
            Self::Section(_) => Section::EDITABLE,
            Self::Equipment(_) => Equipment::FIELDS,
            Self::Photo(_) => Photo::EDITABLE,
        }
    }
}

impl From<SectionId> for Target {
    fn from(id: SectionId) -> Self {
        Self::Section(id)
    }
}

impl From<EquipmentId> for Target {
    fn from(id: EquipmentId) -> Self {
        Self::Equipment(id)
    }
}

impl From<PhotoId> for Target {
    fn from(id: PhotoId) -> Self {
        Self::Photo(id)
    }
}

/// One thing that happens to one inspection. It holds what is new; what was before is put beside it
/// when it is [planned](Inspection::plan).
///
/// A thing that is added may have the id 0: [`assign`](Self::assign) gives it the id of the change
/// that adds it. One that comes back keeps the id it had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mutation {
    /// The inspection comes to be, its reference among the values.
    Create {
        /// Its own fields.
        values: Values,
    },
    /// Fields of the inspection, or of something in it, take new values.
    Edit {
        /// What is edited.
        target: Target,
        /// The new values.
        values: Values,
    },
    /// An admin puts fields of the inspection right, in whatever status it is. It is recorded as an
    /// edit, which its reason tells from others.
    Correct {
        /// The right values.
        values: Values,
        /// Why.
        reason: String,
    },
    /// The inspection moves to another status.
    SetStatus {
        /// The new status.
        to: Status,
        /// Why; needed to go back to draft.
        reason: Option<String>,
    },
    /// A section is added, or comes back.
    AddSection {
        /// The section.
        section: Section,
        /// Its place, from 1; the end if none is given.
        position: Option<i64>,
        /// The photos that come back with it.
        photos: Vec<Photo>,
    },
    /// A section goes, and its photos with it.
    RemoveSection {
        /// Which one.
        section: SectionId,
    },
    /// A piece of equipment is added, or comes back.
    AddEquipment {
        /// The piece.
        equipment: Equipment,
    },
    /// A photo is attached, or comes back.
    AddPhoto {
        /// The photo.
        photo: Photo,
    },
    /// A photo, a piece of equipment or the whole inspection goes. For a section this is
    /// [`RemoveSection`](Self::RemoveSection).
    Remove {
        /// What goes.
        target: Target,
    },
    /// The removed inspection comes back as it was. Only what [leads back](crate::Back) does this.
    BringBack,
    /// A rendered report is kept.
    CreateReport {
        /// The report.
        report: Report,
    },
    /// A kept report is read.
    DownloadReport {
        /// Which one.
        report: ReportId,
    },
}

impl Mutation {
    /// Returns the action it is recorded as. `None` for a status that no action leads to from `from`.
    pub fn action(&self, from: Status) -> Option<Action> {
        Some(match self {
            Self::Create { .. }
            | Self::Edit { .. }
            | Self::Correct { .. }
            | Self::AddEquipment { .. }
            | Self::BringBack => Action::Edit,
            Self::SetStatus { to, .. } => return from.step(*to),
            Self::AddSection { .. } => Action::AddSection,
            Self::RemoveSection { .. } | Self::Remove { target: Target::Section(_) } => {
                Action::RemoveSection
            }
            Self::AddPhoto { .. } => Action::AddPhoto,
            Self::Remove { .. } => Action::Remove,
            Self::CreateReport { .. } => Action::CreatePdf,
            Self::DownloadReport { .. } => Action::DownloadPdf,
        })
    }

    /// Returns whether it is about nothing but the fields of an inspection that is there, so that whoever
    /// plans it has to know nothing of what is in the inspection.
    pub const fn is_of_own_fields(&self) -> bool {
        matches!(
            self,
            Self::SetStatus { .. }
                | Self::Correct { .. }
                | Self::Edit { target: Target::Inspection, .. }
        )
    }

    /// The same, with the id of the change that performs it given to whatever it adds, unless that
    /// has an id already.
    #[must_use]
    pub fn assign(mut self, change: ChangeId) -> Self {
        let id = match &mut self {
            Self::AddSection { section, .. } => &mut section.id.0,
            Self::AddEquipment { equipment } => &mut equipment.id.0,
            Self::AddPhoto { photo } => &mut photo.id.0,
            Self::CreateReport { report } => &mut report.id.0,
            Self::Create { .. }
            | Self::Edit { .. }
            | Self::Correct { .. }
            | Self::SetStatus { .. }
            | Self::RemoveSection { .. }
            | Self::Remove { .. }
            | Self::BringBack
            | Self::DownloadReport { .. } => return self,
        };
        if *id == 0 {
            *id = change.0;
        }
        self
    }
}
