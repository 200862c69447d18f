//! Futures that run to their end after their caller has been dropped.

use std::{future::Future, panic::resume_unwind};
use tokio::runtime::Handle;
use tracing::Instrument;

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
