//! Objects of an inspection, and access to their names and values.

use crate::{
    id::{EquipmentId, PhotoId, SectionId},
    inspection::{Equipment, Field, Inspection, Photo, Section, Value},
};
use serde::{Deserialize, Serialize};

/// The object of an edit or a removal.
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
    /// Returns those of its fields that a person can edit.
    pub const fn editable(self) -> &'static [Field] {
        match self {
            Self::Inspection => Inspection::EDITABLE,
            Self::Section(_) => Section::EDITABLE,
            Self::Equipment(_) => Equipment::EDITABLE,
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

impl Inspection {
    /// Returns the name of the inspection, or of an object in it.
    pub fn name_of(&self, target: Target) -> Option<String> {
        Some(match target {
            Target::Inspection => format!("{} {}", self.reference, self.name),
            Target::Section(id) => self.section(id)?.title.clone(),
            Target::Equipment(id) => self.equipment(id)?.name(),
            Target::Photo(id) => self.photo(id)?.name.clone(),
        })
    }

    /// Returns the value of a field of the inspection or of an object in it.
    pub fn value(&self, target: Target, field: Field) -> Option<Value> {
        match target {
            Target::Inspection => self.get(field),
            Target::Section(id) if field == Field::Position => self.position(id).map(Value::Number),
            Target::Section(id) => self.section(id)?.get(field),
            Target::Equipment(id) => self.equipment(id)?.get(field),
            Target::Photo(id) => self.photo(id)?.get(field),
        }
    }
}
