//! Server functions of the inspection pages. `plain` handles the forms sent without JavaScript.

use super::again::RejectedForm;
#[cfg(feature = "ssr")]
use super::plain;
#[cfg(feature = "ssr")]
use crate::{
    auth::{Caller, caller},
    request_id,
};
use crate::{error::AppError, form::Typed, wire::Compact};
#[cfg(feature = "ssr")]
use domain::inspection::InspectionFilter;
use domain::{
    change::Change,
    id::{ChangeId, InspectionId, UserId},
    inspection::InspectionListPage,
    people::Person,
    view::{InspectionView, ReportInProgress},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use service::reports::{self, Renderer};
use uuid::Uuid;

/// Inspection for its page, with the state of the page's plain forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionPageData {
    /// Inspection, with the other data of its page.
    pub view: InspectionView,
    /// Reports in progress.
    pub making_reports: Vec<ReportInProgress>,
    /// Request id for the page's plain forms.
    pub request: Uuid,
    /// Refused plain form, if any.
    pub again: Option<RejectedForm>,
}

/// Data for the form of a new inspection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewInspectionData {
    /// Request id for creating the inspection.
    pub request: Uuid,
    /// Person viewing the form.
    pub viewer: UserId,
    /// People who may be named as inspector; empty for a person who may only create their own.
    pub people: Vec<Person>,
}

/// Lists inspections for the filter in a query string.
#[server(name = AskInspections, output = Compact, endpoint = "inspections")]
pub async fn inspections(query: String) -> Result<InspectionListPage, AppError> {
    let Caller { store, actor, .. } = caller()?;
    let (filter, problem) = InspectionFilter::from_query(&query);
    problem.map_or(Ok(()), |problem| Err(AppError::Unreadable(problem)))?;
    Ok(service::inspections::list(&store, &actor, &filter).await?)
}

/// Loads the data for the form of a new inspection.
#[server(name = AskBlank, output = Compact, endpoint = "blank")]
pub async fn blank() -> Result<NewInspectionData, AppError> {
    let Caller { store, actor, .. } = caller()?;
    let people = service::inspections::assignees_of_new(&store, &actor).await?;
    Ok(NewInspectionData { request: request_id::new(), viewer: actor.id, people })
}

/// Creates an inspection and redirects to its page.
#[server(name = CreateInspection, output = Compact, endpoint = "create")]
pub async fn create(#[server(flatten)] form: Typed) -> Result<(), AppError> {
    let Caller { store, actor, now } = caller()?;
    let id = plain::start(&store, &actor, now, &form).await?;
    leptos_axum::redirect(&format!("/inspections/{id}"));
    Ok(())
}

/// Loads an inspection for its page; the query string may name refused files.
#[server(name = OpenInspection, output = Compact, endpoint = "open")]
pub async fn open(id: InspectionId, query: String) -> Result<InspectionPageData, AppError> {
    let Caller { store, actor, .. } = caller()?;
    let again = use_context::<RejectedForm>().or_else(|| plain::refused_files(&query));
    let view = service::inspections::open(&store, &actor, id).await?;
    let renderer = expect_context::<Renderer>();
    let making_reports =
        reports::in_progress_of(&store, &renderer, &actor, &view.inspection).await?;
    Ok(InspectionPageData { view, making_reports, request: request_id::new(), again })
}

/// Loads the changes recorded since `after`, oldest first.
#[server(name = AskNews, output = Compact, endpoint = "news")]
pub async fn news(inspection: InspectionId, after: ChangeId) -> Result<Vec<Change>, AppError> {
    let Caller { store, actor, .. } = caller()?;
    Ok(service::inspections::changes_since(&store, &actor, inspection, after).await?)
}
