//! Routes for photos: upload by form, and download by id.

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

/// Maximum size of an upload with all its files, in bytes. It does not bound the memory, because files are
/// received one at a time.
const MAX_UPLOAD_BYTES: usize = 500_000_000;

/// Returns the routes for photos.
pub(crate) fn routes() -> Router<AppState> {
    let upload = post(upload::upload).layer(DefaultBodyLimit::max(MAX_UPLOAD_BYTES));
    Router::new().route("/inspections/{id}/photos", upload).route("/photos/{id}", get(serve::serve))
}
