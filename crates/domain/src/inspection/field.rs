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

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $label:literal, $kind:ident;)*) => {
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
        }
    };
}

fields! {
    /// The inspection's reference, given by the server.
    Reference = "reference", "Reference", Line;
    /// The name of an inspection, or of a photo's or a report's file.
    Name = "name", "Name", Line;
    /// The address of the building.
    Address = "address", "Address", Line;
    /// The kind of building.
    BuildingType = "building_type", "Building type", Line;
    /// The client of the inspection.
    Client = "client", "Client", Line;
    /// The day of the visit.
    ScheduledOn = "scheduled_on", "Scheduled date", Date;
    /// The inspector of the inspection.
    Inspector = "inspector", "Inspector", Person;
    /// A short summary of the findings.
    Summary = "summary", "Summary", Prose;
    /// The status of the inspection.
    Status = "status", "Status", Status;
    /// A section's title.
    Title = "title", "Title", Line;
    /// A section's position, counted from 1.
    Position = "position", "Position", Number;
    /// The condition in which a section or a piece of equipment was found.
    Condition = "condition", "Condition", Condition;
    /// The findings.
    Notes = "notes", "Notes", Prose;
    /// The kind of a piece of equipment.
    Kind = "kind", "Kind", Line;
    /// The manufacturer of a piece of equipment.
    Make = "make", "Make", Line;
    /// The manufacturer's name for the model.
    Model = "model", "Model", Line;
    /// Its serial number.
    Serial = "serial", "Serial number", Line;
    /// A description of what a photo shows.
    Caption = "caption", "Caption", Line;
    /// The section a photo belongs to.
    Section = "section", "Section", Section;
    /// SHA-256 of a file's bytes, in hexadecimal.
    Sha256 = "sha256", "SHA-256", Line;
    /// The media type of a photo, as in `image/jpeg`.
    MediaType = "media_type", "Media type", Line;
    /// A file's size, in bytes.
    Bytes = "bytes", "Size", Number;
    /// A photo's width once upright, in pixels.
    Width = "width", "Width", Number;
    /// A photo's height once upright, in pixels.
    Height = "height", "Height", Number;
    /// The change whose resulting state a report shows.
    Shows = "shows", "Shows change", Number;
    /// A report's number of pages.
    Pages = "pages", "Pages", Number;
    /// The hash of the content that a report prints.
    Content = "content", "Content", Line;
    /// Whether a report is final: 1, or 0 for one that says DRAFT.
    Final = "final", "Final", Number;
    /// The key that a photo is sorted by among those of its section; 0 until it is moved.
    Rank = "rank", "Order", Number;
    /// The number that makes a photo the cover: the photo with the greatest number is the cover; 0
    /// if it was never chosen.
    Cover = "cover", "Cover photo", Number;
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
