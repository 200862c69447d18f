//! What was begun is brought to its end, even when whoever asked has gone meanwhile: a page that is
//! dropped half made leaves tasks behind that panic, and a form may have been half carried out.

use crate::{pages, reading};
use app::changes::{AskActivity, AskChanges, AskEntry, AskHistory};
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

/// The server functions that read as much as a page does.
const READING: [&str; 4] = [AskActivity::PATH, AskChanges::PATH, AskEntry::PATH, AskHistory::PATH];

/// Answers a request in a task of its own, which goes on when the connection is closed; readers on
/// threads of their own.
pub(crate) async fn finish(State(store): State<Store>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if request.method() != Method::GET && !READING.contains(&&*path) {
        return to_its_end_on(None, next.run(request)).await;
    }
    let answer = async move { made(next.run(request).await).await };
    let answer = reading::in_turn(move || store.recorder_waits(), answer).await;
    answer.unwrap_or_else(|error| pages::unavailable(&path, &error))
}

/// The answer with its whole body, which is made and compressed when it is read.
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

/// Does something in a task of its own, which goes on when nobody waits for it any more.
pub(crate) async fn to_its_end<T: Send + 'static>(
    what: impl Future<Output = T> + Send + 'static,
) -> T {
    to_its_end_on(None, what).await
}

/// The same on other threads than the caller's, where some are given.
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
        // Nobody cancels the task, so it panicked: that is for the layer that answers panics.
        Err(error) => resume_unwind(error.into_panic()),
    }
}
