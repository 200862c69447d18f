//! Names of the fields of all tracked objects.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Type of a field's value. It decides how the value is read from JSON and entered in forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// One line of text.
    Line,
    /// Text of any number of lines.
    Prose,
    /// A calendar day, or none.
    Date,
    /// A [`Status`](crate::inspection::Status).
    Status,
    /// A [`Condition`](crate::inspection::Condition).
    Condition,
    /// A [`Person`](crate::people::Person), or none.
    Person,
    /// A whole number.
    Number,
    /// A section of the same inspection, or none.
    Section,
}

/// Kind of object that has fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ObjectKind {
    /// The inspection itself.
    Inspection,
    /// A section.
    Section,
    /// A piece of equipment.
    Equipment,
    /// A photo.
    Photo,
    /// A stored report.
    Report,
}

/// Place of a field's value in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportPlace {
    /// With its label, among the facts of its object.
    Facts,
    /// A place of its own in the template.
    Own,
    /// None.
    Omitted,
}

macro_rules! fields {
    ($(
        $(#[$doc:meta])*
        $name:ident = $slug:literal, $label:literal, $kind:ident {
            columns: [$($column:literal),+],
            editable: [$($object:ident),*],
            in_form: $in_form:literal,
            searched: $searched:literal,
            filtered: $filtered:literal,
            report: $place:ident,
        }
    )*) => {
        /// A field of an inspection or of an object in it. Slugs are stored and used in URLs.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Field {
            $($(#[$doc])* #[serde(rename = $slug)] $name,)*
        }

        impl Field {
            /// All fields.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Returns the stored name, as in `scheduled_on`.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// Returns the name people read, as in "Scheduled date".
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }

            /// Returns the type of its value.
            pub const fn kind(self) -> ValueKind {
                match self { $(Self::$name => ValueKind::$kind,)* }
            }

            /// Returns the columns that store it: that of the id and that of the name for a person,
            /// one for any other type.
            pub const fn columns(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($column),+],)* }
            }

            /// Returns whether people enter it in the form of its object, and not with buttons.
            pub const fn is_in_form(self) -> bool {
                match self { $(Self::$name => $in_form,)* }
            }

            /// Returns whether a search finds its values. Values that only the program uses are not
            /// searched: hashes, sizes, and ids of other objects.
            pub const fn is_searched(self) -> bool {
                match self { $(Self::$name => $searched,)* }
            }

            /// Returns whether the menu of the dashboard's filter offers it.
            pub const fn is_filtered(self) -> bool {
                match self { $(Self::$name => $filtered,)* }
            }

            /// Returns the place of its value in the report.
            pub const fn report_place(self) -> ReportPlace {
                match self { $(Self::$name => ReportPlace::$place,)* }
            }

            /// Returns whether people can edit it in an object of this kind.
            const fn is_editable_in(self, kind: ObjectKind) -> bool {
                let kinds: u8 = match self {
                    $(Self::$name => 0 $(| 1 << ObjectKind::$object as u8)*,)*
                };
                kinds & (1 << kind as u8) != 0
            }
        }
    };
}

