//! What the inspection pages ask the server for. Every change of an inspection but its photos and
//! reports passes through one door, [`perform`]; `plain` is the same door for forms that are sent
//! without JavaScript.

use super::form::Typed;
use crate::{error::AppError, wire::Compact};
use domain::{
    Actor, Change, ChangeId, Comment, Inspection, InspectionId, InspectionPage, Mutation, Person,
    UserId,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// All that an inspection's page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The inspection.
    pub inspection: Inspection,
    /// Its latest changes, newest first.
    pub changes: Vec<Change>,
    /// What reviewers said about its changes, oldest first.
    pub comments: Vec<Comment>,
    /// The step that sent it back to draft, while it is one.
    pub sent_back: Option<Change>,
    /// The changes that made its latest reports.
    pub made_reports: Vec<Change>,
    /// Whom it can be given to; nobody for those who may not give it to someone else.
    pub people: Vec<Person>,
    /// Who is looking.
    pub viewer: Actor,
    /// For the plain forms of this page.
    pub request: Uuid,
    /// What a plain form asked for in vain.
    pub again: Option<Again>,
}

/// A form that was sent without JavaScript and refused. The server makes the page anew with this in
/// its context, so that what was typed stands in the form again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Again {
    /// What was typed; nothing where it was files that were refused.
    pub typed: Typed,
    /// Why it cannot stand.
    pub error: AppError,
}

/// What the form of a new inspection needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blank {
    /// The request id under which it is started.
    pub request: Uuid,
    /// Who starts it.
    pub viewer: UserId,
    /// Who may be named as its inspector; nobody for those who start their own alone.
    pub people: Vec<Person>,
}

/// A page of the list, for the filter in this query string.
#[server(name = AskInspections, output = Compact)]
pub async fn inspections(query: String) -> Result<InspectionPage, AppError> {
    server::inspections(&query).await
}

/// What the form of a new inspection needs, for those who may start one.
#[server(name = AskBlank, output = Compact)]
pub async fn blank() -> Result<Blank, AppError> {
    server::blank().await
}

/// Starts an inspection and leads to its page.
#[server(name = CreateInspection, output = Compact)]
pub async fn create(#[server(flatten)] form: Typed) -> Result<(), AppError> {
    server::create(form).await
}

/// An inspection for its page, whose query string may say which files were refused.
#[server(name = OpenInspection, output = Compact)]
pub async fn open(id: InspectionId, query: String) -> Result<Opened, AppError> {
    server::open(id, &query).await
}

/// Performs a mutation on an inspection as it was after `expected`. Answers with all that was
/// recorded since then, oldest first, the mutation's own change last.
#[server(name = PerformMutation, input = Compact, output = Compact)]
pub async fn perform(
    inspection: InspectionId,
    expected: ChangeId,
    request: Uuid,
    mutation: Mutation,
) -> Result<Vec<Change>, AppError> {
    server::perform(inspection, expected, request, mutation).await
}

/// What was recorded since `after`, oldest first.
#[server(name = AskNews, output = Compact)]
pub async fn news(inspection: InspectionId, after: ChangeId) -> Result<Vec<Change>, AppError> {
    server::news(inspection, after).await
}

#[cfg(feature = "ssr")]
#[path = "server.rs"]
pub(super) mod server;
