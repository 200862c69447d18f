//! Read-only access to a SQLite file, without writing to it or beside it.
//!
//! A database in use has a write-ahead log beside it, in a file that ends in `-wal`, and an index
//! of that log, in one that ends in `-shm`. SQLite creates both if they do not exist, even for
//! readers.

use super::no_database;
use crate::Error;
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};
use tempfile::TempDir;

/// Way to read a SQLite file.
#[derive(Debug)]
pub(crate) enum Resting {
    /// Another process has it open, so log and index exist already.
    InUse(PathBuf),
    /// No process has it open and it has no log. It can be read without writing anything, not even
    /// locks.
    Alone(PathBuf, Stamp),
    /// It was copied together with its log to a temporary folder, and is read there.
    Copied { copy: PathBuf, _folder: TempDir },
}

/// Length and modification time of a file, by which a write is detected.
type Stamp = (u64, Option<SystemTime>);

impl Resting {
    /// Determines how a file can be read.
    pub(crate) fn at(file: PathBuf) -> Result<Self, Error> {
        let found = fs::metadata(&file).ok().filter(fs::Metadata::is_file);
        let Some(found) = found else {
            return Err(no_database(&file));
        };
        let (has_log, has_index) = beside(&file);
        match (has_log, has_index) {
            (Log::None, _) | (Log::Empty, false) => Ok(Self::Alone(file, stamp(&found))),
            (_, true) => Ok(Self::InUse(file)),
            (Log::Full, false) => copied(&file).map_err(|error| {
                let file = file.display();
                Error::Setting(format!(
                    "The database {file} and its log cannot be copied to a temporary folder, to be \
                     read there: {error}."
                ))
            }),
        }
    }

    /// Returns the file to open.
    pub(crate) fn file(&self) -> &Path {
        match self {
            Self::InUse(file) | Self::Alone(file, _) | Self::Copied { copy: file, .. } => file,
        }
    }

    /// Returns whether no process has it open and it has no log.
    pub(crate) const fn is_alone(&self) -> bool {
        matches!(self, Self::Alone(..))
    }

    /// Returns whether another process has opened it since, so that reads may have seen two states.
    pub(crate) fn is_disturbed(&self) -> bool {
        let Self::Alone(file, was) = self else { return false };
        let now = fs::metadata(file).map(|now| stamp(&now));
        let (log, has_index) = beside(file);
        now.ok() != Some(*was) || log == Log::Full || (log == Log::Empty && has_index)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Log {
    None,
    Empty,
    Full,
}

/// Returns the state of the log beside a file, and whether there is an index.
fn beside(file: &Path) -> (Log, bool) {
    let log = match fs::metadata(with(file, "-wal")) {
        Err(_) => Log::None,
        Ok(log) if log.len() == 0 => Log::Empty,
        Ok(_) => Log::Full,
    };
    (log, with(file, "-shm").exists())
}

fn with(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn stamp(found: &fs::Metadata) -> Stamp {
    (found.len(), found.modified().ok())
}

fn copied(file: &Path) -> io::Result<Resting> {
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("copy.db");
    fs::copy(file, &copy)?;
    fs::copy(with(file, "-wal"), with(&copy, "-wal"))?;
    Ok(Resting::Copied { copy, _folder: folder })
}
