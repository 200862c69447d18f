//! Server functions of the page for undoing a request.

#[cfg(feature = "ssr")]
use crate::{
    auth::{Caller, caller},
    inspections::plain::{request_of, required},
};
use crate::{error::AppError, form::Typed, wire::Compact};
#[cfg(feature = "ssr")]
use domain::id::ChangeId;
use domain::view::RequestView;
use leptos::prelude::*;
use uuid::Uuid;

/// Query parameter that names the request of the last undo.
#[cfg(feature = "ssr")]
const DONE: &str = "done";

/// Previews undoing a request; the query string may name the request of the last undo.
#[server(name = PreviewUndoRequest, output = Compact, endpoint = "preview_request")]
pub async fn preview_request(request: Uuid, query: String) -> Result<RequestView, AppError> {
    let Caller { store, actor, .. } = caller()?;
    Ok(service::undo_request::preview(&store, &actor, request, done(&query)?).await?)
}

/// Undoes a request where possible and redirects to its page, which lists the skipped inspections.
#[server(name = UndoRequest, output = Compact, endpoint = "undo_request")]
pub async fn undo_request(#[server(flatten)] form: Typed) -> Result<(), AppError> {
    let Caller { store, actor, now } = caller()?;
    let (of, undoing): (Uuid, _) = (required(&form, "of")?, request_of(&form)?);
    let seen: ChangeId = required(&form, "seen")?;
    service::undo_request::undo(&store, &actor, now, undoing, of, seen).await?;
    leptos_axum::redirect(&format!("/changes/request/{of}/undo?{DONE}={undoing}"));
    Ok(())
}

/// Parses the request of the last undo from the query string.
#[cfg(feature = "ssr")]
fn done(query: &str) -> Result<Option<Uuid>, AppError> {
    let mut pairs = form_urlencoded::parse(query.trim_start_matches('?').as_bytes());
    let done = pairs.find(|(name, _)| name == DONE).map(|(_, id)| {
        let unreadable = |_| AppError::unreadable(&id, "Open the request from the changes.");
        id.parse().map_err(unreadable)
    });
    done.transpose()
}
