//! Verification of the files: photos, reports and logos must have the hashes that the record names.

use super::{Progress, VerifyError, VerifyStep, Violation, ViolationKind};
use crate::{
    Objects, Store, StoredObject, boxed,
    db::Tx,
    keys::{self, PhotoSize, sha256},
    sql::sql,
};
use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use std::collections::HashSet;

/// Number of files read at once, because reads from a bucket have a high latency.
const AT_ONCE: usize = 8;

/// Minimum age of an unreferenced file. A file is stored before the change that names it is
/// recorded, so a younger one may belong to an upload in progress.
const GRACE: TimeDelta = TimeDelta::days(1);

/// Result of verifying the files, if all of them are intact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilesVerified {
    /// Number of files that the record names.
    pub files: u64,
    /// The unreferenced files, by key, such as those of uploads that were refused.
    pub strays: Vec<StoredObject>,
}

/// A file that the record names, with the first object that names it.
struct Named {
    /// The inspection; `None` for a logo.
    inspection: Option<i64>,
    id: i64,
    kind: FileKind,
    sha256: String,
}

#[derive(Clone, Copy)]
enum FileKind {
    Photo,
    Report,
    Logo,
}

impl FileKind {
    /// Returns the noun for such a file.
    const fn noun(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Report => "report",
            Self::Logo => "logo",
        }
    }

    /// Returns the query for such files, each once, with the inspection and the id of the first row
    /// that names it.
    const fn query(self) -> &'static str {
        match self {
            Self::Photo => {
                "select min(inspection_id), min(id), sha256 from photos group by sha256 order by 2"
            }
            Self::Report => {
                "select min(inspection_id), min(id), sha256 from reports group by sha256 order by 2"
            }
            Self::Logo => {
                "select cast(null as bigint), min(id), logo_sha256 from organisation_versions \
                 where logo_sha256 is not null group by logo_sha256 order by 2"
            }
        }
    }

    fn key(self, sha256: &str) -> String {
        match self {
            Self::Photo => keys::photo(sha256, PhotoSize::Original),
            Self::Report => keys::report(sha256),
            Self::Logo => keys::logo(sha256),
        }
    }
}

impl Store {
    /// Reads every photo as uploaded, every report and every logo that the record names, including
    /// removed ones, and checks that each exists and has its hash. It also finds the unreferenced
    /// files that were written more than a day before `now`. Whether the record itself is intact is
    /// checked by [`verify`](Self::verify).
    ///
    /// # Errors
    /// [`VerifyError::Wrong`] for the first file that is missing or altered, photos before reports
    /// and logos; [`VerifyError::Failed`] if the database or the storage fails.
    #[boxed]
    pub async fn verify_files(
        &self,
        objects: &Objects,
        progress: Progress,
        now: DateTime<Utc>,
    ) -> Result<FilesVerified, VerifyError> {
        let verified = self.read_files(objects, progress).await;
        let files = self.reported(verified).await?;
        let strays = self.strays(objects, now).await?;
        Ok(FilesVerified { files, strays })
    }

    /// Returns the unreferenced files that are older than [`GRACE`].
    async fn strays(
        &self,
        objects: &Objects,
        now: DateTime<Utc>,
    ) -> Result<Vec<StoredObject>, VerifyError> {
        let mut listed = objects.list().await.map_err(crate::Error::from)?;
        listed.retain(|object| object.at < now - GRACE);
        // The names are read after the listing, so that files recorded meanwhile are known.
        let named: HashSet<String> = self.files().await?.into_iter().map(|file| file.key).collect();
        listed.retain(|object| !named.contains(&object.key));
        listed.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(listed)
    }

    async fn read_files(&self, objects: &Objects, progress: Progress) -> Result<u64, VerifyError> {
        let mut tx = self.db().read().await?;
        let mut files = named(&mut tx, FileKind::Photo).await?;
        files.extend(named(&mut tx, FileKind::Report).await?);
        files.extend(named(&mut tx, FileKind::Logo).await?);
        let total = files.len() as u64;
        let mut read = stream::iter(files)
            .map(|file| async move {
                let key = file.kind.key(&file.sha256);
                let bytes = objects.get(&key).await.map_err(crate::Error::from)?;
                Ok::<_, VerifyError>((file, bytes.map(|bytes| sha256(&bytes))))
            })
            .buffered(AT_ONCE);
        let mut done = 0;
        while let Some((file, found)) = read.try_next().await? {
            if let Some(problem) = problem(&file, found) {
                let flaw = ViolationKind::File(problem);
                let wrong = match file.inspection {
                    Some(inspection) => Violation::of(inspection, Some(file.id), flaw),
                    None => Violation::overall(flaw),
                };
                return Err(wrong.into());
            }
            done += 1;
            progress(VerifyStep::Files, done, total);
        }
        Ok(total)
    }
}

/// Returns the files that the rows of a table name, each once.
async fn named(tx: &mut Tx, kind: FileKind) -> Result<Vec<Named>, crate::Error> {
    let found: Vec<(Option<i64>, i64, String)> = sql(kind.query()).all(tx).await?;
    let named = |(inspection, id, sha256)| Named { inspection, id, kind, sha256 };
    Ok(found.into_iter().map(named).collect())
}

/// Describes the fault of a file, given the SHA-256 that was found; `None` if it has none.
fn problem(Named { kind, id, sha256, .. }: &Named, found: Option<String>) -> Option<String> {
    let noun = kind.noun();
    match found {
        Some(found) if found == *sha256 => None,
        Some(found) => Some(format!(
            "the file of the {noun} {id} was altered: its SHA-256 is {found}, and by the record \
             {sha256}"
        )),
        None => Some(format!("the file of the {noun} {id} is gone; its SHA-256 was {sha256}")),
    }
}
