//! The dashboard beside its page: what its plain forms send, its changes as files and as they come,
//! and the record of a change.

mod csv;
mod export;
mod form;
mod live;
mod ndjson;
mod record;

use crate::state::AppState;
use axum::{
    Router,
    routing::{get, post},
};

/// Where the dashboard's forms are sent: beside its page.
pub(crate) fn forms() -> Router<AppState> {
    Router::new().route("/changes", post(form::act))
}

/// The other routes of changes.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/changes.csv", get(export::serve::<csv::Csv>))
        .route("/changes.ndjson", get(export::serve::<ndjson::Ndjson>))
        .route("/changes/stream", get(live::serve))
        .route("/changes/{id}/record", get(record::record))
}
