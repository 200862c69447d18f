//! The ten actions that are recorded when an inspection changes.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $label:literal, $command:literal,
        $did:literal, $things:literal;)*) => {
        /// The kind of step that a user took. Slugs and labels are fixed, because slugs are stored
        /// and used in URLs, and labels are shown in the dashboard, the exports and the record.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Action {
            $($(#[$doc])* #[serde(rename = $slug)] $name,)*
        }

        impl Action {
            /// All ten, in the order of the design.
            pub const ALL: [Self; 10] = [$(Self::$name),*];

            /// Returns the stored name, as in `add-section`.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// Returns the name in the dashboard, in exports and in the record, as in "Attached Photo".
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }

            /// Returns the label of a button that does it, as in "Attach photo".
            pub const fn command(self) -> &'static str {
                match self { $(Self::$name => $command,)* }
            }

            /// Returns the words around a number of them, as in "added 3 sections".
            pub(crate) const fn counted(self) -> (&'static str, &'static str) {
                match self { $(Self::$name => ($did, $things),)* }
            }
        }
    };
}

actions! {
    /// A report is rendered and stored.
    CreatePdf = "create-pdf", "Create PDF", "Create PDF", "created", "PDFs";
    /// A stored report is served.
    DownloadPdf = "download-pdf", "View / Download PDF", "View / Download PDF", "opened", "PDFs";
    /// Draft to review.
    StatusReview = "status-review", "Ready for review", "Send for review", "marked", "inspections ready for review";
    /// Review to complete.
    StatusComplete = "status-complete", "Completed", "Complete", "completed", "inspections";
    /// Review or complete back to draft, with a reason.
    StatusDraft = "status-draft", "Revert to Draft", "Send back", "reverted", "inspections to draft";
    /// Fields of the inspection, or of an object in it, change.
    Edit = "edit", "Edit", "Edit", "made", "edits";
    /// A photo is attached.
    AddPhoto = "add-photo", "Attached Photo", "Attach photo", "attached", "photos";
    /// A photo, a piece of equipment or the inspection is removed.
    Remove = "remove", "Remove", "Remove", "removed", "inspections";
    /// A section is added.
    AddSection = "add-section", "Add Section", "Add section", "added", "sections";
    /// A section is removed, with its photos.
    RemoveSection = "remove-section", "Remove Section", "Remove section", "removed", "sections";
}

impl Action {
    /// Returns whether it alters anything that a report shows. Making or reading a report does not.
    pub const fn alters(self) -> bool {
        match self {
            Self::CreatePdf | Self::DownloadPdf => false,
            Self::StatusReview
            | Self::StatusComplete
            | Self::StatusDraft
            | Self::Edit
            | Self::AddPhoto
            | Self::Remove
            | Self::AddSection
            | Self::RemoveSection => true,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl FromStr for Action {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|action| action.slug() == slug).ok_or(())
    }
}
