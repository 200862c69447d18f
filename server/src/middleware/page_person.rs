//! Refusal of requests from a page that was made for somebody else.
//!
//! The browser's tabs share one session cookie. When another person signs in in one of them, the
//! others still show the pages of the first, and their requests would be recorded under the wrong
//! name.

use crate::{answer, pages, state::AppState};
use app::{
    auth::{AskCurrentUser, PAGE_PERSON, PAGE_PERSON_HEADER, RefusedForm, Session, SignOut},
    error::AppError,
    inspections::Typed,
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

/// The requests that mean whoever has the session, or nobody.
const EXEMPT: [&str; 4] = [AskCurrentUser::PATH, SignOut::PATH, SetTheme::PATH, "/login"];

/// The media type of a form without files.
const FORM: &str = "application/x-www-form-urlencoded";

/// Lets a request pass whose page was made for the person who has the session, or that says nothing
/// of a page, such as a command line's. Others are answered with 409, and a form with its texts.
///
/// A link is bare as a rule, since whoever follows it sees whose page they come to. One that names a
/// person leads to what is recorded, such as a report, and is refused like a form.
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
    if !answer::wants_page(request.headers()) {
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

/// The body of a form without files, which stays in the request; empty for any other request, and
/// for one whose header names the person.
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

/// The person that a request names: in a header, in its query, or in its form.
fn page_person(request: &Request, form: &[u8]) -> Option<String> {
    if let Some(header) = request.headers().get(PAGE_PERSON_HEADER) {
        return Some(String::from_utf8_lossy(header.as_bytes()).into_owned());
    }
    named_in(request.uri().query()).or_else(|| named(form))
}

/// The person that a query names.
fn named_in(query: Option<&str>) -> Option<String> {
    query.and_then(|query| named(query.as_bytes()))
}

fn named(pairs: &[u8]) -> Option<String> {
    form_urlencoded::parse(pairs)
        .find_map(|(name, value)| (name == PAGE_PERSON).then(|| value.into_owned()))
}

/// The path of the page that the browser sent the request from.
fn page_of(headers: &HeaderMap) -> Option<String> {
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    let uri: axum::http::Uri = referer.parse().ok()?;
    uri.path_and_query().map(ToString::to_string)
}
