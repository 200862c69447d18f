//! Where checkpoints are kept: a folder of small files, the key beside them.
//!
//! Each file is named by its size, as in `000000001234.checkpoint`, and written wholly or not at all.
//! The newest [`RECENT`] stay, and before them the last of each day; others are removed. Accepted gaps
//! in the time of the record stand beside them, as in `000000001234.clock`, and stay.

use super::{AcceptedGap, Checkpoint, CheckpointError, PublicKey, Signer};
use chrono::NaiveDate;
use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// How many of the newest checkpoints stay whatever their day.
const RECENT: usize = 60;

const SECRET: &str = "key";
const PUBLIC: &str = "key.pub";
const EXTENSION: &str = "checkpoint";
const GAP: &str = "clock";

/// The folder of checkpoints.
#[derive(Clone, Debug)]
pub struct CheckpointFolder(PathBuf);

/// A checkpoint as it is kept, not yet looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointFile {
    /// The name of its file.
    pub name: String,
    /// The file's text.
    pub text: String,
    /// The size that the name gives it, where it gives one.
    pub size: Option<u64>,
}

impl CheckpointFile {
    /// Reads a checkpoint's file, wherever it is.
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

    /// Looks into it.
    ///
    /// # Errors
    /// As for [`Checkpoint::open`], and [`CheckpointError::Damaged`] if it stands under the name of
    /// another.
    pub fn open(&self, key: &PublicKey) -> Result<Checkpoint, CheckpointError> {
        let checkpoint = Checkpoint::open(&self.name, &self.text, key)?;
        self.ensure_in_place(checkpoint.size)?;
        Ok(checkpoint)
    }

    /// Looks into an accepted gap.
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
    /// This folder. Nothing is made until something is written.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The key that signs; made on first use, for nobody else to read.
    ///
    /// # Errors
    /// If it cannot be read or made.
    pub fn signer(&self) -> Result<Signer, CheckpointError> {
        let path = self.0.join(SECRET);
        let fails = |error| CheckpointError::File(path.clone(), error);
        fs::create_dir_all(&self.0).map_err(fails)?;
        if !path.exists() {
            let new = Signer::generate()?;
            let secret = format!("{}\n", new.secret());
            match self.write(SECRET, secret.as_bytes(), true) {
                // Another process was quicker: then it is that one's.
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

    /// The key to check with; `None` where none was made yet.
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

    /// All checkpoints, by size.
    ///
    /// # Errors
    /// If the folder or a file cannot be read. A folder that is not there holds nothing.
    pub fn all(&self) -> Result<Vec<CheckpointFile>, CheckpointError> {
        self.files(EXTENSION)
    }

    /// All accepted gaps in the time of the record, by size.
    ///
    /// # Errors
    /// As for [`all`](Self::all).
    pub fn gaps(&self) -> Result<Vec<CheckpointFile>, CheckpointError> {
        self.files(GAP)
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
                    // A server has removed it meanwhile, since it need not stay.
                    Err(CheckpointError::File(_, error))
                        if error.kind() == io::ErrorKind::NotFound => {}
                    read => kept.push(read?),
                }
            }
        }
        kept.sort_by(|a, b| (a.size, &a.name).cmp(&(b.size, &b.name)));
        Ok(kept)
    }

    /// Keeps an accepted gap.
    pub(crate) fn accept(
        &self,
        gap: &AcceptedGap,
        signer: &Signer,
    ) -> Result<PathBuf, CheckpointError> {
        let name = format!("{:012}.{GAP}", gap.size);
        self.write(&name, gap.sign(signer).as_bytes(), false)?;
        Ok(self.0.join(name))
    }

    /// Puts checkpoints and accepted gaps from elsewhere here, beside those that are, and the key to
    /// check them with. The key that signs stays where it is.
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

    /// Keeps a checkpoint, and removes those that need not stay.
    pub(super) fn keep(
        &self,
        checkpoint: &Checkpoint,
        signer: &Signer,
    ) -> Result<(), CheckpointError> {
        let name = format!("{:012}.{EXTENSION}", checkpoint.size);
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

    /// Writes a file wholly or not at all. One that is `secret` is its owner's alone, and never
    /// takes the place of another.
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
            // A file is there for good once its folder says so.
            File::open(&self.0)?.sync_all()
        })();
        if secret || written.is_err() {
            // Where it was renamed there is nothing left to remove.
            let _ = fs::remove_file(&beside);
        }
        written.map_err(|error| CheckpointError::File(path, error))
    }
}

/// Which of the checkpoints, made on these days, need not stay. What has no day stays for somebody to
/// look at.
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
        // The folder says that it is there, and then it is not.
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
