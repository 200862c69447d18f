//! The dashboard beside its page: what its plain forms send, its changes as files, and the record of
//! a change.

mod export;
mod form;
mod record;

use crate::{
    export::{Csv, Ndjson},
    state::AppState,
};
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
        .route("/changes.csv", get(export::serve::<Csv>))
        .route("/changes.ndjson", get(export::serve::<Ndjson>))
        .route("/changes/{id}/record", get(record::record))
}
