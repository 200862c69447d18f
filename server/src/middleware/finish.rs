//! What was begun is brought to its end, even when whoever asked has gone meanwhile: a page that is
//! dropped half made leaves tasks behind that panic, and a form may have been half carried out.

use axum::{extract::Request, middleware::Next, response::Response};
use std::{future::Future, panic::resume_unwind};

/// Answers a request in a task of its own, which goes on when the connection is closed.
pub(crate) async fn finish(request: Request, next: Next) -> Response {
    to_its_end(next.run(request)).await
}

/// Does something in a task of its own, which goes on when nobody waits for it any more.
pub(crate) async fn to_its_end<T: Send + 'static>(
    what: impl Future<Output = T> + Send + 'static,
) -> T {
    match tokio::spawn(what).await {
        Ok(done) => done,
        // Nobody cancels the task, so it panicked: that is for the layer that answers panics.
        Err(error) => resume_unwind(error.into_panic()),
    }
}
