//! The dashboard over HTTP: what its plain forms send, what is new as it happens, and the record of a
//! change.

mod export;
mod form;
mod record;
mod stream;

use crate::state::AppState;
use axum::{
    Router,
    routing::{get, post},
};

/// The routes of changes.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/changes", post(form::act))
        .route("/changes.csv", get(export::csv))
        .route("/changes.ndjson", get(export::ndjson))
        .route("/changes/stream", get(stream::stream))
        .route("/changes/{id}/record", get(record::record))
}
