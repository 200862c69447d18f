//! Request ids, and a log line for each request. The query is never logged, because it may contain search
//! text.

use crate::{middleware::address::is_trusted, state::AppState};
use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::{
    net::{IpAddr, SocketAddr},
    pin::Pin,
    task::{Context, Poll},
    time::Instant,
};
use tracing::{Instrument, Span, field};
use uuid::Uuid;

/// Header with the request id, accepted from trusted proxies and added to every response.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Maximum length of an id from a proxy, in bytes.
const MAX_ID_LEN: usize = 64;

/// Assigns an id to the request, which all its log lines contain, and logs the request once it is answered.
pub(crate) async fn trace(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let id = incoming_id(peer, request.headers(), &state.settings.trusted_proxies)
        .unwrap_or_else(|| Uuid::now_v7().simple().to_string());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    // The span has the highest level, so that a filter for errors does not remove it.
    let span = tracing::error_span!("request", id, %method, path, user = field::Empty);
    let answered = async {
        let begun = Instant::now();
        let response = next.run(request).await;
        log_answer(&path, response.status().as_u16(), begun);
        response
    };
    let mut response = answered.instrument(span.clone()).await;
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response.map(|body| Body::new(SpanBody { body, span }))
}

fn log_answer(path: &str, status: u16, begun: Instant) {
    let ms = begun.elapsed().as_millis();
    let routine = ["/pkg/", "/fonts/", "/healthz"].iter().any(|start| path.starts_with(start));
    match status {
        500.. => tracing::error!(status, ms, "answered"),
        _ if routine => tracing::debug!(status, ms, "answered"),
        _ => tracing::info!(status, ms, "answered"),
    }
}

/// Returns the id from a trusted proxy. Other clients could reuse the id of somebody else's request.
fn incoming_id(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpAddr]) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_id = (1..=MAX_ID_LEN).contains(&id.len()) && id.bytes().all(is_plain);
    (is_id && is_trusted(peer?, trusted)).then(|| id.to_owned())
}

/// Body that is polled within the span of its request, which ends with the body.
struct SpanBody {
    body: Body,
    span: Span,
}

impl HttpBody for SpanBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        let _entered = this.span.enter();
        Pin::new(&mut this.body).poll_frame(context)
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

    fn taken(peer: &str, id: &str) -> Option<String> {
        let headers = HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_str(id).unwrap())]);
        let trusted = ["10.0.0.1".parse().unwrap()];
        incoming_id(Some(peer.parse().unwrap()), &headers, &trusted)
    }

    #[test]
    fn an_id_is_taken_from_a_trusted_proxy_alone() {
        assert_eq!(taken("10.0.0.1", "a1-b_2.C").as_deref(), Some("a1-b_2.C"));
        assert_eq!(taken("192.0.2.7", "a1-b_2.C"), None);
        assert_eq!(incoming_id(None, &HeaderMap::new(), &[]), None);
    }

    #[test]
    fn an_id_that_could_break_a_line_of_the_log_is_not_taken() {
        for id in ["", "a b", "a\tb", "a\"b", &"a".repeat(MAX_ID_LEN + 1)] {
            assert_eq!(taken("10.0.0.1", id), None, "{id}");
        }
    }
}
