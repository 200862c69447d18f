//! Refusal of requests from a page that was made for somebody else.
//!
//! The browser's tabs share one session cookie. When another person signs in in one of them, the
//! others still show the pages of the first, and their requests would be recorded under the wrong
//! name.

use crate::{answer, pages, state::AppState};
use app::{
    accept::wants_page,
    auth::{AskCurrentUser, PAGE_PERSON, PAGE_PERSON_HEADER, RefusedForm, Session, SignOut},
    error::AppError,
    form::Typed,
    theme::SetTheme,
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Extension, Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use leptos::server_fn::ServerFn;

/// Requests that are valid for any session, or none.
const EXEMPT: [&str; 4] = [AskCurrentUser::PATH, SignOut::PATH, SetTheme::PATH, "/login"];

/// Media type of a form without files.
const FORM: &str = "application/x-www-form-urlencoded";

/// Passes requests whose page was rendered for the signed-in person, and requests that name no page, such as
/// those of a command-line client. Others get status 409; a form's texts are returned with it.
///
/// Links usually name no person, because the page they open shows whose it is. A link with a recorded effect,
/// such as one to a report, names the person and is rejected like a form.
pub(crate) async fn refuse_other_person(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    request: Request,
    next: Next,
) -> Response {
    let Some(user) = session.user else { return next.run(request).await };
    let is_link = request.method().is_safe();
    let is_exempt = EXEMPT.contains(&request.uri().path());
    if is_exempt || is_link && named_in(request.uri().query()).is_none() {
        return next.run(request).await;
    }
    let (request, form) = match read_form(request).await {
        Ok(read) => read,
        Err(refusal) => return refusal,
    };
    let person = match page_person(&request, &form) {
        None => return next.run(request).await,
        Some(person) => person,
    };
    if person.parse() == Ok(user.id) {
        return next.run(request).await;
    }
    let error = AppError::SessionChanged { name: user.name };
    if !wants_page(request.headers()) {
        return answer::script(request.uri().path(), &error);
    }
    let (request, _) = request.into_parts();
    let page = match is_link {
        true => Some(request.uri.path().to_owned()),
        false => page_of(&request.headers),
    };
    let page = page.unwrap_or_else(|| "/".into());
    let typed: Typed = form_urlencoded::parse(&form).into_owned().collect();
    let refused = RefusedForm { error, typed, page };
    pages::page(&state, request, StatusCode::CONFLICT, refused).await
}

/// Reads the body of a form without files and puts it back into the request. Returns an empty body for any
/// other request, and if a header already names the person.
async fn read_form(request: Request) -> Result<(Request, Bytes), Response> {
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(FORM.as_bytes()));
    if !is_form || request.headers().contains_key(PAGE_PERSON_HEADER) {
        return Ok((request, Bytes::new()));
    }
    let (parts, body) = request.into_parts();
    match to_bytes(body, super::MAX_FORM_BYTES).await {
        Ok(form) => Ok((Request::from_parts(parts, Body::from(form.clone())), form)),
        Err(error) => {
            tracing::debug!(%error, "a form cannot be read");
            let words = "The form is too large, or it was cut off on its way.\n";
            Err((StatusCode::PAYLOAD_TOO_LARGE, words).into_response())
        }
    }
}

/// Returns the person that a request names in a header, its query or its form.
fn page_person(request: &Request, form: &[u8]) -> Option<String> {
    if let Some(header) = request.headers().get(PAGE_PERSON_HEADER) {
        return Some(String::from_utf8_lossy(header.as_bytes()).into_owned());
    }
    named_in(request.uri().query()).or_else(|| named(form))
}

/// Returns the person that a query names.
fn named_in(query: Option<&str>) -> Option<String> {
    query.and_then(|query| named(query.as_bytes()))
}

fn named(pairs: &[u8]) -> Option<String> {
    form_urlencoded::parse(pairs)
        .find_map(|(name, value)| (name == PAGE_PERSON).then(|| value.into_owned()))
}

/// Returns the path of the page that sent the request.
fn page_of(headers: &HeaderMap) -> Option<String> {
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    let uri: axum::http::Uri = referer.parse().ok()?;
    uri.path_and_query().map(ToString::to_string)
}
