//! A fault in our own code answers one request badly and goes to the log, and nowhere else.

use crate::pages;
use axum::response::Response;
use std::any::Any;

/// The answer where a handler panicked.
pub(crate) fn after_panic(panic: Box<dyn Any + Send>) -> Response {
    let words = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no words");
    tracing::error!(panic = words, "a handler panicked");
    pages::internal()
}
