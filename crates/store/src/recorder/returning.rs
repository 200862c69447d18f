//! Removed objects that are added again. A new object gets its id from its change; only an object
//! that this inspection had before comes with an id. The row of the object proves that it had it,
//! because rows are never deleted, nor created without a change.

use super::writer::RecordWriter;
use crate::{Error, rows, sql::sql};
use domain::{
    change::{Mutation, Refusal},
    inspection::{Inspection, Photo},
};

impl RecordWriter {
    /// Refuses an addition with an id that is not that of a removed object of its kind.
    pub(super) async fn check_returning(
        &mut self,
        before: &Inspection,
        mutation: &Mutation,
    ) -> Result<(), Error> {
        match mutation {
            Mutation::AddSection { section, photos, .. } => {
                if section.id.0 != 0 {
                    self.check_removed("sections", section.id.0, before).await?;
                }
                if photos.iter().any(|photo| photo.section != Some(section.id)) {
                    return Err(Refusal::NotThere.into());
                }
                self.check_photos(photos, before).await
            }
            Mutation::AddEquipment { equipment } if equipment.id.0 != 0 => {
                self.check_removed("equipment", equipment.id.0, before).await
            }
            Mutation::AddPhoto { photo } if photo.id.0 != 0 => {
                self.check_photos(std::slice::from_ref(photo), before).await
            }
            Mutation::CreateReport { report } if report.id.0 != 0 => {
                self.check_removed("reports", report.id.0, before).await
            }
            _ => Ok(()),
        }
    }

    /// Checks that photos return as the same files. Otherwise anyone could show a photo of an
    /// inspection that they may not see by naming its hash. Captions and positions may differ.
    async fn check_photos(&mut self, photos: &[Photo], before: &Inspection) -> Result<(), Error> {
        if photos.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = photos.iter().map(|photo| photo.id.0).collect();
        let gone = rows::removed_photos(&mut self.tx, before.id, &ids).await?;
        let same = photos.iter().all(|photo| gone.iter().any(|gone| is_same_file(photo, gone)));
        if same { Ok(()) } else { Err(Refusal::NotThere.into()) }
    }

    async fn check_removed(
        &mut self,
        table: &'static str,
        id: i64,
        before: &Inspection,
    ) -> Result<(), Error> {
        let text = format!(
            "select count(*) from {table} where id = $1 and inspection_id = $2 and removed"
        );
        let (found,): (i64,) = sql(text).bind(id).bind(before.id).one(&mut self.tx).await?;
        if found == 1 { Ok(()) } else { Err(Refusal::NotThere.into()) }
    }
}

/// Returns whether both are the same file, regardless of caption and position.
fn is_same_file(photo: &Photo, other: &Photo) -> bool {
    let Photo { caption, section, rank, cover, .. } = photo.clone();
    *photo == Photo { caption, section, rank, cover, ..other.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::{PhotoId, SectionId};

    #[test]
    fn a_photo_comes_back_as_its_own_file_alone() {
        let gone = Photo { id: PhotoId(5), sha256: "aa".into(), ..Photo::default() };
        let captioned =
            Photo { caption: "The ridge".into(), section: Some(SectionId(2)), ..gone.clone() };
        assert!(is_same_file(&captioned, &gone));
        let others = [
            Photo { id: PhotoId(6), ..captioned.clone() },
            Photo { sha256: "bb".into(), ..captioned.clone() },
            Photo { media_type: "image/png".into(), ..captioned.clone() },
            Photo { width: 1, ..captioned },
        ];
        assert!(others.iter().all(|other| !is_same_file(other, &gone)));
    }
}
