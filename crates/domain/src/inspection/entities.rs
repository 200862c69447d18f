//! An inspection and its contents, with access to every field by name.

use crate::{
    id::{ChangeId, EquipmentId, InspectionId, PhotoId, ReportId, SectionId},
    inspection::{
        Condition, Field, Status, Value, ValueRef, Values,
        field::{ObjectKind, count_editable, editable},
        name_of,
        value::FieldValue,
    },
    people::Person,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A building inspection with its contents, in its state after the change [`head`](Self::head).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// Its id: that of the change that created it.
    pub id: InspectionId,
    /// The last change, which is the version that an edit is checked against; 0 before the first.
    pub head: ChangeId,
    /// The last change that altered what a report shows; 0 before the first.
    pub altered: ChangeId,
    /// Whether it was removed. A removed inspection keeps its records and refuses every action.
    pub removed: bool,
    /// Its reference, as in `BI-2026-0001`.
    pub reference: String,
    /// Its name.
    pub name: String,
    /// The address of the building.
    pub address: String,
    /// The kind of building.
    pub building_type: String,
    /// The client.
    pub client: String,
    /// The day of the visit.
    pub scheduled_on: Option<NaiveDate>,
    /// Its inspector.
    pub inspector: Option<Person>,
    /// A short summary of the findings.
    pub summary: String,
    /// Its status.
    pub status: Status,
    /// Its sections, in order.
    pub sections: Vec<Section>,
    /// Its equipment, oldest first.
    pub equipment: Vec<Equipment>,
    /// Its photos, oldest first; [`photos_of`](Self::photos_of) returns them in display order.
    pub photos: Vec<Photo>,
    /// Its stored reports, oldest first.
    pub reports: Vec<Report>,
}

/// A part of the building that is inspected on its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its id.
    pub id: SectionId,
    /// Its title, as in "Roof".
    pub title: String,
    /// The condition in which it was found.
    pub condition: Condition,
    /// The findings.
    pub notes: String,
}

/// A piece of equipment in the building.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Equipment {
    /// Its id.
    pub id: EquipmentId,
    /// The kind of equipment, as in "Boiler".
    pub kind: String,
    /// Its manufacturer.
    pub make: String,
    /// The manufacturer's name for the model.
    pub model: String,
    /// Its serial number.
    pub serial: String,
    /// The condition in which it was found.
    pub condition: Condition,
}

/// A photo of the inspection, or of one of its sections. Its bytes are stored under their hash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// Its id.
    pub id: PhotoId,
    /// The section it shows; `None` for the inspection as a whole.
    pub section: Option<SectionId>,
    /// The name of the uploaded file.
    pub name: String,
    /// A description of what it shows, as its caption and its alternative text.
    pub caption: String,
    /// SHA-256 of the uploaded bytes, in hexadecimal.
    pub sha256: String,
    /// `image/jpeg`, `image/png` or `image/webp`.
    pub media_type: String,
    /// Size of the uploaded file, in bytes.
    pub bytes: i64,
    /// Width once upright, in pixels.
    pub width: i64,
    /// Height once upright, in pixels.
    pub height: i64,
    /// The key that it is sorted by among the photos of its section; 0 until it is moved.
    pub rank: i64,
    /// 0 unless it was chosen as the cover; the photo with the greatest number is the cover.
    pub cover: i64,
}

/// A report that was rendered and stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// The name of its file.
    pub name: String,
    /// The change whose resulting state it shows.
    pub shows: ChangeId,
    /// SHA-256 of the PDF, in hexadecimal.
    pub sha256: String,
    /// Size of the PDF, in bytes.
    pub bytes: i64,
    /// Number of pages.
    pub pages: i64,
    /// The hash of the [content](Inspection::content) that it prints; empty where it was made before that was
    /// recorded.
    pub content: String,
    /// Whether it is of a complete inspection. One that is not says DRAFT on each page.
    pub is_final: bool,
}

impl Inspection {
    /// Returns the inspection before its first change.
    pub fn blank(id: InspectionId) -> Self {
        Self { id, ..Self::default() }
    }

    /// Returns a section of it.
    pub fn section(&self, id: SectionId) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// Returns a piece of equipment of it.
    pub fn equipment(&self, id: EquipmentId) -> Option<&Equipment> {
        self.equipment.iter().find(|equipment| equipment.id == id)
    }

