//! The actions that are recorded when an inspection changes.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Class of actions that the same people may perform in the same statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActionClass {
    /// Makes or reads a report, by everybody who sees the inspection. It alters nothing.
    Report,
    /// Changes what is in a draft, by its inspector or an admin.
    Content,
    /// Sends a draft for review, by its inspector or an admin.
    Submission,
    /// Completes an inspection, by a person other than its inspector, or by an admin.
    Approval,
    /// Sends an inspection back, by everybody who sees it.
    Return,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $label:literal, $command:literal,
        $did:literal, $things:literal, $class:ident;)*) => {
        /// The kind of step that a user took. Slugs and labels are fixed, because slugs are stored
        /// and used in URLs, and labels are shown in the dashboard, the exports and the record.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Action {
            $($(#[$doc])* #[serde(rename = $slug)] $name,)*
        }

        impl Action {
            /// All of them, in the order of the design.
            pub const ALL: [Self; [$(Self::$name),*].len()] = [$(Self::$name),*];

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

            /// Returns the class by which it is permitted.
            pub(crate) const fn class(self) -> ActionClass {
                match self { $(Self::$name => ActionClass::$class,)* }
            }
        }
    };
}

actions! {
    /// A report is rendered and stored.
    CreatePdf = "create-pdf", "Create PDF", "Create PDF", "created", "PDFs", Report;
    /// A stored report is served.
    DownloadPdf = "download-pdf", "View / Download PDF", "View / Download PDF", "opened", "PDFs", Report;
    /// Draft to review.
    StatusReview = "status-review", "Ready for review", "Send for review", "marked", "inspections ready for review", Submission;
    /// Review to complete.
    StatusComplete = "status-complete", "Completed", "Complete", "completed", "inspections", Approval;
    /// Review or complete back to draft, with a reason.
    StatusDraft = "status-draft", "Revert to Draft", "Send back", "reverted", "inspections to draft", Return;
    /// Fields of the inspection, or of an object in it, change.
    Edit = "edit", "Edit", "Edit", "made", "edits", Content;
    /// A photo is attached.
    AddPhoto = "add-photo", "Attached Photo", "Attach photo", "attached", "photos", Content;
    /// A photo, a piece of equipment or the inspection is removed.
    Remove = "remove", "Remove", "Remove", "removed", "inspections", Content;
    /// A section is added.
    AddSection = "add-section", "Add Section", "Add section", "added", "sections", Content;
    /// A section is removed, with its photos.
    RemoveSection = "remove-section", "Remove Section", "Remove section", "removed", "sections", Content;
}

impl Action {
    /// Returns whether it alters anything that a report shows. Making or reading a report does not.
    pub const fn alters(self) -> bool {
        !matches!(self.class(), ActionClass::Report)
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
