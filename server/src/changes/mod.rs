//! The dashboard's changes beside its page: as files, and as they come.

mod csv;
mod export;
mod live;
mod ndjson;

use crate::state::AppState;
use axum::{Router, routing::get};

/// The routes of exports and of the live stream.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/changes.csv", get(export::serve::<csv::Csv>))
        .route("/changes.ndjson", get(export::serve::<ndjson::Ndjson>))
        .route("/changes/stream", get(live::serve))
}