    /// Returns a photo of it.
    pub fn photo(&self, id: PhotoId) -> Option<&Photo> {
        self.photos.iter().find(|photo| photo.id == id)
    }

    /// Returns a kept report of it.
    pub fn report(&self, id: ReportId) -> Option<&Report> {
        self.reports.iter().find(|report| report.id == id)
    }

    /// Returns a section's position, counted from 1.
    pub fn position(&self, id: SectionId) -> Option<i64> {
        let at = self.sections.iter().position(|section| section.id == id)?;
        i64::try_from(at + 1).ok()
    }
}

/// Generates `FIELDS`, `EDITABLE` and the access to fields of a struct from the names of its members.
/// A member that is neither in the table nor among those `besides` is a compile error.
macro_rules! by_field {
    ($name:ident, $id:ident, besides [$($besides:ident),*], {
        $($field:ident => $member:ident,)*
    }) => {
        const _: fn($name) = |$name { $($besides: _,)* $($member: _,)* }| ();

        impl $name {
            /// Its fields, in display order.
            pub const FIELDS: &'static [Field] = &[$(Field::$field),*];

            /// The fields that people can edit.
            pub const EDITABLE: &'static [Field] =
                &editable::<{ count_editable(ObjectKind::$name) }>(ObjectKind::$name, Self::FIELDS);

            /// Returns the value of one of its fields.
            pub fn get(&self, field: Field) -> Option<Value> {
                self.get_ref(field).map(Value::from)
            }

            /// Returns the value of one of its fields without a copy of its text.
            pub fn get_ref(&self, field: Field) -> Option<ValueRef<'_>> {
                match field {
                    $(Field::$field => Some(self.$member.to_value_ref()),)*
                    _ => None,
                }
            }

            /// Sets a field. A field or a value that it cannot have is ignored: a record with one
            /// is not a [mutation](crate::change::Record::mutation), and a mutation with one is never
            /// [planned](Inspection::plan).
            pub(crate) fn set(&mut self, field: Field, value: Value) {
                match field {
                    $(Field::$field => {
                        if let Some(value) = FieldValue::from_value(value) {
                            self.$member = value;
                        }
                    })*
                    _ => {}
                }
            }

            /// Returns the values of all its fields.
            pub fn values(&self) -> Values {
                Self::FIELDS.iter().filter_map(|field| Some((*field, self.get(*field)?))).collect()
            }

            /// Creates one with the values that `read` returns for its fields.
            ///
            /// # Errors
            /// The error of `read`.
            pub fn try_from_fields<E>(
                id: $id,
                mut read: impl FnMut(Field) -> Result<Value, E>,
            ) -> Result<Self, E> {
                let mut made = Self { id, ..Self::default() };
                for field in Self::FIELDS {
                    made.set(*field, read(*field)?);
                }
                Ok(made)
            }

            /// Creates one with these values; other fields keep their defaults.
            pub fn from_values(id: $id, values: &Values) -> Self {
                let mut made = Self { id, ..Self::default() };
                for (field, value) in values.iter() {
                    made.set(field, value.clone());
                }
                made
            }
        }
    };
}

by_field!(Inspection, InspectionId, besides [
    id, head, altered, removed, sections, equipment, photos, reports
], {
    Reference => reference,
    Name => name,
    Address => address,
    BuildingType => building_type,
    Client => client,
    ScheduledOn => scheduled_on,
    Inspector => inspector,
    Summary => summary,
    Status => status,
});

by_field!(Section, SectionId, besides [id], {
    Title => title,
    Condition => condition,
    Notes => notes,
});

by_field!(Equipment, EquipmentId, besides [id], {
    Kind => kind,
    Make => make,
    Model => model,
    Serial => serial,
    Condition => condition,
});

by_field!(Photo, PhotoId, besides [id], {
    Caption => caption,
    Section => section,
    Name => name,
    Sha256 => sha256,
    MediaType => media_type,
    Bytes => bytes,
    Width => width,
    Height => height,
    Rank => rank,
    Cover => cover,
});

by_field!(Report, ReportId, besides [id], {
    Name => name,
    Shows => shows,
    Sha256 => sha256,
    Bytes => bytes,
    Pages => pages,
    Content => content,
    Final => is_final,
});

impl Equipment {
    /// Returns its name, made of its kind, manufacturer and model.
    pub fn name(&self) -> String {
        name_of(&self.values())
    }
}
