//! A backup: a folder with a copy of the database, the files that it names, what vouches for it, and a
//! manifest, which is written last.

mod files;

pub(crate) use files::bring;

use anyhow::{Context, bail, ensure};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, DirBuilder, File},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
};
use store::{CheckpointFolder, Objects, keys};

const DATABASE: &str = "plumbline.db";
const MANIFEST: &str = "manifest.json";

/// The folder of a backup. The next backup to the same folder renews it.
#[derive(Debug)]
pub(crate) struct Backup(PathBuf);

/// What a backup is.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The version of Plumbline that made it.
    pub(crate) plumbline: String,
    /// When, in UTC.
    pub(crate) made_at: DateTime<Utc>,
    /// The SHA-256 of the database's copy; none of a PostgreSQL database, which has a dump of its own.
    pub(crate) database_sha256: Option<String>,
    /// How many files the database names.
    pub(crate) files: usize,
}

impl Backup {
    /// The one in this folder.
    pub(crate) fn at(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Makes the folder if need be, for its owner's eyes alone: the database holds hashes of passwords.
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

    /// Where the copy of the database is.
    pub(crate) fn database(&self) -> PathBuf {
        self.0.join(DATABASE)
    }

    /// The files that the database names.
    pub(crate) fn objects(&self) -> anyhow::Result<Objects> {
        let folder = self.0.join("objects");
        Ok(Objects::open(&folder.to_string_lossy())?)
    }

    /// The checkpoints, without the key that signs them.
    pub(crate) fn checkpoints(&self) -> CheckpointFolder {
        CheckpointFolder::at(self.0.join("checkpoints"))
    }

    /// What the backup says of itself.
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

    /// Writes what the backup says of itself.
    pub(crate) fn finish(&self, manifest: &Manifest) -> anyhow::Result<()> {
        let (path, text) = (self.0.join(MANIFEST), serde_json::to_string_pretty(manifest)?);
        let part = part(&path);
        fs::write(&part, text + "\n")
            .with_context(|| format!("{} cannot be written", part.display()))?;
        settle(&part, &path)
    }

    /// Refuses to mix this backup with that of another database: their checkpoints have different keys.
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

/// Where something is written before it stands in its place as a whole.
pub(crate) fn part(path: &Path) -> PathBuf {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    part.into()
}

/// Puts what was written in its place, for good.
pub(crate) fn settle(part: &Path, path: &Path) -> anyhow::Result<()> {
    let settled = || -> io::Result<()> {
        File::open(part)?.sync_all()?;
        fs::rename(part, path)?;
        // A file is there for good once its folder says so.
        #[cfg(unix)]
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    };
    settled().with_context(|| format!("{} cannot be written", path.display()))
}

/// The SHA-256 of a file of any size.
pub(crate) fn sha256(path: &Path) -> anyhow::Result<String> {
    let hashed = || -> io::Result<String> {
        let (mut file, mut hash, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; 1 << 20]);
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(keys::hex(&hash.finalize())),
                read => hash.update(&buffer[..read]),
            }
        }
    };
    hashed().with_context(|| format!("{} cannot be read", path.display()))
}
