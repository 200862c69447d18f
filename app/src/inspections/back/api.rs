//! What the page about leading back asks the server for.

use crate::{error::AppError, inspections::form::Typed};
use domain::{Change, ChangeId, Clash, Comparison, InspectionId, SectionId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The names in an address: the change to undo, whether all that its request did, the change after
/// which the inspection is to stand again, and why the page is shown once more.
pub(super) const CHANGE: &str = "change";
pub(super) const ALL: &str = "all";
pub(super) const TO: &str = "to";
#[cfg(feature = "ssr")]
pub(super) const FAILED: &str = "failed";

/// What is meant to be led back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Meant {
    /// A change is undone.
    Undo {
        /// The change that was pointed at.
        change: Change,
        /// Whether all that its request did to the inspection is undone with it.
        all: bool,
        /// What its request did to the inspection, newest first; without what alters nothing.
        request: Vec<Change>,
        /// Whether its request touched other inspections too.
        elsewhere: bool,
    },
    /// The state after a change is restored.
    Restore {
        /// The change.
        change: Change,
    },
}

/// What leading back comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackView {
    /// Which inspection.
    pub inspection: InspectionId,
    /// Its reference.
    pub reference: String,
    /// What it is called.
    pub name: String,
    /// The last change of the state that this was planned for.
    pub head: ChangeId,
    /// What is meant.
    pub meant: Meant,
    /// What each step does, in words, first step first.
    pub deeds: Vec<String>,
    /// What differs in the end.
    pub comparison: Comparison,
    /// What the sections of both states are called.
    pub titles: Vec<(SectionId, String)>,
    /// What was touched since, to be decided.
    pub clashes: Vec<Clash>,
    /// Why there is nothing to do for some of it.
    pub left: Vec<String>,
    /// Why it may not be done, if it may not.
    pub refused: Option<String>,
    /// Why nothing was done when it was last tried.
    pub failed: Option<String>,
    /// The request under which it will be done.
    pub request: Uuid,
}

/// What leading back comes to, as this query string says: which change, and what was decided.
#[server(name = PreviewBack)]
pub async fn preview(inspection: InspectionId, query: String) -> Result<BackView, AppError> {
    super::server::preview(inspection, &query).await
}

/// Does it, and leads to the inspection; or back to the page that asked, where it could not be done.
#[server(name = LeadBack)]
pub async fn lead_back(#[server(flatten)] form: Typed) -> Result<(), AppError> {
    super::server::lead_back(form).await
}
