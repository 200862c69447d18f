//! `POST /changes`: a form of the dashboard sent without JavaScript. The response is the page it
//! came from, with the result above it.

use crate::{answer, pages, state::AppState};
use app::{auth::Session, changes::Acted, error::AppError};
use axum::{
    extract::{Extension, RawForm, State},
    http::{StatusCode, request::Parts},
    response::Response,
};

pub(super) async fn act(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    request: Parts,
    RawForm(body): RawForm,
) -> Response {
    let form = form_urlencoded::parse(&body).into_owned().collect();
    let query = request.uri.query().unwrap_or_default();
    let done = match session.actor() {
        Ok(actor) => {
            let act = service::changes::act(&state.store, &actor, state.clock.now(), query, form);
            act.await.map_err(AppError::from)
        }
        Err(error) => Err(error),
    };
    let status = done.as_ref().err().map_or(StatusCode::OK, answer::code);
    pages::page(&state, request, status, Acted(done)).await
}
