//! `GET /reports/{id}`: records that a report is read, then serves it.

use crate::{answer, state::AppState};
use app::{auth::Session, error::AppError, request_id};
use axum::{
    Router,
    body::Body,
    extract::{Extension, Path, Query, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{Mutation, Report, ReportId, may_see};
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
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    // Nobody reads what a browser fetches on a guess, so it must not be recorded.
    let guess = |name| {
        headers.get(name).is_some_and(|it: &HeaderValue| it.as_bytes().starts_with(b"prefetch"))
    };
    if guess("sec-purpose") || guess("purpose") {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let kind = if asked.download.is_some() { "attachment" } else { "inline" };
    match read(&state, &session, ReportId(id), method == Method::GET).await {
        Ok((report, body)) => (
            [
                (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
                (header::CONTENT_DISPOSITION, answer::disposition(kind, &report.name)),
                (header::CONTENT_LENGTH, HeaderValue::from(report.bytes)),
                // A viewer that fetched it by the piece would be recorded for each.
                (header::ACCEPT_RANGES, HeaderValue::from_static("none")),
            ],
            body,
        )
            .into_response(),
        Err(error) => answer::text(&error),
    }
}

async fn read(
    state: &AppState,
    session: &Session,
    id: ReportId,
    record: bool,
) -> Result<(Report, Body), AppError> {
    let actor = session.actor()?;
    let none = || AppError::NotFound("There is no such report.".into());
    let (inspection, report) = state.store.report(id).await?.ok_or_else(none)?;
    let found = state.store.inspection(inspection).await?.ok_or_else(none)?;
    if !may_see(&actor, &found) {
        return Err(none());
    }
    if !record {
        return Ok((report, Body::empty()));
    }
    // The file first, so that nothing is recorded that could not be read.
    let key = keys::report(&report.sha256);
    let bytes = state.store.objects().get(&key).await.map_err(store::Error::from)?;
    let bytes = bytes.ok_or_else(|| {
        tracing::error!(key, "the file of a report is gone");
        AppError::NotFound("The file of this report is gone.".into())
    })?;
    let mut work = state.store.begin(&actor, request_id::new(), state.clock.now()).await?;
    work.perform(inspection, None, Mutation::DownloadReport { report: id }).await?;
    work.commit().await?;
    Ok((report, Body::from(bytes)))
}
