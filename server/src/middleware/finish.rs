//! Completion of requests after the client has disconnected. A page that is dropped while it renders leaves
//! tasks that panic, and a form might be performed only in part.

use crate::{pages, reading};
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
use std::{future::Future, panic::resume_unwind};
use store::Store;
use tokio::runtime::Handle;
use tracing::Instrument;

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

/// Runs a future in a separate task, which continues when the caller is dropped.
pub(crate) async fn to_its_end<T: Send + 'static>(
    what: impl Future<Output = T> + Send + 'static,
) -> T {
    to_its_end_on(None, what).await
}

/// Runs a future like [`to_its_end`], on the given threads, if any.
pub(crate) async fn to_its_end_on<T: Send + 'static>(
    threads: Option<&Handle>,
    what: impl Future<Output = T> + Send + 'static,
) -> T {
    let what = what.in_current_span();
    let task = match threads {
        Some(threads) => threads.spawn(what),
        None => tokio::spawn(what),
    };
    match task.await {
        Ok(done) => done,
        // The task is never cancelled, so it panicked. The panic layer handles that.
        Err(error) => resume_unwind(error.into_panic()),
    }
}
