//! Protection against cross-site request forgery.

use crate::state::AppState;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Rejects requests that may change data, unless the browser states that they come from this site. Reading a
/// report is recorded too; its route calls [`from_here`] itself.
pub(crate) async fn refuse_other_sites(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let headers = request.headers();
    let ours = reads
        || from_here(headers).unwrap_or_else(|| {
            let origin = state.settings.origin.as_ref().map(|origin| origin.as_str());
            origin_is_ours(headers, request.uri(), origin)
        });
    if ours {
        return next.run(request).await;
    }
    let refusal = "This request came from another site, so it was refused.\n";
    (StatusCode::FORBIDDEN, refusal).into_response()
}

/// Returns whether `Sec-Fetch-Site` names this site or a typed address as the origin; `None` if the browser
/// does not send the header.
pub(crate) fn from_here(headers: &HeaderMap) -> Option<bool> {
    headers.get("sec-fetch-site").map(|site| site == "same-origin" || site == "none")
}

/// Returns whether `Origin` is the configured origin of the server, or the requested host if none is set.
fn origin_is_ours(headers: &HeaderMap, uri: &Uri, known: Option<&str>) -> bool {
    let Some(origin) = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok()) else {
        return false;
    };
    if let Some(known) = known {
        return origin.eq_ignore_ascii_case(known);
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| uri.authority().map(|authority| authority.as_str()));
    let sent = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    matches!((sent, host), (Some(sent), Some(host)) if sent.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(origin: &str, host: &str, known: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::ORIGIN, origin.parse().expect("a header"));
        headers.insert(header::HOST, host.parse().expect("a header"));
        origin_is_ours(&headers, &Uri::from_static("/users"), known)
    }

    #[test]
    fn the_origin_must_be_the_host_asked_for() {
        assert!(ours("http://127.0.0.1:3000", "127.0.0.1:3000", None));
        assert!(!ours("http://127.0.0.1:3001", "127.0.0.1:3000", None));
        assert!(!ours("null", "127.0.0.1:3000", None));
        assert!(!ours("https://plumbline.example.org.example.com", "plumbline.example.org", None));
    }

    #[test]
    fn the_origin_told_goes_before_the_host() {
        let known = Some("https://plumbline.example.org");
        assert!(ours("https://plumbline.example.org", "10.0.0.5:3000", known));
        assert!(!ours("http://10.0.0.5:3000", "10.0.0.5:3000", known));
    }
}
