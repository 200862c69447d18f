//! The fields of everything tracked, by name.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What sort of value a field holds, and so how it is read from JSON and typed in by people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line of text.
    Line,
    /// Text of any number of lines.
    Prose,
    /// A calendar day, or none.
    Date,
    /// A [`Status`](crate::Status).
    Status,
    /// A [`Condition`](crate::Condition).
    Condition,
    /// A [`Person`](crate::Person), or none.
    Person,
    /// A whole number.
    Number,
    /// A section of the same inspection, or none.
    Section,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $label:literal, $kind:ident;)*) => {
        /// A field of an inspection or of something in it. Slugs are stored and stand in URLs.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Field {
            $($(#[$doc])* #[serde(rename = $slug)] $name,)*
        }

        impl Field {
            /// Every field there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Returns the stored name, as in `scheduled_on`.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// Returns the name people read, as in "Scheduled date".
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }

            /// What sort of value it holds.
            pub const fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)* }
            }
        }
    };
}

fields! {
    /// The inspection's reference, given by the server.
    Reference = "reference", "Reference", Line;
    /// The name of an inspection, or of a photo's or a report's file.
    Name = "name", "Name", Line;
    /// Where the building stands.
    Address = "address", "Address", Line;
    /// What kind of building it is.
    BuildingType = "building_type", "Building type", Line;
    /// For whom it is inspected.
    Client = "client", "Client", Line;
    /// The day of the visit.
    ScheduledOn = "scheduled_on", "Scheduled date", Date;
    /// Whose inspection it is.
    Inspector = "inspector", "Inspector", Person;
    /// The findings in short.
    Summary = "summary", "Summary", Prose;
    /// Where the inspection stands.
    Status = "status", "Status", Status;
    /// A section's title.
    Title = "title", "Title", Line;
    /// A section's place, from 1.
    Position = "position", "Position", Number;
    /// How a section or a piece of equipment was found.
    Condition = "condition", "Condition", Condition;
    /// What was found.
    Notes = "notes", "Notes", Prose;
    /// What a piece of equipment is.
    Kind = "kind", "Kind", Line;
    /// Who made a piece of equipment.
    Make = "make", "Make", Line;
    /// The maker's name for it.
    Model = "model", "Model", Line;
    /// Its serial number.
    Serial = "serial", "Serial number", Line;
    /// What a photo shows.
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
    /// The change after which a report shows the inspection.
    Shows = "shows", "Shows change", Number;
    /// A report's number of pages.
    Pages = "pages", "Pages", Number;
    /// The key that a photo is sorted by among those of its section; 0 until it is moved.
    Rank = "rank", "Order", Number;
    /// Which photo is the cover: the one with the greatest number; 0 for one that was not chosen.
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
