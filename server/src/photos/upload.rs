//! `POST /inspections/{id}/photos`: responds to scripts with JSON, and to plain forms with a redirect.

use super::receive::{Received, pass_over, receive};
use crate::{answer, pages, state::AppState};
use app::{
    accept::wants_page,
    auth::Session,
    error::AppError,
    request_id,
    upload_error::{REFUSED, UploadError},
};
use axum::{
    Json,
    extract::{Extension, Multipart, Path, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    id::{ChangeId, InspectionId},
    inspection::{Photo, PhotoError},
};
use serde::Serialize;
use service::{photos, request_id_for};
use uuid::Uuid;

/// JSON response to a page's script.
#[derive(Serialize)]
struct Answer {
    /// Request id, by which a page recognises the response to its own upload.
    request: Uuid,
    /// Attached photos.
    photos: Vec<Photo>,
    /// One sentence for each refused file.
    refused: Vec<String>,
    /// Last change.
    head: Option<ChangeId>,
}

struct Attached {
    request: Uuid,
    photos: Vec<Photo>,
    head: Option<ChangeId>,
    refused: Vec<PhotoError>,
}

pub(super) async fn upload(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    Path(id): Path<i64>,
    request: Parts,
    form: Multipart,
) -> Response {
    let id = InspectionId(id);
    let is_plain_form = wants_page(&request.headers);
    let attached = attach(&state, &session, id, form, is_plain_form).await;
    if is_plain_form {
        return match redirect_to_inspection(id, attached) {
            Ok(back) => back.into_response(),
            Err(error) => pages::instead(&state, request, error).await,
        };
    }
    match attached {
        Err(error) => answer::json(&error),
        Ok(Attached { photos, refused, .. }) if photos.is_empty() => {
            let error = refused.into_iter().next().unwrap_or(PhotoError::NoPhoto);
            let trouble = UploadError::Photo(error);
            answer::json_saying(trouble.status(), &trouble.to_string())
        }
        Ok(Attached { request, photos, head, refused }) => {
            let refused = refused.iter().map(PhotoError::to_string).collect();
            (StatusCode::CREATED, Json(Answer { request, photos, refused, head })).into_response()
        }
    }
}

async fn attach(
    state: &AppState,
    session: &Session,
    id: InspectionId,
    form: Multipart,
    is_plain_form: bool,
) -> Result<Attached, AppError> {
    let actor = session.actor()?;
    // Permissions are checked before the files are read.
    if let Err(error) = photos::require_may_attach(&state.store, &actor, id).await {
        pass_over(form).await;
        return Err(error.into());
    }
    let received = receive(state, form).await?;
    let Received { request, ordinal, section, caption, photos, refused } = received;
    let request = match request {
        None => request_id::new(),
        // After going back in the browser, other files may be sent with the page's request id.
        Some(page) if is_plain_form => {
            let into = section.map(|section| section.to_string()).unwrap_or_default();
            let files = photos.iter().map(|photo| (photo.name.as_str(), photo.sha256.as_str()));
            request_id_for(page, files.chain([("caption", caption.as_str()), ("section", &into)]))
        }
        Some(request) => request,
    };
    if photos.is_empty() {
        return Ok(Attached { request, photos, head: None, refused });
    }
    let described = |photo| Photo { section, caption: caption.clone(), ..photo };
    let photos = photos.into_iter().map(described).collect();
    let now = state.clock.now();
    let key = (request, ordinal.unwrap_or(1));
    let (photos, head) = photos::attach(&state.store, &actor, now, key, id, photos).await?;
    Ok(Attached { request, photos, head, refused })
}

/// Redirects to the page, which shows errors for the refused files.
fn redirect_to_inspection(
    id: InspectionId,
    attached: Result<Attached, AppError>,
) -> Result<Redirect, AppError> {
    let mut refused = match attached {
        Ok(Attached { photos, mut refused, .. }) => {
            if photos.is_empty() && refused.is_empty() {
                refused.push(PhotoError::NoPhoto);
            }
            refused
        }
        // The page itself shows why nothing can be added.
        Err(AppError::Forbidden(_) | AppError::Conflict { .. }) => Vec::new(),
        Err(error) => return Err(error),
    };
    refused.truncate(10);
    let mut query = form_urlencoded::Serializer::new(String::new());
    let named = |error| (REFUSED, UploadError::Photo(error).to_query());
    query.extend_pairs(refused.into_iter().map(named));
    let query = query.finish();
    let question = if query.is_empty() { "" } else { "?" };
    Ok(Redirect::to(&format!("/inspections/{id}{question}{query}")))
}
