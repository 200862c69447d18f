//! Pages made outside their usual route, and the plain answer where none can be made.

use crate::{answer, middleware::to_its_end, state::AppState};
use app::{auth::FirstRun, error::AppError, frame::Failed};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use leptos::{context::provide_context, prelude::FromServerFnError};
use leptos_axum::render_app_async_with_context;

/// Provides what server functions and pages take from the server.
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

/// The page at the address of a request, as if it had been asked for plainly, with more in its
/// context: how a form that did not succeed comes back with what was typed in it.
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

/// Why what stands at an address cannot be sent: a page that leads on, or for scripts and pictures plain
/// words.
pub(crate) async fn instead(state: &AppState, request: Parts, error: AppError) -> Response {
    if !answer::wants_page(&request.headers) {
        return answer::text(&error);
    }
    let (state, status) = (state.clone(), answer::code(&error));
    to_its_end(async move { page(&state, request, status, Failed(error)).await }).await
}

/// The page that says that there is none at this address.
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

/// The answer where the store failed before a page or a function was asked: the details go to the log
/// alone, and server functions are answered as the page's script reads it.
pub(crate) fn failure(path: &str, error: store::Error) -> Response {
    unavailable(path, &AppError::from(error))
}

/// The answer where nothing could be asked, in the form in which it was asked for.
pub(crate) fn unavailable(path: &str, error: &AppError) -> Response {
    if path.starts_with("/api/") {
        return (answer::code(error), error.ser()).into_response();
    }
    answer::text(error)
}

/// The answer where something of ours failed.
pub(crate) fn internal() -> Response {
    let words = "Something went wrong on the server. Please try again.\n";
    (StatusCode::INTERNAL_SERVER_ERROR, words).into_response()
}
