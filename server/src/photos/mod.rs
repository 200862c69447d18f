//! Photos over HTTP: they come in by a form and go out by their id.

mod receive;
mod serve;
mod spool;
mod upload;

pub(crate) use receive::{broken, not_spooled, pass_over, spooled, text};

use crate::state::AppState;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

/// The most that one upload may send, of all its files together. Files are taken one at a time, so
/// this is a matter of patience, not of memory.
const MAX_UPLOAD_BYTES: usize = 500_000_000;

/// The routes of photos.
pub(crate) fn routes() -> Router<AppState> {
    let upload = post(upload::upload).layer(DefaultBodyLimit::max(MAX_UPLOAD_BYTES));
    Router::new().route("/inspections/{id}/photos", upload).route("/photos/{id}", get(serve::serve))
}
