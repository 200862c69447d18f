//! The kinds of mutations, and the shape that the record of each has. `decode.rs` reads records by it.
//!
//! A record stores its kind beside its action: the action says what the user was doing, the kind how the
//! record is read back. Nothing is deduced from which parts of a record are filled in; instead a record
//! whose parts do not fit its kind is refused.

use crate::change::Action;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, [$($action:ident),+], [$($about:ident),+],
        $data:ident, $conflicts:ident, $entry:ident;)*) => {
        /// Which mutation a record was left by. Slugs are stored and hashed, so they never change.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum MutationKind {
            $($(#[$doc])* #[serde(rename = $slug)] $name,)*
        }

        impl MutationKind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stored name, as in `add-equipment`.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// The actions that it is recorded as.
            pub const fn actions(self) -> &'static [Action] {
                match self { $(Self::$name => &[$(Action::$action),+],)* }
            }

            /// The types of things that its record may name.
            pub(crate) const fn about(self) -> &'static [About] {
                match self { $(Self::$name => &[$(About::$about),+],)* }
            }

            /// The values that its record holds.
            pub(crate) const fn values(self) -> Given {
                match self { $(Self::$name => Given::$data,)* }
            }

            /// The earlier changes that it conflicts with.
            pub(crate) const fn conflicts(self) -> ConflictRule {
                match self { $(Self::$name => ConflictRule::$conflicts,)* }
            }

            /// How people perform it.
            pub const fn entry(self) -> MutationEntry {
                match self { $(Self::$name => MutationEntry::$entry,)* }
            }
        }
    };
}

kinds! {
    /// The inspection is started.
    Create = "create", [Edit], [Nothing], After, Never, Indirect;
    /// Fields take new values.
    Edit = "edit", [Edit], [Nothing, Section, Equipment, Photo], Both, Fields, Direct;
    /// An admin corrects fields of the inspection, in any status.
    Correct = "correct", [Edit], [Nothing], Both, Fields, Indirect;
    /// The inspection moves to another status.
    SetStatus = "set-status", [StatusReview, StatusComplete, StatusDraft], [Nothing], Both, Steps, Direct;
    /// A section is added, or comes back.
    AddSection = "add-section", [AddSection], [Section], After, Never, Direct;
    /// A section is removed, with its photos.
    RemoveSection = "remove-section", [RemoveSection], [Section], Before, Object, Direct;
    /// A piece of equipment is added, or comes back.
    AddEquipment = "add-equipment", [Edit], [Equipment], After, Never, Direct;
    /// A photo is attached, or comes back.
    AddPhoto = "add-photo", [AddPhoto], [Photo], After, Never, ById;
    /// A photo, a piece of equipment or the inspection is removed.
    Remove = "remove", [Remove], [Inspection, Equipment, Photo], Before, Object, Direct;
    /// The removed inspection comes back.
    BringBack = "bring-back", [Edit], [Inspection], After, Never, Indirect;
    /// A rendered report is kept.
    CreateReport = "create-report", [CreatePdf], [Report], After, Any, Indirect;
    /// A kept report is read.
    DownloadReport = "download-report", [DownloadPdf], [Report], After, Never, Indirect;
}

/// The type of thing that a record names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    Nothing,
    Inspection,
    Section,
    Equipment,
    Photo,
    Report,
}

/// The changes since the state that a mutation was made for that it conflicts with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConflictRule {
    /// None.
    Never,
    /// Other values of the fields that it sets, and the removal of the object.
    Fields,
    /// Status steps, and everything that others altered if it completes the inspection.
    Steps,
    /// All that others did to the object that it removes.
    Object,
    /// Every change that alters the inspection.
    Any,
}

/// How people perform a mutation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MutationEntry {
    /// With a form or a button of the inspection's page.
    Direct,
    /// In the same way if the object has an id, because it was removed and comes back. A new object
    /// is added by a use case of its own.
    ById,
    /// By a use case of its own: the server computes the hashes of files, and corrections are made on
    /// the command line.
    Indirect,
}

/// The values that a record holds: those before, those after, or both.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Given {
    Before,
    After,
    Both,
}

impl MutationKind {
    /// Whether it gives fields of something that is there new values. Any other kind adds or removes a
    /// whole thing, or is about a report.
    pub const fn sets_fields(self) -> bool {
        matches!(self, Self::Edit | Self::Correct | Self::SetStatus)
    }
}

impl fmt::Display for MutationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl FromStr for MutationKind {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|kind| kind.slug() == slug).ok_or(())
    }
}
