//! Forms of the inspection pages sent without JavaScript. Each performs one action and redirects to
//! a page; a refused form is shown again with its input.

use crate::{answer::code, pages, state::AppState};
use app::{
    auth::Session,
    error::AppError,
    form::Typed,
    inspections::{RejectedForm, send, start},
};
use axum::{
    Form, Router,
    extract::{Extension, Path, State},
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use domain::id::InspectionId;

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/inspections/new", post(begin)).route("/inspections/{id}", post(change))
}

async fn begin(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    request: Parts,
    Form(typed): Form<Typed>,
) -> Response {
    let done = match session.actor() {
        Ok(actor) => start(&state.store, &actor, state.clock.now(), &typed).await,
        Err(error) => Err(error),
    };
    let place = done.map(|id| format!("/inspections/{id}"));
    answer(&state, request, typed, place).await
}

async fn change(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    Path(id): Path<i64>,
    request: Parts,
    Form(typed): Form<Typed>,
) -> Response {
    let place = match session.actor() {
        Ok(actor) => send(&state.store, &actor, state.clock.now(), InspectionId(id), &typed).await,
        Err(error) => Err(error),
    };
    answer(&state, request, typed, place).await
}

async fn answer(
    state: &AppState,
    request: Parts,
    typed: Typed,
    place: Result<String, AppError>,
) -> Response {
    match place {
        Ok(place) => Redirect::to(&place).into_response(),
        Err(error) => {
            let status = code(&error);
            pages::page(state, request, status, RejectedForm { typed, error }).await
        }
    }
}
