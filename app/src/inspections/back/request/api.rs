//! What the page about undoing a request asks the server for.

use crate::{error::AppError, inspections::form::Typed};
use domain::{Change, ChangeId, InspectionId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The name in an address of the request that just undid what it could.
#[cfg(feature = "ssr")]
pub(super) const DONE: &str = "done";

/// Inspections of which the same is to be said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alike {
    /// What.
    pub says: String,
    /// Of how many.
    pub count: usize,
    /// Them, or so many of them as are listed.
    pub inspections: Vec<Touched>,
}

/// An inspection that the request touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// Which one.
    pub id: InspectionId,
    /// Its reference.
    pub reference: String,
    /// What it is called now.
    pub name: String,
    /// A change of the request to it.
    pub change: ChangeId,
}

/// What undoing a request comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestView {
    /// Which request.
    pub request: Uuid,
    /// One of its changes.
    pub change: Change,
    /// How many changes it made.
    pub changes: usize,
    /// In how many inspections.
    pub inspections: usize,
    /// Result where it can be undone, most inspections first.
    pub possible: Vec<Alike>,
    /// Where somebody has to decide first.
    pub undecided: Vec<Alike>,
    /// Where it cannot be undone, by why not.
    pub refused: Vec<Alike>,
    /// In how many inspections there is nothing to undo any more.
    pub already: usize,
    /// The newest change there was when this was made.
    pub seen: ChangeId,
    /// What was just done: the request that did it, and in how many inspections.
    pub done: Option<(Uuid, usize)>,
    /// The request under which it will be done.
    pub undoing: Uuid,
    /// The page above: its address and its name.
    pub above: (String, String),
}

/// What undoing a request comes to; the query string may say what was just done.
#[server(name = PreviewUndoRequest)]
pub async fn preview_request(request: Uuid, query: String) -> Result<RequestView, AppError> {
    super::server::preview(request, &query).await
}

/// Undoes a request wherever that can be, and leads back to its page.
#[server(name = UndoRequest)]
pub async fn undo_request(#[server(flatten)] form: Typed) -> Result<(), AppError> {
    super::server::undo(form).await
}
