//! Copying of photo and report files between object stores.

use crate::progress::Progress;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use store::{NamedFile, Objects, ObjectsError, keys};

/// Maximum number of files copied concurrently.
const AT_ONCE: usize = 8;

/// Maximum number of lost files listed by name.
const NAMED: usize = 20;

/// Result of copying files.
#[derive(Debug, Default)]
pub(crate) struct Brought {
    /// Number of files copied.
    pub(crate) copied: usize,
    /// Number of files that already existed.
    pub(crate) there: usize,
    /// Keys of files that are missing or damaged.
    pub(crate) lost: Vec<String>,
}

impl Brought {
    /// Formats the lost files as lines, each with its key.
    pub(crate) fn lost_in_words(&self) -> String {
        let mut lines: Vec<_> =
            self.lost.iter().take(NAMED).map(|key| format!("\n  {key}")).collect();
        if let Some(more) = self.lost.len().checked_sub(NAMED).filter(|more| *more > 0) {
            lines.push(format!("\n  and {more} more"));
        }
        lines.concat()
    }
}

enum Came {
    Copied,
    WasThere,
    Lost(String),
}

/// Copies the files that the target does not have yet. A stored file never changes, so existing
/// ones are kept.
pub(crate) async fn bring(
    files: Vec<NamedFile>,
    from: &Objects,
    to: &Objects,
    progress: &Progress,
) -> Result<Brought, ObjectsError> {
    let all = files.len();
    let coming = files.into_iter().map(|file| bring_one(file, from, to));
    let mut coming = stream::iter(coming).buffer_unordered(AT_ONCE);
    let (mut brought, mut done) = (Brought::default(), 0);
    progress.begin(|| format!("Copying photos and reports: {all} files"));
    while let Some(came) = coming.try_next().await? {
        match came {
            Came::Copied => brought.copied += 1,
            Came::WasThere => brought.there += 1,
            Came::Lost(key) => brought.lost.push(key),
        }
        done += 1;
        progress.tell(|| format!("Copying photos and reports: {done} of {all}"));
    }
    progress.clear();
    brought.lost.sort_unstable();
    Ok(brought)
}

async fn bring_one(file: NamedFile, from: &Objects, to: &Objects) -> Result<Came, ObjectsError> {
    if to.exists(&file.key).await? {
        return Ok(Came::WasThere);
    }
    match from.get(&file.key).await? {
        Some(bytes) if is_itself(&file, &bytes) => {
            to.put(&file.key, bytes).await?;
            Ok(Came::Copied)
        }
        _ => Ok(Came::Lost(file.key)),
    }
}

fn is_itself(file: &NamedFile, bytes: &Bytes) -> bool {
    file.sha256.as_ref().is_none_or(|sha256| *sha256 == keys::sha256(bytes))
}
