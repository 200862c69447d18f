//! An inspection and its contents, with access to every field by name.

use crate::{
    id::{ChangeId, EquipmentId, InspectionId, PhotoId, ReportId, SectionId},
    inspection::{Condition, Field, Status, Value, Values, name_of},
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
    /// The fields that a person can edit.
    pub const EDITABLE: &'static [Field] = &[
        Field::Name,
        Field::Address,
        Field::BuildingType,
        Field::Client,
        Field::ScheduledOn,
        Field::Inspector,
        Field::Summary,
    ];

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

/// Generates `FIELDS`, `get`, `set` and `values` of a struct from one table. A member that is
/// neither in the table nor among those `besides` is a compile error.
macro_rules! by_field {
    ($name:ident, $id:ident, besides [$($besides:ident),*], {
        $($field:ident => $member:ident, $pattern:pat => $from:expr;)*
    }) => {
        const _: fn($name) = |$name { $($besides: _,)* $($member: _,)* }| ();

        impl $name {
            /// Its fields, in display order.
            pub const FIELDS: &'static [Field] = &[$(Field::$field),*];

            /// Returns the value of one of its fields.
            pub fn get(&self, field: Field) -> Option<Value> {
                match field {
                    $(Field::$field => Some(self.$member.clone().into()),)*
                    _ => None,
                }
            }

            /// Sets a field. A field or a value that it cannot have is ignored: a record with one
            /// is not a [mutation](crate::change::Record::mutation), and a mutation with one is never
            /// [planned](Inspection::plan).
            pub(crate) fn set(&mut self, field: Field, value: Value) {
                match (field, value) {
                    $((Field::$field, $pattern) => self.$member = $from,)*
                    _ => {}
                }
            }

            /// Returns the values of all its fields.
            pub fn values(&self) -> Values {
                Self::FIELDS.iter().filter_map(|field| Some((*field, self.get(*field)?))).collect()
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
    Reference => reference, Value::Text(text) => text;
    Name => name, Value::Text(text) => text;
    Address => address, Value::Text(text) => text;
    BuildingType => building_type, Value::Text(text) => text;
    Client => client, Value::Text(text) => text;
    ScheduledOn => scheduled_on, Value::Date(day) => day;
    Inspector => inspector, Value::Person(person) => person;
    Summary => summary, Value::Text(text) => text;
    Status => status, Value::Status(status) => status;
});

by_field!(Section, SectionId, besides [id], {
    Title => title, Value::Text(text) => text;
    Condition => condition, Value::Condition(it) => it;
    Notes => notes, Value::Text(text) => text;
});

by_field!(Equipment, EquipmentId, besides [id], {
    Kind => kind, Value::Text(text) => text;
    Make => make, Value::Text(text) => text;
    Model => model, Value::Text(text) => text;
    Serial => serial, Value::Text(text) => text;
    Condition => condition, Value::Condition(it) => it;
});

by_field!(Photo, PhotoId, besides [id], {
    Caption => caption, Value::Text(text) => text;
    Section => section, Value::Section(it) => it;
    Name => name, Value::Text(text) => text;
    Sha256 => sha256, Value::Text(text) => text;
    MediaType => media_type, Value::Text(text) => text;
    Bytes => bytes, Value::Number(it) => it;
    Width => width, Value::Number(it) => it;
    Height => height, Value::Number(it) => it;
    Rank => rank, Value::Number(it) => it;
    Cover => cover, Value::Number(it) => it;
});

by_field!(Report, ReportId, besides [id], {
    Name => name, Value::Text(text) => text;
    Shows => shows, Value::Number(it) => ChangeId(it);
    Sha256 => sha256, Value::Text(text) => text;
    Bytes => bytes, Value::Number(it) => it;
    Pages => pages, Value::Number(it) => it;
    Content => content, Value::Text(text) => text;
    Final => is_final, Value::Number(it) => it == 1;
});

impl Section {
    /// The fields that a person can edit, including its position.
    pub const EDITABLE: &'static [Field] =
        &[Field::Title, Field::Condition, Field::Notes, Field::Position];
}

impl Equipment {
    /// Returns its name, made of its kind, manufacturer and model.
    pub fn name(&self) -> String {
        name_of(&self.values())
    }
}

impl Photo {
    /// The fields that a person can edit.
    pub const EDITABLE: &'static [Field] =
        &[Field::Caption, Field::Section, Field::Rank, Field::Cover];
}
