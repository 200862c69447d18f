//! The open database, on SQLite or PostgreSQL: opening it, its schema, and its transactions.

mod migrate;
mod open;
mod setup_lock;
pub(crate) mod sql;
mod transaction;
mod wal_idle;

pub(crate) use migrate::fresh_sqlite;
pub use open::{copy_sqlite, sqlite_file, sqlite_options};
pub use setup_lock::SetupLock;
pub(crate) use transaction::Tx;

use crate::{Error, Notice, dialect::Dialect, readers::Readers};
use sqlx_postgres::PgPool;
use sqlx_sqlite::SqlitePool;
use std::{path::Path, sync::Arc, time::Duration};
use tokio::sync::broadcast::Sender;
use wal_idle::Resting;

/// Timeout for acquiring a PostgreSQL connection. After it, a person who waits for a page is told
/// that the database does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The open database.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    /// One connection that writes and several that only read, so that writers wait for each other
    /// here instead of getting `SQLITE_BUSY`. All writers are in this process, so notices are sent
    /// within it as well.
    Sqlite {
        writer: SqlitePool,
        readers: Readers,
        notices: Sender<Notice>,
        /// The state of the file when it was opened read-only; `None` if it is open for writing.
        resting: Option<Arc<Resting>>,
    },
    /// One pool for reading and writing.
    Postgres(PgPool),
}

impl Db {
    /// Returns the SQL dialect of the database.
    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite { .. } => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }
}

/// Returns the error for a file that should hold a database and cannot be opened.
pub(crate) fn no_database(file: &Path) -> Error {
    Error::Setting(format!("There is no database at {}.", file.display()))
}
