//! `GET /reports/{id}`: records the download of a report, then serves its file.

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
use serde::Deserialize;
use service::reports;

/// Returns the routes for reports.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/reports/{id}", get(serve))
}

#[derive(Deserialize)]
struct ReportQuery {
    /// If present, with any value, the file is saved rather than displayed.
    download: Option<String>,
}

async fn serve(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    Path(id): Path<String>,
    Query(asked): Query<ReportQuery>,
    request: Parts,
) -> Response {
    // A prefetch is not a reading by a person, so it must not be recorded.
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
    asked: &ReportQuery,
    request: &Parts,
) -> Result<Response, AppError> {
    let actor = session.actor()?;
    let id = id.parse().map_err(|_| AppError::NotFound("There is no such report.".into()))?;
    let (inspection, report) = reports::find(&state.store, &actor, id).await?;
    let body = match request.method == Method::GET {
        false => Body::empty(),
        // A link from outside, as in an e-mail, leads to the inspection's reports. A download is recorded
        // only when requested from this site, because another site could trigger it without the person's
        // intent.
        true if from_here(&request.headers) == Some(false) => {
            let panel = format!("/inspections/{inspection}#reports");
            return Ok(Redirect::to(&panel).into_response());
        }
        true => {
            let (request, now) = (request_id::new(), state.clock.now());
            let what = (inspection, &report);
            Body::from(reports::download(&state.store, &actor, now, request, what).await?)
        }
    };
    let kind = if asked.download.is_some() { "attachment" } else { "inline" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, disposition(kind, &report.name)),
        (header::CONTENT_LENGTH, HeaderValue::from(report.bytes)),
        // With range requests, each part that a viewer fetches would be recorded as a download.
        (header::ACCEPT_RANGES, HeaderValue::from_static("none")),
    ];
    Ok((headers, body).into_response())
}
