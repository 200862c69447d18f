//! Whoever is not signed in gets no further than the sign-in page.

use app::{auth::Session, error::AppError};
use axum::{
    Json,
    extract::{Extension, Request},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

/// Lets signed-in people pass. Leads others to the sign-in page and back, if they are people; tells
/// scripts that they must sign in. Server functions answer for themselves.
pub(crate) async fn ask_to_sign_in(
    Extension(session): Extension<Session>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if session.user.is_some() || path == "/login" || path.starts_with("/api/") {
        return next.run(request).await;
    }
    if !wants_page(&request) {
        let error = AppError::SignInNeeded;
        let message = serde_json::json!({ "message": error.to_string() });
        return (StatusCode::UNAUTHORIZED, Json(message)).into_response();
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    match request.uri().path_and_query().map(|here| here.as_str()) {
        Some(here) if reads && here != "/" => {
            let next: String = percent_encode(here);
            Redirect::to(&format!("/login?next={next}")).into_response()
        }
        _ => Redirect::to("/login").into_response(),
    }
}

fn wants_page(request: &Request) -> bool {
    let accepts = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accepts.is_some_and(|accept| accept.contains("text/html"))
}

fn percent_encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
