//! `GET /reports/{id}`: records that a report is read, then serves it.

use crate::{answer::disposition, middleware::from_here, pages, state::AppState};
use app::{auth::Session, error::AppError, request_id};
use axum::{
    Router,
    body::Body,
    extract::{Extension, Path, Query, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use domain::{Actor, InspectionId, Mutation, Report, ReportId, may_see};
use serde::Deserialize;
use store::keys;

/// The routes of reports.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/reports/{id}", get(serve))
}

#[derive(Deserialize)]
struct Asked {
    /// There, whatever its value, to save the file rather than look at it.
    download: Option<String>,
}

async fn serve(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    request: Parts,
) -> Response {
    // Nobody reads what a browser fetches on a guess, so it must not be recorded.
    let guess = |name| {
        let said = request.headers.get(name);
        said.is_some_and(|it: &HeaderValue| it.as_bytes().starts_with(b"prefetch"))
    };
    if guess("sec-purpose") || guess("purpose") {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match answer(&state, &session, &id, &asked, &request).await {
        Ok(response) => response,
        Err(error) => pages::instead(&state, request, error).await,
    }
}

async fn answer(
    state: &AppState,
    session: &Session,
    id: &str,
    asked: &Asked,
    request: &Parts,
) -> Result<Response, AppError> {
    let actor = session.actor()?;
    let (inspection, report) = find(state, &actor, id).await?;
    let body = match request.method == Method::GET {
        false => Body::empty(),
        // A link in an e-mail or a chat has to lead somewhere; that it was read is recorded only of
        // whoever asked for it here, where no other site can make them.
        true if from_here(&request.headers) == Some(false) => {
            let panel = format!("/inspections/{inspection}#reports");
            return Ok(Redirect::to(&panel).into_response());
        }
        true => read(state, &actor, inspection, &report).await?,
    };
    let kind = if asked.download.is_some() { "attachment" } else { "inline" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, disposition(kind, &report.name)),
        (header::CONTENT_LENGTH, HeaderValue::from(report.bytes)),
        // A viewer that fetched it by the piece would be recorded for each.
        (header::ACCEPT_RANGES, HeaderValue::from_static("none")),
    ];
    Ok((headers, body).into_response())
}

/// A report and its inspection, if there are such and they are for whoever asks.
async fn find(
    state: &AppState,
    actor: &Actor,
    id: &str,
) -> Result<(InspectionId, Report), AppError> {
    let none = || AppError::NotFound("There is no such report.".into());
    let id: ReportId = id.parse().map_err(|_| none())?;
    let (inspection, report) = state.store.report(id).await?.ok_or_else(none)?;
    let found = state.store.inspection(inspection).await?.ok_or_else(none)?;
    if may_see(actor, &found) { Ok((inspection, report)) } else { Err(none()) }
}

/// Records that a report is read, and reads it.
async fn read(
    state: &AppState,
    actor: &Actor,
    inspection: InspectionId,
    report: &Report,
) -> Result<Body, AppError> {
    // The file first, so that nothing is recorded that could not be read.
    let key = keys::report(&report.sha256);
    let bytes = state.store.objects().get(&key).await.map_err(store::Error::from)?;
    let bytes = bytes.ok_or_else(|| {
        tracing::error!(key, "the file of a report is gone");
        AppError::NotFound("The file of this report is gone.".into())
    })?;
    let mut work = state.store.begin(actor, request_id::new(), state.clock.now()).await?;
    work.perform(inspection, None, Mutation::DownloadReport { report: report.id }).await?;
    work.commit().await?;
    Ok(Body::from(bytes))
}
