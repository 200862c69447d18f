//! What was begun is brought to its end, even when whoever asked has gone meanwhile: a page that is
//! dropped half made leaves tasks behind that panic, and a form may have been half carried out.

use axum::{extract::Request, middleware::Next, response::Response};
use std::panic::resume_unwind;

/// Answers a request in a task of its own, which goes on when the connection is closed.
pub(crate) async fn finish(request: Request, next: Next) -> Response {
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        // Nobody cancels the task, so it panicked: that is for the layer that answers panics.
        Err(error) => resume_unwind(error.into_panic()),
    }
}
