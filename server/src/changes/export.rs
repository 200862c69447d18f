//! `GET /changes.csv` and `/changes.ndjson`: everything that the dashboard's filter matches, newest
//! first, sent while it is read.

use crate::{answer, state::AppState};
use app::{auth::Session, error::AppError};
use axum::{
    body::{Body, Bytes},
    extract::{Extension, RawQuery, State},
    http::{HeaderValue, Method, header},
    response::{IntoResponse, Response},
};
use domain::{ChangeFilter, ChangeRow};
use futures::{StreamExt, TryStreamExt};

/// How many changes are sent at once.
const CHUNK: usize = 500;

/// How changes are written to a file.
pub(super) trait Format {
    /// What the file's name ends with.
    const EXTENSION: &'static str;
    /// Its media type.
    const MEDIA_TYPE: &'static str;

    /// What stands before the first change.
    fn head() -> Result<Vec<u8>, Unwritten>;

    /// Changes one after the other.
    fn rows(rows: &[ChangeRow]) -> Result<Vec<u8>, Unwritten>;
}

/// Why a row could not be written.
pub(super) type Unwritten = Box<dyn std::error::Error + Send + Sync>;

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
    // Asked for its headers alone, nothing need be read.
    if method == Method::HEAD {
        return headers.into_response();
    }
    let rows = state.store.stream_changes(filter).map_err(Unwritten::from).try_chunks(CHUNK);
    let chunks = rows.map_err(|cut| cut.1).and_then(async |rows| F::rows(&rows));
    let file = futures::stream::once(async { F::head() })
        .chain(chunks)
        .map_ok(Bytes::from)
        // The connection is cut, so that nobody takes a part for the whole.
        .inspect_err(|error| {
            tracing::error!(error = &**error as &dyn std::error::Error, "an export was cut short")
        });
    (headers, Body::from_stream(file)).into_response()
}

/// The filter, if it can be read whole and its changes are for whoever asks: a file for which a part
/// of the filter was passed over would hold what nobody asked for.
fn asked(session: &Session, query: &str) -> Result<ChangeFilter, AppError> {
    session.reviewer()?;
    let (filter, problems) = ChangeFilter::from_query(query);
    match problems.first() {
        None => Ok(filter),
        Some(problem) => Err(AppError::invalid("", problem.to_string())),
    }
}
