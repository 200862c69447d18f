//! Completion of requests after the client has disconnected. A page that is dropped while it renders leaves
//! tasks that panic, and a form might be performed only in part.

use crate::{completion::to_its_end_on, pages, reading};
use app::{
    change_view::AskHistory,
    changes::{AskActivity, AskChanges, AskEntry},
};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use leptos::server_fn::ServerFn;
use store::Store;

/// Server functions that read as much as a page does.
const READING: [&str; 4] = [AskActivity::PATH, AskChanges::PATH, AskEntry::PATH, AskHistory::PATH];

/// Handles a request in a separate task, which continues when the connection closes. Read requests run on
/// separate threads.
pub(crate) async fn finish(State(store): State<Store>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if request.method() != Method::GET && !READING.contains(&&*path) {
        return to_its_end_on(None, next.run(request)).await;
    }
    let answer = async move { made(next.run(request).await).await };
    let answer = reading::in_turn(move || store.recorder_waits(), answer).await;
    answer.unwrap_or_else(|error| pages::unavailable(&path, &error))
}

/// Collects the response's body, which is rendered and compressed while it is read.
async fn made(answer: Response) -> Response {
    let (parts, body) = answer.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(bytes) => Response::from_parts(parts, Body::from(bytes)),
        Err(error) => {
            tracing::error!(%error, "a page cannot be made");
            pages::internal()
        }
    }
}
