//! Things that come back. Something new gets its id from its change; only what this inspection had
//! and lost comes with one.

use super::Work;
use crate::{Error, rows, sql::sql};
use domain::{Inspection, Mutation, Photo, Refusal};

impl Work {
    /// Refuses an addition with an id that is not that of a removed thing of its kind.
    pub(super) async fn check_returning(
        &mut self,
        before: &Inspection,
        mutation: &Mutation,
    ) -> Result<(), Error> {
        match mutation {
            Mutation::AddSection { section, photos, .. } => {
                if section.id.0 != 0 {
                    self.check_removed("sections", &[section.id.0], before).await?;
                }
                if photos.iter().any(|photo| photo.section != Some(section.id)) {
                    return Err(Refusal::NotThere.into());
                }
                self.check_photos(photos, before).await
            }
            Mutation::AddEquipment { equipment } if equipment.id.0 != 0 => {
                self.check_removed("equipment", &[equipment.id.0], before).await
            }
            Mutation::AddPhoto { photo } if photo.id.0 != 0 => {
                self.check_photos(std::slice::from_ref(photo), before).await
            }
            Mutation::CreateReport { report } if report.id.0 != 0 => {
                self.check_removed("reports", &[report.id.0], before).await
            }
            Mutation::AddEquipment { .. }
            | Mutation::AddPhoto { .. }
            | Mutation::CreateReport { .. }
            | Mutation::Create { .. }
            | Mutation::Edit { .. }
            | Mutation::Correct { .. }
            | Mutation::SetStatus { .. }
            | Mutation::RemoveSection { .. }
            | Mutation::Remove { .. }
            | Mutation::BringBack
            | Mutation::DownloadReport { .. } => Ok(()),
        }
    }

    /// Photos come back with the bytes they went with: otherwise anyone could show, by its hash, a
    /// photo of an inspection that they may not see.
    async fn check_photos(&mut self, photos: &[Photo], before: &Inspection) -> Result<(), Error> {
        if photos.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = photos.iter().map(|photo| photo.id.0).collect();
        self.check_removed("photos", &ids, before).await?;
        let these = self.tx.dialect().any_number("id", 1);
        let text = format!("select id, sha256 from photos where {these}");
        let kept: Vec<(i64, String)> = sql(text).bind(rows::json(&ids)?).all(&mut self.tx).await?;
        let same = photos.iter().all(|photo| {
            kept.iter().any(|(id, sha256)| *id == photo.id.0 && *sha256 == photo.sha256)
        });
        if same { Ok(()) } else { Err(Refusal::NotThere.into()) }
    }

    async fn check_removed(
        &mut self,
        table: &'static str,
        ids: &[i64],
        before: &Inspection,
    ) -> Result<(), Error> {
        let these = self.tx.dialect().any_number("id", 2);
        let text = format!(
            "select count(*) from {table} where inspection_id = $1 and removed and {these}"
        );
        let statement = sql(text).bind(before.id).bind(rows::json(ids)?);
        let (found,): (i64,) = statement.one(&mut self.tx).await?;
        if usize::try_from(found).is_ok_and(|found| found == ids.len()) {
            Ok(())
        } else {
            Err(Refusal::NotThere.into())
        }
    }
}
