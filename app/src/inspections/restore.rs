//! What may come back through the page's door. A thing that was removed comes back under the id it
//! had, and a photo with the bytes it had; both are proved by the change that first added it, whose
//! id the thing bears. New photos and reports have doors of their own, since their hashes are the
//! server's to say.

use crate::error::AppError;
use domain::{Change, ChangeId, InspectionId, Mutation, Photo, RelatedModel};
use store::Store;

/// Refuses a mutation that is not for this door, or that brings back what never was there.
///
/// # Errors
/// Why not.
pub(super) async fn check(
    store: &Store,
    inspection: InspectionId,
    mutation: &Mutation,
) -> Result<(), AppError> {
    match mutation {
        Mutation::Edit { .. }
        | Mutation::SetStatus { .. }
        | Mutation::RemoveSection { .. }
        | Mutation::Remove { .. } => Ok(()),
        Mutation::AddSection { section, photos, .. } => {
            if section.id.0 != 0 {
                was_there(store, inspection, RelatedModel::Section(section.id), section.id.0)
                    .await?;
            }
            for photo in photos {
                was_photo(store, inspection, photo).await?;
            }
            Ok(())
        }
        Mutation::AddEquipment { equipment } if equipment.id.0 == 0 => Ok(()),
        Mutation::AddEquipment { equipment } => {
            let id = equipment.id;
            was_there(store, inspection, RelatedModel::Equipment(id), id.0).await.map(drop)
        }
        Mutation::AddPhoto { photo } => was_photo(store, inspection, photo).await,
        Mutation::Create { .. }
        | Mutation::BringBack
        | Mutation::CreateReport { .. }
        | Mutation::DownloadReport { .. } => Err(refused()),
    }
}

async fn was_photo(store: &Store, inspection: InspectionId, photo: &Photo) -> Result<(), AppError> {
    let id = photo.id;
    let added = was_there(store, inspection, RelatedModel::Photo(id), id.0).await?;
    match added.record.mutation() {
        Ok(Mutation::AddPhoto { photo: original }) if same_file(photo, &original) => Ok(()),
        _ => Err(refused()),
    }
}

/// The change that first added the thing.
async fn was_there(
    store: &Store,
    inspection: InspectionId,
    thing: RelatedModel,
    id: i64,
) -> Result<Change, AppError> {
    let added = store.change(ChangeId(id)).await?.map(|row| row.change);
    added.filter(|change| adds(change, inspection, thing)).ok_or_else(refused)
}

fn adds(change: &Change, inspection: InspectionId, thing: RelatedModel) -> bool {
    change.inspection_id == inspection
        && change.record.related.as_ref().is_some_and(|related| related.model == thing)
}

/// Whether both are the same file, whatever its caption and place.
fn same_file(photo: &Photo, original: &Photo) -> bool {
    let (caption, section) = (photo.caption.clone(), photo.section);
    *photo == Photo { caption, section, ..original.clone() }
}

fn refused() -> AppError {
    AppError::invalid("", "That was never part of this inspection.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{PhotoId, SectionId};

    #[test]
    fn a_photo_comes_back_with_its_own_bytes_alone() {
        let original = Photo { id: PhotoId(5), sha256: "aa".into(), ..Photo::default() };
        let captioned =
            Photo { caption: "The ridge".into(), section: Some(SectionId(2)), ..original.clone() };
        assert!(same_file(&captioned, &original));
        let swapped = Photo { sha256: "bb".into(), ..captioned };
        assert!(!same_file(&swapped, &original));
    }
}
