//! A SQLite file that is only read, and how, so that nothing is written to it or beside it.
//!
//! Beside a database that is in use stand its log, in a file that ends in `-wal`, and an index of the
//! log, in one that ends in `-shm`. SQLite makes them where they are not, even for those who only read.

use crate::{Error, db::no_database};
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};
use tempfile::TempDir;

/// How a file is read.
#[derive(Debug)]
pub(crate) enum Resting {
    /// Somebody has it open: log and index are there already.
    InUse(PathBuf),
    /// Nobody has it open and it is all there is, so it can be read where nothing may be written, not
    /// even the locks.
    Alone(PathBuf, Stamp),
    /// It was copied together with its log, which are both read from a folder of our own.
    Copied { copy: PathBuf, _folder: TempDir },
}

/// By what is seen that a file was written: its length, and when that was.
type Stamp = (u64, Option<SystemTime>);

impl Resting {
    /// Finds out how a file can be read.
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

    /// The file to open.
    pub(crate) fn file(&self) -> &Path {
        match self {
            Self::InUse(file) | Self::Alone(file, _) | Self::Copied { copy: file, .. } => file,
        }
    }

    /// Whether nobody has it open and it is all there is.
    pub(crate) const fn is_alone(&self) -> bool {
        matches!(self, Self::Alone(..))
    }

    /// Whether somebody has taken it into use since, so that what was read may be of two states.
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

/// What of a log stands beside a file, and whether an index does.
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
