//! Timeouts for request bodies that stall or arrive too slowly.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Instant, Sleep};

/// Maximum time without a new byte of the body.
const STILL: Duration = Duration::from_secs(20);

/// Maximum total wait for a body, in addition to one second for each [`BYTES`] of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Minimum rate, in bytes per second: a tenth of the slowest mobile connections.
const BYTES: f64 = 1024.0;

#[derive(Debug, Default)]
struct Progress {
    ended: AtomicBool,
    given_up: AtomicBool,
}

/// Aborts a request whose body does not arrive in time. If the response was created before the whole body was
/// read, adds a header that closes the connection.
pub(crate) async fn require_progress(request: Request, next: Next) -> Response {
    give_up_after(STILL, request, next).await
}

async fn give_up_after(still: Duration, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let progress = Arc::<Progress>::default();
    let request = request.map(|body| {
        Body::new(Awaited {
            body,
            progress: progress.clone(),
            still,
            bytes: 0.0,
            waited: Duration::ZERO,
            waiting: None,
        })
    });
    let mut response = next.run(request).await;
    if progress.given_up.load(Ordering::Acquire) {
        let why = "The rest of the request did not arrive in time. Please try again.\n";
        response = (StatusCode::REQUEST_TIMEOUT, why).into_response();
    }
    if !progress.ended.load(Ordering::Acquire) {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

struct Awaited {
    body: Body,
    progress: Arc<Progress>,
    /// Maximum time without a new byte.
    still: Duration,
    /// Number of bytes received.
    bytes: f64,
    /// Total time spent waiting for bytes, without the time in which the server processes them.
    waited: Duration,
    /// Start and deadline of the current wait.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl HttpBody for Awaited {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(frame) => {
                if let Some((since, _)) = self.waiting.take() {
                    self.waited += since.elapsed();
                }
                if let Some(Ok(frame)) = &frame {
                    self.bytes += frame.data_ref().map_or(0.0, |data| data.len() as f64);
                }
                if frame.is_none() || self.body.is_end_stream() {
                    self.progress.ended.store(true, Ordering::Release);
                }
                Poll::Ready(frame)
            }
            Poll::Pending => {
                let allowed = PATIENCE + Duration::from_secs_f64(self.bytes / BYTES);
                let longest = allowed.saturating_sub(self.waited).min(self.still);
                let (_, sleep) = self
                    .waiting
                    .get_or_insert_with(|| (Instant::now(), Box::pin(tokio::time::sleep(longest))));
                match sleep.as_mut().poll(cx) {
                    Poll::Pending => Poll::Pending,
                    Poll::Ready(()) => {
                        self.progress.given_up.store(true, Ordering::Release);
                        let late = std::io::Error::from(std::io::ErrorKind::TimedOut);
                        Poll::Ready(Some(Err(axum::Error::new(late))))
                    }
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, middleware::from_fn, routing::post};
    use futures::{StreamExt, stream};
    use std::convert::Infallible;
    use tower::ServiceExt;

    async fn send(body: Body) -> Response {
        let soon = Duration::from_millis(20);
        let give_up =
            from_fn(move |request, next| async move { give_up_after(soon, request, next).await });
        let router = Router::new()
            .route("/read", post(async |_: Bytes| "read"))
            .route("/refused", post(async || StatusCode::FORBIDDEN))
            .layer(give_up);
        let path = if body.is_end_stream() { "/refused" } else { "/read" };
        let request = Request::post(path).body(body).expect("a request");
        router.oneshot(request).await.expect("an answer")
    }

    #[tokio::test]
    async fn a_body_that_stands_still_is_given_up() {
        let some = stream::iter([Ok::<_, Infallible>("some")]);
        let answer = send(Body::from_stream(some.chain(stream::pending()))).await;
        assert_eq!(answer.status(), StatusCode::REQUEST_TIMEOUT);
        assert_eq!(answer.headers()[header::CONNECTION], "close");
    }

    #[tokio::test]
    async fn a_body_that_arrives_keeps_its_connection() {
        let answer = send(Body::from("all of it")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(!answer.headers().contains_key(header::CONNECTION));
        assert!(!send(Body::empty()).await.headers().contains_key(header::CONNECTION));
    }
}
