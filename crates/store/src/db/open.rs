//! Opening of a database.

use super::{Db, PATIENCE, SetupLock, no_database, wal_idle::Resting};
use crate::{Error, boxed, notices, pool::pool, readers::Readers};
use sqlx::{ConnectOptions, Connection};
use sqlx_postgres::{PgConnectOptions, Postgres};
use sqlx_sqlite::{Sqlite, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use std::{
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

/// Returns the settings of every connection to a SQLite database. A program that opens the file on
/// its own should use them too, because the triggers that guard the records depend on them.
///
/// # Errors
/// If the URL is malformed, or names an in-memory database, which connections cannot share.
pub fn sqlite_options(url: &str) -> Result<SqliteConnectOptions, Error> {
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Err(Error::Setting(
            "A database in memory cannot be used. Give the path of a file, as in \
             sqlite://data/plumbline.db."
                .into(),
        ));
    }
    Ok(SqliteConnectOptions::from_str(url)?
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("recursive_triggers", "ON")
        // 64 MiB of page cache for each connection, and 16 MiB of log between checkpoints, because
        // changes touch the same few pages again and again.
        .pragma("cache_size", "-65536")
        .pragma("wal_autocheckpoint", "4000")
        // A query of thousands of rows would otherwise switch between threads every 50 rows.
        .row_buffer_size(1_024)
        .busy_timeout(Duration::from_secs(10)))
}

/// Returns the path of the SQLite database that a URL names; `None` for PostgreSQL.
///
/// # Errors
/// If the URL is malformed.
pub fn sqlite_file(url: &str) -> Result<Option<PathBuf>, Error> {
    match url.starts_with("sqlite:") {
        true => Ok(Some(sqlite_options(url)?.get_filename().to_owned())),
        false => Ok(None),
    }
}

/// Copies a consistent snapshot of the SQLite database that a URL names to a file that does not
/// exist yet. Others can use the database meanwhile.
///
/// # Errors
/// If there is no such database, or it cannot be read or written.
#[boxed]
pub async fn copy_sqlite(url: &str, to: &Path) -> Result<(), Error> {
    // Opened with the usual settings, because a running process is recognised by its locks.
    let options = sqlite_options(url)?.create_if_missing(false);
    if !options.get_filename().is_file() {
        return Err(no_database(options.get_filename()));
    }
    let mut connection = options.connect().await?;
    let copy = sqlx::query("vacuum into $1").bind(to.to_string_lossy().into_owned());
    copy.execute(&mut connection).await?;
    Ok(connection.close().await?)
}

impl Db {
    /// Opens the database that a URL names. A SQLite file and its parent folders are created if
    /// they do not exist.
    pub(crate) async fn open(url: &str) -> Result<Self, Error> {
        match url.split_once(':') {
            Some(("sqlite", _)) => {
                let options = sqlite_options(url)?.create_if_missing(true);
                if let Some(folder) = options.get_filename().parent() {
                    std::fs::create_dir_all(folder).map_err(|error| {
                        let folder = folder.display();
                        Error::Setting(format!("The folder {folder} cannot be made: {error}."))
                    })?;
                }
                // Processes that create a file at the same time could otherwise see it half
                // initialised.
                let alone = SetupLock::of_file(options.get_filename()).await?;
                let writer = pool::<Sqlite>(1).connect_with(options.clone()).await?;
                drop(alone);
                let readers = Readers::new(options.pragma("query_only", "ON"));
                Ok(Self::Sqlite { writer, readers, notices: notices::channel(), resting: None })
            }
            Some(("postgres" | "postgresql", _)) => {
                let options = PgConnectOptions::from_str(url)?;
                let pool = pool::<Postgres>(16).test_before_acquire(true);
                let pool = pool.acquire_timeout(PATIENCE).connect_with(options).await?;
                Ok(Self::Postgres(pool))
            }
            _ => Err(Error::Setting(format!(
                "`{url}` names no database known here. Use sqlite://path or postgres://host/name."
            ))),
        }
    }

    /// Opens the database that a URL names for reading only. Nothing is written to the database or
    /// to its folder.
    pub(crate) async fn open_to_read(url: &str) -> Result<Self, Error> {
        match sqlite_file(url)? {
            Some(_) => Self::read_sqlite(SqliteConnectOptions::from_str(url)?).await,
            None => Self::open(url).await,
        }
    }

    /// Opens a SQLite file for reading only.
    pub(crate) async fn open_file_to_read(file: &Path) -> Result<Self, Error> {
        Self::read_sqlite(SqliteConnectOptions::new().filename(file)).await
    }

    async fn read_sqlite(options: SqliteConnectOptions) -> Result<Self, Error> {
        let options = options.read_only(true);
        let file = options.get_filename().to_owned();
        let resting = Resting::at(file.clone())?;
        let options = options.filename(resting.file()).immutable(resting.is_alone());
        let options = options.pragma("query_only", "ON");
        let readers = Readers::pool().connect_with(options).await;
        let readers = readers.map_err(|error| {
            let file = file.display();
            Error::Setting(format!(
                "The database {file} cannot be read: {error}. If it is in use by somebody else and \
                 its folder cannot be written, copy it, and the file that ends in -wal if there is \
                 one, to where it can."
            ))
        })?;
        let (writer, notices) = (readers.clone(), notices::channel());
        let readers = Readers::shared(readers);
        Ok(Self::Sqlite { writer, readers, notices, resting: Some(Arc::new(resting)) })
    }

    /// Returns whether a SQLite file was written since it was opened, if no other process had it
    /// open then.
    pub(crate) fn is_disturbed(&self) -> bool {
        match self {
            Self::Sqlite { resting, .. } => {
                resting.as_ref().is_some_and(|resting| resting.is_disturbed())
            }
            Self::Postgres(_) => false,
        }
    }
}
