//! Object store for photos and reports: a folder, or a bucket of S3-compatible storage. Keys are
//! hashes of the bytes, so a stored object never changes.

use crate::{boxed, keys};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use object_store::{
    ObjectStore, ObjectStoreExt, PutMode, PutPayload, aws::AmazonS3Builder, local::LocalFileSystem,
    memory::InMemory, path::Path, prefix::PrefixStore,
};
use sha2::{Digest, Sha256};
use std::{path, sync::Arc};
use tokio::io::AsyncReadExt;

/// Handle of the object store. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Objects(Arc<dyn ObjectStore>);

/// An object as the store lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredObject {
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was written, in UTC, by the clock of the store.
    pub at: DateTime<Utc>,
}

/// Error of the object store.
#[derive(Debug, thiserror::Error)]
pub enum ObjectsError {
    /// The folder for objects cannot be created.
    #[error("the folder {} for photos and reports cannot be made", .0.display())]
    Folder(path::PathBuf, #[source] std::io::Error),
    /// The URL names no supported kind of storage.
    #[error("`{0}` is neither a folder, a file:// URL nor an s3:// URL")]
    Url(String),
    /// The storage failed, or cannot be reached.
    #[error("the storage of photos and reports failed")]
    Storage(#[from] object_store::Error),
    /// A file to be stored cannot be read.
    #[error("{} cannot be read", .0.display())]
    File(path::PathBuf, #[source] std::io::Error),
    /// A key is not a valid object name.
    #[error("`{0}` is no name for an object")]
    Key(String, #[source] object_store::path::Error),
}

impl Objects {
    /// Opens a folder, given as a path or a `file://` URL and created if it does not exist, or
    /// `s3://bucket/prefix`. S3 is configured by the `AWS_*` variables, including `AWS_ENDPOINT`;
    /// an endpoint with plain http is allowed.
    ///
    /// # Errors
    /// If the folder cannot be created, or the URL or the variables are invalid.
    pub fn open(url: &str) -> Result<Self, ObjectsError> {
        if let Some(folder) = folder(url) {
            std::fs::create_dir_all(folder)
                .map_err(|error| ObjectsError::Folder(folder.to_owned(), error))?;
        }
        Self::open_to_read(url)
    }

    /// Opens an existing object store without creating anything.
    ///
    /// # Errors
    /// If there is no such folder, or the URL or the variables are invalid.
    pub fn open_to_read(url: &str) -> Result<Self, ObjectsError> {
        if let Some(folder) = folder(url) {
            // Fsync, because the database refers to these objects and they must survive a power
            // failure as well.
            return Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true))));
        }
        match url.split_once("://") {
            Some(("s3", place)) => Self::bucket(place),
            _ => Err(ObjectsError::Url(url.to_owned())),
        }
    }

    /// Returns an empty object store, for readers that need only the database.
    pub(crate) fn none() -> Self {
        Self(Arc::new(InMemory::new()))
    }

    fn bucket(place: &str) -> Result<Self, ObjectsError> {
        // Fails if a provider is already installed, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        let plain = ["AWS_ENDPOINT", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"]
            .iter()
            .filter_map(|name| std::env::var(name).ok())
            .any(|endpoint| endpoint.starts_with("http://"));
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
        if plain {
            builder = builder.with_allow_http(true);
        }
        Ok(Self(Arc::new(PrefixStore::new(builder.build()?, key(prefix)?))))
    }

    /// Stores an object atomically.
    ///
    /// # Errors
    /// If the storage fails.
    #[boxed]
    pub async fn put(&self, at: &str, bytes: Bytes) -> Result<(), ObjectsError> {
        self.0.put(&key(at)?, PutPayload::from_bytes(bytes)).await?;
        Ok(())
    }

