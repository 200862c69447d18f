//! Backup: a folder with a copy of the database, the files it names, its checkpoints, and a
//! manifest.
//!
//! The manifest names the copy of the database and the checkpoints that belong to it. It is
//! replaced atomically once everything it names is on disk; only then are files removed that only
//! the previous manifest named. An interrupted backup therefore leaves the last complete one
//! intact.

mod files;

pub(crate) use files::bring;

use anyhow::{Context, bail, ensure};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    ffi::OsStr,
    fs::{self, DirBuilder, File, TryLockError},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
};
use store::{CheckpointFile, CheckpointFolder, Objects, keys};

const DATABASE_PREFIX: &str = "plumbline-";
const DATABASE_SUFFIX: &str = ".db";
const DATABASE_PART: &str = "database.part";
const LOCK: &str = "backup.lock";
const MANIFEST: &str = "manifest.json";

/// Folder of a backup. The next backup to the same folder updates it.
#[derive(Debug)]
pub(crate) struct Backup(PathBuf);

/// Contents of a backup.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// Version of Plumbline that made the backup.
    pub(crate) plumbline: String,
    /// Time of the backup, in UTC.
    pub(crate) made_at: DateTime<Utc>,
    /// Copy of the database; `None` for PostgreSQL, which is backed up by its own dump.
    pub(crate) database: Option<DatabaseCopy>,
    /// Names of the checkpoints that existed when the backup was made. Newer ones in the folder
    /// belong to an interrupted backup.
    pub(crate) checkpoints: Vec<String>,
    /// Names of the accepted gaps in the time of the record.
    #[serde(default)]
    pub(crate) clock_gaps: Vec<String>,
    /// Number of files that the database names.
    pub(crate) files: usize,
}

/// Copy of the database in a backup.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DatabaseCopy {
    /// File name in the folder.
    pub(crate) file: String,
    /// SHA-256 of the file, in hexadecimal.
    pub(crate) sha256: String,
}

