//! A line in the log for each request: what was asked and how it went. Never the query, which may
//! hold what people look for.

use axum::{extract::Request, middleware::Next, response::Response};
use std::time::Instant;

/// Logs a request once it is answered.
pub(crate) async fn trace(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let begun = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let ms = begun.elapsed().as_millis();
    let routine = ["/pkg/", "/fonts/", "/healthz"].iter().any(|start| path.starts_with(start));
    match status {
        500.. => tracing::error!(%method, path, status, ms, "request"),
        _ if routine => tracing::debug!(%method, path, status, ms, "request"),
        _ => tracing::info!(%method, path, status, ms, "request"),
    }
    response
}
