//! Storage of checkpoints: a folder of small files, with the key.
//!
//! Each file is named by its size, as in `000000001234.checkpoint`, and is written atomically. The
//! newest [`RECENT`] are retained, and the last of each day before them; others are removed.
//! Accepted gaps in the time of the record are in the same folder, as in `000000001234.clock`, and
//! are never removed. The file `frontier` belongs to the newest checkpoint.

use super::{AcceptedGap, Checkpoint, CheckpointError, Frontier, PublicKey, Signer, frontier_file};
use chrono::NaiveDate;
use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Number of newest checkpoints that are retained regardless of their day.
const RECENT: usize = 60;

const SECRET: &str = "key";
const PUBLIC: &str = "key.pub";
const EXTENSION: &str = "checkpoint";
const GAP: &str = "clock";

/// The folder of checkpoints.
#[derive(Clone, Debug)]
pub struct CheckpointFolder(PathBuf);

/// A checkpoint file that has not been parsed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointFile {
    /// The name of its file.
    pub name: String,
    /// The file's text.
    pub text: String,
    /// The size according to its name, if the name is valid.
    pub size: Option<u64>,
}

impl CheckpointFile {
    /// Reads the file of a checkpoint at any path.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(path: &Path) -> Result<Self, CheckpointError> {
        let bytes = fs::read(path).map_err(|error| CheckpointError::File(path.into(), error))?;
        Ok(Self {
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
            size: path.file_stem().and_then(|stem| stem.to_str()?.parse().ok()),
        })
    }

    /// Parses the checkpoint and verifies its signature.
    ///
    /// # Errors
    /// As for [`Checkpoint::open`], and [`CheckpointError::Damaged`] if it has the name of another
    /// checkpoint.
    pub fn open(&self, key: &PublicKey) -> Result<Checkpoint, CheckpointError> {
        let checkpoint = Checkpoint::open(&self.name, &self.text, key)?;
        self.ensure_in_place(checkpoint.size)?;
        Ok(checkpoint)
    }

    /// Parses an accepted gap and verifies its signature.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn open_gap(&self, key: &PublicKey) -> Result<AcceptedGap, CheckpointError> {
        let gap = AcceptedGap::open(&self.name, &self.text, key)?;
        self.ensure_in_place(gap.size)?;
        Ok(gap)
    }

    fn ensure_in_place(&self, size: u64) -> Result<(), CheckpointError> {
        if self.size.is_none_or(|named| named == size) {
            return Ok(());
        }
        let problem =
            format!("it was put in the place of another, and covers {size} changes itself");
        Err(CheckpointError::Damaged { name: self.name.clone(), problem })
    }
}

impl CheckpointFolder {
    /// Refers to this folder. It is created on the first write.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Returns its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Returns the signing key. It is created on first use, readable only by its owner.
    ///
    /// # Errors
    /// If it cannot be read or created.
    pub fn signer(&self) -> Result<Signer, CheckpointError> {
        let path = self.0.join(SECRET);
        let fails = |error| CheckpointError::File(path.clone(), error);
        fs::create_dir_all(&self.0).map_err(fails)?;
        if !path.exists() {
            let new = Signer::generate()?;
            let secret = format!("{}\n", new.secret());
            match self.write(SECRET, secret.as_bytes(), true) {
                // Another process created the key first, so that key is used.
                Err(CheckpointError::File(_, error))
                    if error.kind() == io::ErrorKind::AlreadyExists => {}
                written => written?,
            }
        }
        let text = fs::read_to_string(&path).map_err(fails)?;
        let signer = Signer::from_secret(&text)
            .ok_or_else(|| CheckpointError::Key(format!("{} does not hold one", path.display())))?;
        if !self.0.join(PUBLIC).exists() {
            self.write(PUBLIC, format!("{}\n", signer.public_key()).as_bytes(), false)?;
        }
        Ok(signer)
    }