impl Backup {
    /// Returns the backup in this folder.
    pub(crate) fn at(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Creates the folder if needed, readable only by its owner, because the database contains
    /// password hashes.
    pub(crate) fn make(&self) -> anyhow::Result<()> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt;
            builder.mode(0o700);
        }
        builder.create(&self.0).with_context(|| format!("{} cannot be made", self.0.display()))
    }

    /// Locks the folder for one backup, until the returned file is dropped or the process ends.
    ///
    /// # Errors
    /// Another backup to the folder is in progress.
    pub(crate) fn lock(&self) -> anyhow::Result<File> {
        let path = self.0.join(LOCK);
        let file =
            File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                bail!("another backup to {} is being made; wait until it ends", self.0.display())
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{} cannot be locked", path.display()))
            }
        }
    }

    /// Returns the path of the database copy while it is being written.
    pub(crate) fn database_part(&self) -> PathBuf {
        self.0.join(DATABASE_PART)
    }

    /// Renames the copy at [`database_part`](Self::database_part) to the name derived from its
    /// contents, beside the copy of an earlier backup.
    pub(crate) fn keep_database(&self) -> anyhow::Result<DatabaseCopy> {
        let sha256 = sha256(&self.database_part())?;
        let file = format!("{DATABASE_PREFIX}{sha256}{DATABASE_SUFFIX}");
        settle(&self.database_part(), &self.0.join(&file))?;
        Ok(DatabaseCopy { file, sha256 })
    }

    /// Returns the path of the database copy in the manifest, after a check of its hash.
    pub(crate) fn database(&self, copy: &DatabaseCopy) -> anyhow::Result<PathBuf> {
        let path = self.0.join(&copy.file);
        ensure!(
            Path::new(&copy.file).file_name() == Some(OsStr::new(&copy.file))
                && sha256(&path)? == copy.sha256,
            "the database in {} is damaged: it is not what was backed up",
            self.0.display()
        );
        Ok(path)
    }

    /// Returns the checkpoints that the manifest names.
    pub(crate) fn named_checkpoints(
        &self,
        manifest: &Manifest,
    ) -> anyhow::Result<Vec<CheckpointFile>> {
        self.named(self.checkpoints().all()?, &manifest.checkpoints, "checkpoints")
    }

    /// Returns the accepted time gaps that the manifest names.
    pub(crate) fn named_gaps(&self, manifest: &Manifest) -> anyhow::Result<Vec<CheckpointFile>> {
        self.named(self.checkpoints().gaps()?, &manifest.clock_gaps, "accepted gaps")
    }

    fn named(
        &self,
        mut kept: Vec<CheckpointFile>,
        names: &[String],
        what: &str,
    ) -> anyhow::Result<Vec<CheckpointFile>> {
        kept.retain(|kept| names.contains(&kept.name));
        ensure!(
            kept.len() == names.len(),
            "{} of the {} {what} in {} are gone",
            names.len() - kept.len(),
            names.len(),
            self.0.display()
        );
        Ok(kept)
    }

    /// Returns the store of the files that the database names.
    pub(crate) fn objects(&self) -> anyhow::Result<Objects> {
        let folder = self.0.join("objects");
        Ok(Objects::open(&folder.to_string_lossy())?)
    }

    /// Returns the folder of the checkpoints; it does not contain the signing key.
    pub(crate) fn checkpoints(&self) -> CheckpointFolder {
        CheckpointFolder::at(self.0.join("checkpoints"))
    }

    /// Reads the manifest of the last complete backup.
    pub(crate) fn manifest(&self) -> anyhow::Result<Manifest> {
        let path = self.0.join(MANIFEST);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                bail!("{} holds no whole backup: there is no {MANIFEST} in it", self.0.display())
            }
            Err(error) => {
                return Err(error).with_context(|| format!("{} cannot be read", path.display()));
            }
        };
        serde_json::from_str(&text).with_context(|| format!("{} cannot be read", path.display()))
    }

    /// Replaces the manifest, then removes database copies that it does not name.
    pub(crate) fn finish(&self, manifest: &Manifest) -> anyhow::Result<()> {
        let (path, text) = (self.0.join(MANIFEST), serde_json::to_string_pretty(manifest)?);
        let part = part(&path);
        fs::write(&part, text + "\n")
            .with_context(|| format!("{} cannot be written", part.display()))?;
        settle(&part, &path)?;
        self.remove_superseded(manifest)
            .with_context(|| format!("{} cannot be cleared of older copies", self.0.display()))
    }

    fn remove_superseded(&self, manifest: &Manifest) -> io::Result<()> {
        let current = manifest.database.as_ref().map(|copy| OsStr::new(&copy.file));
        for entry in fs::read_dir(&self.0)? {
            let name = entry?.file_name();
            let is_copy = name.to_str().is_some_and(|name| {
                name.starts_with(DATABASE_PREFIX) && name.ends_with(DATABASE_SUFFIX)
            });
            if is_copy && Some(name.as_os_str()) != current {
                fs::remove_file(self.0.join(name))?;
            }
        }
        Ok(())
    }

    /// Returns an error when the folder holds a backup of another database, whose checkpoints have
    /// a different key.
    pub(crate) fn ensure_same(&self, checkpoints: &CheckpointFolder) -> anyhow::Result<()> {
        let (kept, own) = (self.checkpoints().public_key()?, checkpoints.public_key()?);
        ensure!(
            kept.is_none() || own.is_none() || kept == own,
            "{} holds the backup of another database: its checkpoints are signed with another key. \
             Choose another folder.",
            self.0.display()
        );
        Ok(())
    }
}

/// Returns the temporary path for writing a file before it is renamed.
pub(crate) fn part(path: &Path) -> PathBuf {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    part.into()
}

/// Renames a written file to its final path and syncs it to disk.
pub(crate) fn settle(part: &Path, path: &Path) -> anyhow::Result<()> {
    let settled = || -> io::Result<()> {
        File::open(part)?.sync_all()?;
        fs::rename(part, path)?;
        // A rename is durable only once its folder is synced.
        #[cfg(unix)]
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    };
    settled().with_context(|| format!("{} cannot be written", path.display()))
}

/// Computes the SHA-256 of a file of any size.
pub(crate) fn sha256(path: &Path) -> anyhow::Result<String> {
    let hashed = || -> io::Result<String> {
        let (mut file, mut hash, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; 1 << 20]);
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(keys::hex(hash.finalize())),
                read => hash.update(&buffer[..read]),
            }
        }
    };
    hashed().with_context(|| format!("{} cannot be read", path.display()))
}
