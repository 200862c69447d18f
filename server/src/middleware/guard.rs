//! Whoever is not signed in gets no further than the sign-in page.

use crate::answer;
use app::{auth::Session, error::AppError};
use axum::{
    extract::{Extension, Request},
    http::Method,
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
    if !answer::wants_page(request.headers()) {
        return answer::json(&AppError::SignInNeeded);
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

fn percent_encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
