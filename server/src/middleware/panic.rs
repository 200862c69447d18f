//! A fault in our own code answers one request badly and goes to the log, and nowhere else.

use crate::pages;
use axum::response::Response;
use std::any::Any;

/// The answer where a handler panicked. The panic is in the log by then: see [`log_panics`](crate::logging::log_panics).
pub(crate) fn after_panic(_panic: Box<dyn Any + Send>) -> Response {
    pages::internal()
}