    /// Returns the public key; `None` if no key was created yet.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn public_key(&self) -> Result<Option<PublicKey>, CheckpointError> {
        let path = self.0.join(PUBLIC);
        match fs::read_to_string(&path) {
            Ok(text) => text.parse().map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(CheckpointError::File(path, error)),
        }
    }

    /// Returns all checkpoints, by size; none if the folder does not exist.
    ///
    /// # Errors
    /// If the folder or a file cannot be read.
    pub fn all(&self) -> Result<Vec<CheckpointFile>, CheckpointError> {
        self.files(EXTENSION)
    }

    /// Returns all accepted gaps in the time of the record, by size.
    ///
    /// # Errors
    /// As for [`all`](Self::all).
    pub fn gaps(&self) -> Result<Vec<CheckpointFile>, CheckpointError> {
        self.files(GAP)
    }

    /// Returns the frontier that was stored last; `None` if there is none.
    pub(super) fn frontier(&self) -> Result<Option<Frontier>, CheckpointError> {
        let path = self.0.join(frontier_file::NAME);
        match fs::read_to_string(&path) {
            Ok(text) => frontier_file::parse(&text).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            // The file is not text.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                frontier_file::parse("").map(Some)
            }
            Err(error) => Err(CheckpointError::File(path, error)),
        }
    }

    /// Replaces the stored frontier.
    pub(super) fn keep_frontier(&self, frontier: &Frontier) -> Result<(), CheckpointError> {
        self.write(frontier_file::NAME, frontier_file::format(frontier).as_bytes(), false)
    }

    /// Returns the name of the file of a checkpoint.
    pub(super) fn name_of(size: u64) -> String {
        format!("{size:012}.{EXTENSION}")
    }

    fn files(&self, extension: &str) -> Result<Vec<CheckpointFile>, CheckpointError> {
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(CheckpointError::File(self.0.clone(), error)),
        };
        let mut kept = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| CheckpointError::File(self.0.clone(), error))?.path();
            if path.extension().is_some_and(|found| found == extension) {
                match CheckpointFile::read(&path) {
                    // A server removed it meanwhile, because it was no longer retained.
                    Err(CheckpointError::File(_, error))
                        if error.kind() == io::ErrorKind::NotFound => {}
                    read => kept.push(read?),
                }
            }
        }
        kept.sort_by(|a, b| (a.size, &a.name).cmp(&(b.size, &b.name)));
        Ok(kept)
    }

    /// Writes an accepted gap.
    pub(crate) fn accept(
        &self,
        gap: &AcceptedGap,
        signer: &Signer,
    ) -> Result<PathBuf, CheckpointError> {
        let name = format!("{:012}.{GAP}", gap.size);
        self.write(&name, gap.sign(signer).as_bytes(), false)?;
        Ok(self.0.join(name))
    }

    /// Adds checkpoints and accepted gaps from another folder, and their public key. The signing
    /// key is left as it is.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn bring(
        &self,
        kept: &[CheckpointFile],
        key: Option<&PublicKey>,
    ) -> Result<(), CheckpointError> {
        fs::create_dir_all(&self.0)
            .map_err(|error| CheckpointError::File(self.0.clone(), error))?;
        for kept in kept {
            self.write(&kept.name, kept.text.as_bytes(), false)?;
        }
        if let Some(key) = key {
            self.write(PUBLIC, format!("{key}\n").as_bytes(), false)?;
        }
        Ok(())
    }

    /// Writes a checkpoint, and removes those that are no longer retained.
    pub(super) fn keep(
        &self,
        checkpoint: &Checkpoint,
        signer: &Signer,
    ) -> Result<(), CheckpointError> {
        let name = Self::name_of(checkpoint.size);
        self.write(&name, checkpoint.sign(signer).as_bytes(), false)?;
        let kept = self.all()?;
        let days = kept.iter().map(|kept| {
            let opened = kept.open(&signer.public_key()).ok()?;
            Some(opened.at.date_naive())
        });
        for index in superfluous(&days.collect::<Vec<_>>()) {
            let path = self.0.join(&kept[index].name);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(CheckpointError::File(path, error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes a file atomically. A `secret` file is readable only by its owner, and never replaces
    /// another.
    fn write(&self, name: &str, bytes: &[u8], secret: bool) -> Result<(), CheckpointError> {
        let path = self.0.join(name);
        let beside = self.0.join(format!(".{name}-{}", uuid::Uuid::now_v7().simple()));
        let written = (|| {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            if secret {
                use std::os::unix::fs::OpenOptionsExt;
                options.mode(0o600);
            }
            let mut file = options.open(&beside)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            if secret {
                fs::hard_link(&beside, &path)?
            } else {
                fs::rename(&beside, &path)?
            }
            // A new file is durable once its folder is synced.
            File::open(&self.0)?.sync_all()
        })();
        if secret || written.is_err() {
            // After a rename there is nothing to remove.
            let _ = fs::remove_file(&beside);
        }
        written.map_err(|error| CheckpointError::File(path, error))
    }
}

/// Returns the indices of checkpoints, given the days they were made, that are not retained. A file
/// without a day is retained, so that a person can examine it.
fn superfluous(days: &[Option<NaiveDate>]) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    let mut superfluous = Vec::new();
    for (age, (index, day)) in days.iter().enumerate().rev().enumerate() {
        let Some(day) = day else { continue };
        let is_last_of_day = seen.insert(*day);
        if age >= RECENT && !is_last_of_day {
            superfluous.push(index);
        }
    }
    superfluous
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: &str) -> Option<NaiveDate> {
        day.parse().ok()
    }

    #[test]
    fn the_newest_stay_and_the_last_of_each_day() {
        let mut days = vec![day("2026-03-01"); 5];
        days.push(None);
        days.extend(vec![day("2026-03-02"); 5]);
        days.extend(vec![day("2026-03-03"); RECENT]);
        assert_eq!(superfluous(&days), [9, 8, 7, 6, 3, 2, 1, 0]);
    }

    #[cfg(unix)]
    #[test]
    fn one_that_is_removed_while_they_are_read_is_none() {
        let folder = tempfile::tempdir().unwrap();
        // The folder lists a file that cannot be found.
        let link = folder.path().join("000000000001.checkpoint");
        std::os::unix::fs::symlink(folder.path().join("gone"), link).unwrap();
        fs::write(folder.path().join("000000000002.checkpoint"), "x").unwrap();
        let kept = CheckpointFolder::at(folder.path()).all().unwrap();
        assert_eq!(kept.iter().map(|kept| kept.size).collect::<Vec<_>>(), [Some(2)]);
    }

    #[test]
    fn a_key_is_made_once_and_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let folder = CheckpointFolder::at(folder.path().join("checkpoints"));
        assert!(folder.public_key().unwrap().is_none());
        let key = folder.signer().unwrap().public_key();
        assert_eq!(folder.signer().unwrap().public_key(), key);
        assert_eq!(folder.public_key().unwrap(), Some(key));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join(SECRET)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left");
    }
}
