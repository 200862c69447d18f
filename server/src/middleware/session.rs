//! Session of a request.

use crate::{pages, state::AppState};
use app::auth::{Session, SignedIn};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

/// Adds the [`Session`] to the request, based on its cookie and the database.
pub(crate) async fn attach_session(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let cookie = state.settings.cookie;
    let token = cookie.read(request.headers());
    let user = match &token {
        None => None,
        Some(token) => match state.store.session(token, state.clock.now()).await {
            Ok(user) => user.map(|user| SignedIn {
                id: user.id,
                name: user.name,
                email: user.email,
                role: user.role,
            }),
            Err(error) => return pages::failure(request.uri().path(), error),
        },
    };
    if let Some(user) = &user {
        tracing::Span::current().record("user", user.id.0);
    }
    request.extensions_mut().insert(Session::new(user, token, cookie));
    next.run(request).await
}
