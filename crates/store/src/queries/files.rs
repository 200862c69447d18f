//! The files that the database names.

use crate::{
    Error, Store, boxed,
    keys::{self, PhotoSize},
    sql::sql,
};

/// A file of a photo, a report or a logo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFile {
    /// Its key in the object store.
    pub key: String,
    /// The SHA-256 that its bytes must have; `None` for sizes derived from a photo, because their
    /// hashes are not recorded.
    pub sha256: Option<String>,
}

impl Store {
    /// Returns every file that the database names, including those of removed photos, because the
    /// history still shows them.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn files(&self) -> Result<Vec<NamedFile>, Error> {
        let mut tx = self.db().read().await?;
        let photos = sql("select distinct sha256 from photos order by sha256");
        let photos: Vec<(String,)> = photos.all(&mut tx).await?;
        let reports = sql("select distinct sha256 from reports order by sha256");
        let reports: Vec<(String,)> = reports.all(&mut tx).await?;
        let mut files = Vec::new();
        for (sha256,) in photos {
            files.extend(PhotoSize::ALL.map(|size| NamedFile {
                key: keys::photo(&sha256, size),
                sha256: (size == PhotoSize::Original).then(|| sha256.clone()),
            }));
        }
        for (sha256,) in reports {
            files.push(NamedFile { key: keys::report(&sha256), sha256: Some(sha256) });
        }
        let logos = sql("select distinct logo_sha256 from organisation_versions \
             where logo_sha256 is not null order by logo_sha256");
        let logos: Vec<(String,)> = logos.all(&mut tx).await?;
        for (sha256,) in logos {
            files.push(NamedFile { key: keys::logo(&sha256), sha256: Some(sha256) });
        }
        Ok(files)
    }
}
