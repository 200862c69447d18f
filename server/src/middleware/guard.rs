//! Requirement to sign in.

use crate::answer;
use app::{
    accept::wants_page,
    auth::{AskCurrentUser, Session, SignOut, local_path},
    error::AppError,
    theme::SetTheme,
};
use axum::{
    extract::{Extension, Request},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use leptos::server_fn::ServerFn;

/// Server functions available without signing in. All others also check the session themselves; this guard
/// blocks them in case one does not.
const OPEN: [&str; 3] = [AskCurrentUser::PATH, SignOut::PATH, SetTheme::PATH];

/// Passes requests of signed-in people. Others are redirected to the sign-in page and afterwards back;
/// scripts get an error. A signed-in person is redirected away from the pages for visitors.
pub(crate) async fn ask_to_sign_in(
    Extension(session): Extension<Session>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let is_for_visitors = app::is_for_visitors(path);
    let signed_in = session.user.is_some();
    if signed_in && is_for_visitors && request.method() == Method::GET {
        return Redirect::to(local_path(&wanted(&request))).into_response();
    }
    if signed_in || is_for_visitors || OPEN.contains(&path) {
        return next.run(request).await;
    }
    if !wants_page(request.headers()) {
        return answer::script(path, &AppError::SignInNeeded);
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    match request.uri().path_and_query().map(|address| address.as_str()) {
        Some(address) if reads && address != "/" && !address.starts_with("/api/") => {
            let next: String = percent_encode(address);
            Redirect::to(&format!("/login?next={next}")).into_response()
        }
        _ => Redirect::to("/login").into_response(),
    }
}

/// Returns the page to open after signing in.
fn wanted(request: &Request) -> String {
    form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
        .find_map(|(name, value)| (name == "next").then(|| value.into_owned()))
        .unwrap_or_default()
}

fn percent_encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
