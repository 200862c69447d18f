//! `GET /photos/{id}?size=480|1600|full`: the file of a photo, for people who may see its inspection. Removed
//! photos are included, because the history shows them.

use crate::{answer, pages, state::AppState};
use app::{auth::Session, error::AppError};
use axum::{
    body::Body,
    extract::{Extension, Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use domain::{id::PhotoId, inspection::Photo};
use headers::{ETag, HeaderMapExt, IfNoneMatch};
use serde::Deserialize;
use store::keys::{self, PhotoSize};

#[derive(Deserialize)]
pub(super) struct PhotoQuery {
    size: Option<String>,
}

impl PhotoQuery {
    fn size(&self) -> Result<PhotoSize, AppError> {
        match self.size.as_deref() {
            Some("480") => Ok(PhotoSize::Small),
            None | Some("1600") => Ok(PhotoSize::Large),
            Some("full") => Ok(PhotoSize::Original),
            Some(_) => Err(AppError::Unreadable(
                "There is no such size of a photo. Ask for 480, 1600 or full.".into(),
            )),
        }
    }
}

/// Cache header: a photo's file never changes, and only a permitted viewer has received it.
const KEEP: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

pub(super) async fn serve(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    Path(id): Path<String>,
    Query(asked): Query<PhotoQuery>,
    request: Parts,
) -> Response {
    match find(&state, &session, &id, &asked, &request.headers).await {
        Ok(response) => response,
        Err(error) => pages::instead(&state, request, error).await,
    }
}

async fn find(
    state: &AppState,
    session: &Session,
    id: &str,
    asked: &PhotoQuery,
    headers: &HeaderMap,
) -> Result<Response, AppError> {
    let actor = session.actor()?;
    let none = || AppError::NotFound("There is no such photo.".into());
    let id: PhotoId = id.parse().map_err(|_| none())?;
    let photo = service::photos::find(&state.store, &actor, id).await?;
    let size = asked.size()?;
    let key = keys::photo(&photo.sha256, size);
    let tag: ETag = format!("\"{key}\"").parse().map_err(|_| AppError::Internal)?;
    let mut kept = HeaderMap::new();
    kept.insert(header::CACHE_CONTROL, KEEP);
    kept.typed_insert(tag.clone());
    let known = headers.typed_get::<IfNoneMatch>();
    if known.is_some_and(|known| !known.precondition_passes(&tag)) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    let bytes = service::photos::file(&state.store, &photo, size).await?;
    let (kind, name) = described(&photo, size);
    let kind = HeaderValue::from_str(&kind).map_err(|_| AppError::Internal)?;
    let disposition = answer::disposition("inline", &name);
    let about = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)];
    Ok((kept, about, Body::from(bytes)).into_response())
}

/// Returns media type and file name: JPEG for derived sizes, whatever the format of the original.
fn described(photo: &Photo, size: PhotoSize) -> (String, String) {
    if size == PhotoSize::Original {
        return (photo.media_type.clone(), photo.name.clone());
    }
    let stem = photo.name.rsplit_once('.').map_or(photo.name.as_str(), |(stem, _)| stem);
    ("image/jpeg".into(), format!("{stem}.jpg"))
}
