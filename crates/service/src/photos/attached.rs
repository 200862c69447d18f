//! Use cases of photos: attaching them to an inspection, and reading their files.

use crate::{Missing, ServiceError, error::During, inspections::visible};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::{
    change::{Action, Mutation, Refusal},
    id::{ChangeId, InspectionId, PhotoId},
    inspection::Photo,
    people::Actor,
    permission::may,
};
use store::{
    Error, Store,
    keys::{self, PhotoSize},
};
use uuid::Uuid;

/// Checks that a person may attach photos to an inspection, before their files are received.
///
/// # Errors
/// The inspection does not exist, the person may not attach photos to it, or the database fails.
pub async fn require_may_attach(
    store: &Store,
    actor: &Actor,
    id: InspectionId,
) -> Result<(), ServiceError> {
    let inspection = visible(store, actor, id).await?;
    may(actor, Action::AddPhoto, &inspection).map_err(Refusal::from)?;
    Ok(())
}

/// Attaches photos whose files are already stored, either all or none. Returns the recorded photos and the
/// last change. The key is the request id and the ordinal of the first of them in that request, because
/// photos that are chosen together are sent one by one.
///
/// # Errors
/// The person may not attach photos, a photo is invalid, or the database fails.
pub async fn attach(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
    (request, first): (Uuid, i64),
    id: InspectionId,
    photos: Vec<Photo>,
) -> Result<(Vec<Photo>, Option<ChangeId>), ServiceError> {
    let operation = "attach photos to an inspection";
    let mut work = store.begin(actor, request, now).await.during(operation, id)?;
    work.start_at(first);
    let (mut attached, mut head) = (Vec::new(), None);
    for photo in photos {
        let change = work.perform(id, None, Mutation::AddPhoto { photo }).await;
        let Some(change) = change.during(operation, id)? else { continue };
        let recorded = change.record.mutation();
        let recorded = recorded.map_err(|malformed| Error::malformed(change.id, malformed));
        if let Mutation::AddPhoto { photo } = recorded.during(operation, id)? {
            attached.push(photo);
        }
        head = head.max(Some(change.id));
    }
    work.commit().await.during(operation, id)?;
    Ok((attached, head))
}

/// Finds a photo for a viewer, including removed ones, because the history still shows them.
///
/// # Errors
/// The photo does not exist, the viewer may not see its inspection, or the database fails.
pub async fn find(store: &Store, viewer: &Actor, id: PhotoId) -> Result<Photo, ServiceError> {
    let found = store.photo(id).await.during("find a photo", id)?;
    let (inspection, photo) = found.ok_or(Missing::Photo(id))?;
    visible(store, viewer, inspection).await.map_err(|error| error.instead(Missing::Photo(id)))?;
    Ok(photo)
}

/// Reads the file of a photo that [`find`] returned, in the given size.
///
/// # Errors
/// The file is missing, or the object store fails.
pub async fn file(store: &Store, photo: &Photo, size: PhotoSize) -> Result<Bytes, ServiceError> {
    let key = keys::photo(&photo.sha256, size);
    let bytes = store.objects().get(&key).await.during("read the file of a photo", photo.id)?;
    bytes.ok_or_else(|| {
        tracing::error!(photo = photo.id.0, key, "the file of a photo is gone");
        Missing::PhotoFile(photo.id).into()
    })
}
