//! Routes of the dashboard apart from its page: plain forms, exports, and the record of a change.

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

/// Returns the route for the dashboard's forms, at the address of its page.
pub(crate) fn forms() -> Router<AppState> {
    Router::new().route("/changes", post(form::act))
}

/// Returns the other routes of changes.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/changes.csv", get(export::serve::<Csv>))
        .route("/changes.ndjson", get(export::serve::<Ndjson>))
        .route("/changes/{id}/record", get(record::record))
}
