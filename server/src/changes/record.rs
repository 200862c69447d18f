//! `GET /changes/{id}/record`: the recorded form of a change, for a person who may see its
//! inspection.

use crate::{answer, state::AppState};
use app::{auth::Session, error::AppError};
use axum::{
    extract::{Extension, Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use domain::id::ChangeId;

pub(super) async fn record(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    Path(id): Path<i64>,
) -> Response {
    match read(&state, &session, ChangeId(id)).await {
        Ok(json) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Err(error) => answer::text(&error),
    }
}

async fn read(state: &AppState, session: &Session, id: ChangeId) -> Result<String, AppError> {
    let actor = session.actor()?;
    let change = service::changes::find(&state.store, &actor, id).await?;
    serde_json::to_string_pretty(&change).map_err(|error| {
        tracing::error!(%error, "a change cannot be written as JSON");
        AppError::Internal
    })
}
