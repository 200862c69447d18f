//! Response to a request whose handler panicked.

use crate::pages;
use axum::response::Response;
use std::any::Any;

/// Returns the error page after a panic. The panic has already been logged; see
/// [`log_panics`](crate::logging::log_panics).
pub(crate) fn after_panic(_panic: Box<dyn Any + Send>) -> Response {
    pages::internal()
}