fields! {
    /// The inspection's reference, given by the server.
    Reference = "reference", "Reference", Line {
        columns: ["reference"], editable: [], in_form: false,
        searched: true, filtered: false, report: Own,
    }
    /// The name of an inspection, or of a photo's or a report's file.
    Name = "name", "Name", Line {
        columns: ["name"], editable: [Inspection], in_form: true,
        searched: true, filtered: true, report: Own,
    }
    /// The address of the building.
    Address = "address", "Address", Line {
        columns: ["address"], editable: [Inspection], in_form: true,
        searched: true, filtered: true, report: Own,
    }
    /// The kind of building.
    BuildingType = "building_type", "Building type", Line {
        columns: ["building_type"], editable: [Inspection], in_form: true,
        searched: true, filtered: true, report: Facts,
    }
    /// The client of the inspection.
    Client = "client", "Client", Line {
        columns: ["client"], editable: [Inspection], in_form: true,
        searched: true, filtered: true, report: Facts,
    }
    /// The day of the visit.
    ScheduledOn = "scheduled_on", "Scheduled date", Date {
        columns: ["scheduled_on"], editable: [Inspection], in_form: true,
        searched: true, filtered: true, report: Facts,
    }
    /// The inspector of the inspection.
    Inspector = "inspector", "Inspector", Person {
        columns: ["inspector_id", "inspector_name"], editable: [Inspection], in_form: true,
        searched: true, filtered: true, report: Facts,
    }
    /// A short summary of the findings.
    Summary = "summary", "Summary", Prose {
        columns: ["summary"], editable: [Inspection], in_form: true,
        searched: true, filtered: true, report: Own,
    }
    /// The status of the inspection.
    Status = "status", "Status", Status {
        columns: ["status"], editable: [], in_form: false,
        searched: true, filtered: true, report: Own,
    }
    /// A section's title.
    Title = "title", "Title", Line {
        columns: ["title"], editable: [Section], in_form: true,
        searched: true, filtered: true, report: Own,
    }
    /// A section's position, counted from 1.
    Position = "position", "Position", Number {
        columns: ["position"], editable: [Section], in_form: false,
        searched: true, filtered: true, report: Omitted,
    }
    /// The condition in which a section or a piece of equipment was found.
    Condition = "condition", "Condition", Condition {
        columns: ["condition"], editable: [Section, Equipment], in_form: true,
        searched: true, filtered: true, report: Own,
    }
    /// The findings.
    Notes = "notes", "Notes", Prose {
        columns: ["notes"], editable: [Section], in_form: true,
        searched: true, filtered: true, report: Own,
    }
    /// The kind of a piece of equipment.
    Kind = "kind", "Kind", Line {
        columns: ["kind"], editable: [Equipment], in_form: true,
        searched: true, filtered: true, report: Own,
    }
    /// The manufacturer of a piece of equipment.
    Make = "make", "Make", Line {
        columns: ["make"], editable: [Equipment], in_form: true,
        searched: true, filtered: true, report: Own,
    }
    /// The manufacturer's name for the model.
    Model = "model", "Model", Line {
        columns: ["model"], editable: [Equipment], in_form: true,
        searched: true, filtered: true, report: Own,
    }
    /// Its serial number.
    Serial = "serial", "Serial number", Line {
        columns: ["serial"], editable: [Equipment], in_form: true,
        searched: true, filtered: true, report: Own,
    }
    /// A description of what a photo shows.
    Caption = "caption", "Caption", Line {
        columns: ["caption"], editable: [Photo], in_form: true,
        searched: true, filtered: true, report: Own,
    }
    /// The section a photo belongs to.
    Section = "section", "Section", Section {
        columns: ["section"], editable: [Photo], in_form: true,
        searched: false, filtered: true, report: Omitted,
    }
    /// SHA-256 of a file's bytes, in hexadecimal.
    Sha256 = "sha256", "SHA-256", Line {
        columns: ["sha256"], editable: [], in_form: false,
        searched: false, filtered: false, report: Own,
    }
    /// The media type of a photo, as in `image/jpeg`.
    MediaType = "media_type", "Media type", Line {
        columns: ["media_type"], editable: [], in_form: false,
        searched: false, filtered: false, report: Omitted,
    }
    /// A file's size, in bytes.
    Bytes = "bytes", "Size", Number {
        columns: ["bytes"], editable: [], in_form: false,
        searched: false, filtered: false, report: Omitted,
    }
    /// A photo's width once upright, in pixels.
    Width = "width", "Width", Number {
        columns: ["width"], editable: [], in_form: false,
        searched: false, filtered: false, report: Omitted,
    }
    /// A photo's height once upright, in pixels.
    Height = "height", "Height", Number {
        columns: ["height"], editable: [], in_form: false,
        searched: false, filtered: false, report: Omitted,
    }
    /// The change whose resulting state a report shows.
    Shows = "shows", "Shows change", Number {
        columns: ["shows"], editable: [], in_form: false,
        searched: false, filtered: false, report: Omitted,
    }
    /// A report's number of pages.
    Pages = "pages", "Pages", Number {
        columns: ["pages"], editable: [], in_form: false,
        searched: false, filtered: false, report: Omitted,
    }
    /// The hash of the content that a report prints.
    Content = "content", "Content", Line {
        columns: ["content"], editable: [], in_form: false,
        searched: false, filtered: false, report: Omitted,
    }
    /// Whether a report is final: 1, or 0 for one that says DRAFT.
    Final = "final", "Final", Number {
        columns: ["is_final"], editable: [], in_form: false,
        searched: false, filtered: false, report: Omitted,
    }
    /// The key that a photo is sorted by among those of its section; 0 until it is moved.
    Rank = "rank", "Order", Number {
        columns: ["rank"], editable: [Photo], in_form: false,
        searched: false, filtered: false, report: Omitted,
    }
    /// The number that makes a photo the cover: the photo with the greatest number is the cover; 0
    /// if it was never chosen.
    Cover = "cover", "Cover photo", Number {
        columns: ["cover"], editable: [Photo], in_form: false,
        searched: false, filtered: false, report: Omitted,
    }
}

/// Returns the number of fields that people can edit in an object of this kind.
pub(super) const fn count_editable(kind: ObjectKind) -> usize {
    let (mut at, mut count) = (0, 0);
    while at < Field::ALL.len() {
        count += Field::ALL[at].is_editable_in(kind) as usize;
        at += 1;
    }
    count
}

/// Returns the fields that people can edit in an object of this kind: those among its own fields, in
/// their order, then the others, such as the position of a section.
pub(super) const fn editable<const N: usize>(kind: ObjectKind, own: &[Field]) -> [Field; N] {
    let (mut found, mut count) = ([Field::Name; N], 0);
    let mut at = 0;
    while at < own.len() {
        if own[at].is_editable_in(kind) {
            found[count] = own[at];
            count += 1;
        }
        at += 1;
    }
    at = 0;
    while at < Field::ALL.len() {
        if Field::ALL[at].is_editable_in(kind) && !contains(own, Field::ALL[at]) {
            found[count] = Field::ALL[at];
            count += 1;
        }
        at += 1;
    }
    found
}

const fn contains(fields: &[Field], field: Field) -> bool {
    let mut at = 0;
    while at < fields.len() {
        if fields[at] as u8 == field as u8 {
            return true;
        }
        at += 1;
    }
    false
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl FromStr for Field {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|field| field.slug() == slug).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_two_columns_and_any_other_value_one() {
        for field in Field::ALL {
            let columns = if field.kind() == ValueKind::Person { 2 } else { 1 };
            assert_eq!(field.columns().len(), columns, "{field}");
        }
    }
}
