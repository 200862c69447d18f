//! All mutations of an inspection.

use crate::{
    change::{Action, MutationKind},
    id::{ChangeId, ReportId, SectionId},
    inspection::{Equipment, Photo, Report, Section, Status, Target, Values},
};
use serde::{Deserialize, Serialize};

/// A mutation of one inspection. It has the new values; the old ones are added when it is
/// [planned](crate::inspection::Inspection::plan).
///
/// A new object may have the id 0: [`assign`](Self::assign) gives it the id of the change that adds
/// it. An object that is brought back keeps its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mutation {
    /// Creates the inspection; the values include its reference.
    Create {
        /// Its own fields.
        values: Values,
    },
    /// Sets fields of the inspection, or of an object in it.
    Edit {
        /// The object to edit.
        target: Target,
        /// The new values.
        values: Values,
    },
    /// Corrects fields of the inspection in any status, by an admin. It is recorded as an edit with
    /// a reason, by which it is recognised.
    Correct {
        /// The correct values.
        values: Values,
        /// The reason.
        reason: String,
    },
    /// Moves the inspection to another status.
    SetStatus {
        /// The new status.
        to: Status,
        /// The reason; required for going back to draft.
        reason: Option<String>,
    },
    /// Adds a section, or brings one back.
    AddSection {
        /// The section.
        section: Section,
        /// Its position, counted from 1; `None` for the end.
        position: Option<i64>,
        /// The photos that are brought back with it.
        photos: Vec<Photo>,
    },
    /// Removes a section with its photos.
    RemoveSection {
        /// Id of the section.
        section: SectionId,
    },
    /// Adds a piece of equipment, or brings one back.
    AddEquipment {
        /// The piece.
        equipment: Equipment,
    },
    /// Attaches a photo, or brings one back.
    AddPhoto {
        /// The photo.
        photo: Photo,
    },
    /// Removes a photo, a piece of equipment or the whole inspection. For a section this is
    /// [`RemoveSection`](Self::RemoveSection).
    Remove {
        /// The object to remove.
        target: Target,
    },
    /// Brings the removed inspection back as it was. Only a [revert](crate::change::RevertOf) does this.
    BringBack,
    /// Stores a rendered report.
    CreateReport {
        /// The report.
        report: Report,
    },
    /// Serves a stored report.
    DownloadReport {
        /// Id of the report.
        report: ReportId,
    },
}

impl Mutation {
    /// Returns the kind that it is of. The removal of a section is of one kind, however it is asked for.
    pub const fn kind(&self) -> MutationKind {
        match self {
            Self::Create { .. } => MutationKind::Create,
            Self::Edit { .. } => MutationKind::Edit,
            Self::Correct { .. } => MutationKind::Correct,
            Self::SetStatus { .. } => MutationKind::SetStatus,
            Self::AddSection { .. } => MutationKind::AddSection,
            Self::RemoveSection { .. } | Self::Remove { target: Target::Section(_) } => {
                MutationKind::RemoveSection
            }
            Self::AddEquipment { .. } => MutationKind::AddEquipment,
            Self::AddPhoto { .. } => MutationKind::AddPhoto,
            Self::Remove { .. } => MutationKind::Remove,
            Self::BringBack => MutationKind::BringBack,
            Self::CreateReport { .. } => MutationKind::CreateReport,
            Self::DownloadReport { .. } => MutationKind::DownloadReport,
        }
    }

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

    /// Returns the values that it gives fields of the inspection or of something in it.
    pub const fn values(&self) -> Option<&Values> {
        match self {
            Self::Create { values } | Self::Edit { values, .. } | Self::Correct { values, .. } => {
                Some(values)
            }
            _ => None,
        }
    }

    /// Returns these values for changing them.
    pub const fn values_mut(&mut self) -> Option<&mut Values> {
        match self {
            Self::Create { values } | Self::Edit { values, .. } | Self::Correct { values, .. } => {
                Some(values)
            }
            _ => None,
        }
    }

    /// Returns the object that it edits or removes; the inspection for any other mutation.
    pub(crate) const fn target(&self) -> Target {
        match self {
            Self::Edit { target, .. } | Self::Remove { target } => *target,
            Self::RemoveSection { section } => Target::Section(*section),
            _ => Target::Inspection,
        }
    }

    /// Returns whether it completes the inspection.
    pub(crate) const fn completes(&self) -> bool {
        matches!(self, Self::SetStatus { to: Status::Complete, .. })
    }

    /// Returns whether it is about nothing but the fields of an inspection that is there, so that whoever
    /// plans it has to know nothing of what is in the inspection.
    pub const fn is_of_own_fields(&self) -> bool {
        self.kind().sets_fields() && matches!(self.target(), Target::Inspection)
    }

    /// Assigns the id of the change that performs it to the object that it adds, unless that has an
    /// id already.
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
