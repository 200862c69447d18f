//! Pages rendered outside their usual route, and plain responses when no page can be rendered.

use crate::{answer, completion::to_its_end, state::AppState};
use app::{accept::wants_page, auth::FirstRun, error::AppError, frame::Failed};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use leptos::{context::provide_context, prelude::FromServerFnError};
use leptos_axum::render_app_async_with_context;

/// Provides the contexts that server functions and pages use.
pub(crate) fn provide(state: &AppState) {
    provide_context(state.store.clone());
    provide_context(state.clock);
    provide_context(state.settings.renderer.clone());
    let set_up = state.settings.set_up.clone().filter(store::SetUpLink::is_open);
    provide_context(FirstRun { needs_set_up: set_up.is_some(), demo: state.settings.demo.clone() });
    if let Some(link) = set_up {
        provide_context(link);
    }
}

/// Renders the page at a request's address as for a GET request, with an additional context. A
/// failed form is shown again with its input this way.
pub(crate) async fn page<T>(
    state: &AppState,
    request: Parts,
    status: StatusCode,
    more: T,
) -> Response
where
    T: Clone + Send + Sync + 'static,
{
    let mut plain = Request::new(Body::empty());
    *plain.uri_mut() = request.uri;
    *plain.headers_mut() = request.headers;
    *plain.extensions_mut() = request.extensions;
    let mut response = render(state, plain, move || provide_context(more.clone())).await;
    if response.status().is_success() {
        *response.status_mut() = status;
    }
    response
}

/// Responds that a requested file cannot be sent: with a page, or with plain text for scripts and
/// images.
pub(crate) async fn instead(state: &AppState, request: Parts, error: AppError) -> Response {
    if !wants_page(&request.headers) {
        return answer::text(&error);
    }
    let (state, status) = (state.clone(), answer::code(&error));
    to_its_end(async move { page(&state, request, status, Failed(error)).await }).await
}

/// Renders the page for an unknown address.
pub(crate) async fn not_found(State(state): State<AppState>, request: Request) -> Response {
    render(&state, request, || {}).await
}

async fn render(
    state: &AppState,
    request: Request,
    more: impl Fn() + Clone + Send + Sync + 'static,
) -> Response {
    let options = state.leptos.clone();
    let context = {
        let state = state.clone();
        move || {
            provide(&state);
            more();
        }
    };
    render_app_async_with_context(context, move || app::shell(options.clone()))(request).await
}

/// Responds to a store failure that occurred before a page or function was called. The details are
/// only logged; server functions get the format that the page's script reads.
pub(crate) fn failure(path: &str, error: store::Error) -> Response {
    unavailable(path, &AppError::from(error))
}

/// Responds that the service is unavailable, in the format of the request.
pub(crate) fn unavailable(path: &str, error: &AppError) -> Response {
    if path.starts_with("/api/") {
        return (answer::code(error), error.ser()).into_response();
    }
    answer::text(error)
}

/// Responds to an internal error.
pub(crate) fn internal() -> Response {
    let words = "Something went wrong on the server. Please try again.\n";
    (StatusCode::INTERNAL_SERVER_ERROR, words).into_response()
}
