//! `GET /changes.csv` and `/changes.ndjson`: all changes that match the dashboard's filter, newest
//! first, streamed.

use crate::{
    answer,
    export::{Format, file},
    state::AppState,
};
use app::{auth::Session, error::AppError};
use axum::{
    body::Body,
    extract::{Extension, RawQuery, State},
    http::{HeaderValue, Method, header},
    response::{IntoResponse, Response},
};
use domain::feed::ChangeFilter;
use futures::TryStreamExt;
use service::changes::require_reviewer;

pub(super) async fn serve<F: Format + 'static>(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    RawQuery(query): RawQuery,
    method: Method,
) -> Response {
    let filter = match asked(&session, &query.unwrap_or_default()) {
        Ok(filter) => filter,
        Err(error) => return answer::text(&error),
    };
    let day = state.clock.now().date_naive();
    let name = format!("plumbline-changes-{day}.{}", F::EXTENSION);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(F::MEDIA_TYPE)),
        (header::CONTENT_DISPOSITION, answer::disposition("attachment", &name)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    // A HEAD request needs no data.
    if method == Method::HEAD {
        return headers.into_response();
    }
    let file = file::<F>(&state.store, filter)
        .map_ok(|part| part.bytes)
        // The connection is aborted, so that nobody takes a partial file for the whole.
        .inspect_err(|error| {
            tracing::error!(error = &**error as &dyn std::error::Error, "an export was cut short")
        });
    (headers, Body::from_stream(file)).into_response()
}

/// Parses the filter, if the requester may see its changes.
fn asked(session: &Session, query: &str) -> Result<ChangeFilter, AppError> {
    require_reviewer(&session.actor()?)?;
    ChangeFilter::from_valid_query(query)
        .map_err(|problem| AppError::Unreadable(problem.to_string()))
}