    /// Stores an object unless its key exists, for keys derived from the bytes. If several callers
    /// store it at the same time, one of them does.
    ///
    /// # Errors
    /// If the storage fails.
    #[boxed]
    pub async fn put_once(&self, at: &str, bytes: Bytes) -> Result<(), ObjectsError> {
        let created =
            self.0.put_opts(&key(at)?, PutPayload::from_bytes(bytes), PutMode::Create.into()).await;
        match created {
            Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Stores a report from a file under the SHA-256 of its bytes, unless it exists, and returns
    /// the hash and the size in bytes. It reads the file in parts, so memory use is bounded.
    ///
    /// # Errors
    /// If the file cannot be read or the storage fails.
    #[boxed]
    pub async fn put_report(&self, file: &path::Path) -> Result<(String, u64), ObjectsError> {
        let unreadable = |error| ObjectsError::File(file.to_owned(), error);
        let opened = || tokio::fs::File::open(file);
        let mut reader = opened().await.map_err(unreadable)?;
        let (mut hash, mut size) = (Sha256::new(), 0);
        loop {
            let part = next_part(&mut reader).await.map_err(unreadable)?;
            if part.is_empty() {
                break;
            }
            size += part.len() as u64;
            hash.update(&part);
        }
        let sha256 = keys::hex(hash.finalize());
        let at = keys::report(&sha256);
        if self.exists(&at).await? {
            return Ok((sha256, size));
        }
        let mut upload = self.0.put_multipart(&key(&at)?).await?;
        let mut reader = opened().await.map_err(unreadable)?;
        let sent = loop {
            let part = match next_part(&mut reader).await {
                Ok(part) if part.is_empty() => break Ok(()),
                Ok(part) => part,
                Err(error) => break Err(unreadable(error)),
            };
            if let Err(error) = upload.put_part(PutPayload::from_bytes(part)).await {
                break Err(error.into());
            }
        };
        if let Err(error) = sent {
            // Remaining parts take space, but they are never read.
            let _ = upload.abort().await;
            return Err(error);
        }
        upload.complete().await?;
        Ok((sha256, size))
    }

    /// Reads an object; `None` if there is none.
    ///
    /// # Errors
    /// If the storage fails.
    #[boxed]
    pub async fn get(&self, at: &str) -> Result<Option<Bytes>, ObjectsError> {
        match self.0.get(&key(at)?).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Lists all objects, in no particular order.
    ///
    /// # Errors
    /// If the storage fails.
    #[boxed]
    pub(crate) async fn list(&self) -> Result<Vec<StoredObject>, ObjectsError> {
        let listed = self.0.list(None).map_ok(|object| StoredObject {
            key: object.location.to_string(),
            bytes: object.size,
            at: object.last_modified,
        });
        Ok(listed.try_collect().await?)
    }

    /// Returns whether there is such an object.
    ///
    /// # Errors
    /// If the storage fails.
    #[boxed]
    pub async fn exists(&self, at: &str) -> Result<bool, ObjectsError> {
        match self.0.head(&key(at)?).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// Reads the next part of a file; empty at its end. S3 requires parts of at least 5 MB, except for
/// the last.
async fn next_part(file: &mut tokio::fs::File) -> std::io::Result<Bytes> {
    const PART: u64 = 8 << 20;
    let mut part = Vec::new();
    file.take(PART).read_to_end(&mut part).await?;
    Ok(part.into())
}

/// Returns the folder that a URL names, if it names one.
fn folder(url: &str) -> Option<&path::Path> {
    match url.split_once("://") {
        None => Some(path::Path::new(url)),
        Some(("file", path)) => Some(path::Path::new(path)),
        Some(_) => None,
    }
}

fn key(at: &str) -> Result<Path, ObjectsError> {
    Path::parse(at).map_err(|error| ObjectsError::Key(at.to_owned(), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened() -> (tempfile::TempDir, Objects) {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("not/there/yet");
        let objects = Objects::open(deep.to_str().unwrap()).unwrap();
        (folder, objects)
    }

    #[tokio::test]
    async fn gives_back_what_was_put() {
        let (_folder, objects) = opened();
        assert!(!objects.exists("photos/aa").await.unwrap());
        assert_eq!(objects.get("photos/aa").await.unwrap(), None);
        objects.put("photos/aa", Bytes::from_static(b"light")).await.unwrap();
        assert!(objects.exists("photos/aa").await.unwrap());
        assert_eq!(objects.get("photos/aa").await.unwrap().unwrap(), "light");
    }

    #[tokio::test]
    async fn what_is_there_is_not_written_again() {
        let (_folder, objects) = opened();
        objects.put_once("reports/a.pdf", Bytes::from_static(b"first")).await.unwrap();
        objects.put_once("reports/a.pdf", Bytes::from_static(b"second")).await.unwrap();
        assert_eq!(objects.get("reports/a.pdf").await.unwrap().unwrap(), "first");
    }

    #[tokio::test]
    async fn a_file_url_is_a_folder() {
        let (folder, objects) = opened();
        objects.put("photos/aa", Bytes::from_static(b"light")).await.unwrap();
        let url = format!("file://{}/not/there/yet", folder.path().display());
        let again = Objects::open(&url).unwrap();
        assert_eq!(again.get("photos/aa").await.unwrap().unwrap(), "light");
    }

    #[test]
    fn nothing_is_made_to_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("none");
        assert!(Objects::open_to_read(missing.to_str().unwrap()).is_err());
        assert!(!missing.exists());
    }

    #[tokio::test]
    async fn no_key_leaves_the_folder() {
        let (_folder, objects) = opened();
        let climbed = objects.put("../outside", Bytes::new()).await;
        assert!(matches!(climbed, Err(ObjectsError::Key(..))));
    }

    #[test]
    fn an_unknown_kind_of_storage_is_refused() {
        assert!(matches!(Objects::open("ftp://example.org/x"), Err(ObjectsError::Url(_))));
    }

    #[tokio::test]
    async fn a_report_is_stored_under_the_hash_of_its_file() {
        let (folder, objects) = opened();
        let file = folder.path().join("report.pdf");
        // More than one part, and not a multiple of one.
        let bytes: Vec<u8> = (0..(8 << 20) + 1_000).map(|at: u32| at.to_le_bytes()[1]).collect();
        std::fs::write(&file, &bytes).unwrap();
        let wanted = (keys::sha256(&bytes), bytes.len() as u64);
        for _ in 0..2 {
            assert_eq!(objects.put_report(&file).await.unwrap(), wanted);
        }
        assert!(objects.get(&keys::report(&wanted.0)).await.unwrap().unwrap() == bytes);
        assert!(objects.put_report(&folder.path().join("none")).await.is_err());
    }
}
