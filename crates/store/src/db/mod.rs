//! The open database: its connections and transactions, on SQLite or PostgreSQL.

mod setup_lock;
pub(crate) mod sql;
mod wal_idle;

pub use setup_lock::SetupLock;

use crate::{Error, Notice, boxed, dialect::Dialect, notices, pool::pool, readers::Readers};
use sql::{On, Sql, sql};
use sqlx::{
    ConnectOptions, Connection, Transaction,
    migrate::{MigrateError, Migrator},
};
use sqlx_postgres::{PgConnectOptions, PgPool, Postgres};
use sqlx_sqlite::{Sqlite, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};
use tokio::sync::broadcast::Sender;
use wal_idle::Resting;

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Returns the error for a database with an applied migration that this version does not have, or
/// has with another text.
fn other_schema(version: i64) -> Error {
    Error::Setting(format!(
        "The database was made by another version of Plumbline: its migration {version} is not one of this \
         version. Nothing in it was changed. Use the version that made it, or start with a new database."
    ))
}

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

/// A transaction. It is rolled back if it is dropped without a [`commit`](Self::commit).
#[derive(Debug)]
pub(crate) struct Tx {
    inner: Inner,
    statements: u64,
    /// Notices sent once it is committed.
    notices: Vec<Notice>,
}

#[derive(Debug)]
enum Inner {
    Sqlite(Transaction<'static, Sqlite>, Sender<Notice>),
    Postgres(Transaction<'static, Postgres>),
}

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

/// Creates an in-memory database with the schema and no data, on one connection.
#[boxed]
pub(crate) async fn fresh_sqlite() -> Result<SqlitePool, Error> {
    let options = SqliteConnectOptions::new().in_memory(true);
    let fresh = pool::<Sqlite>(1).connect_with(options).await?;
    SQLITE_MIGRATIONS.run(&fresh).await?;
    Ok(fresh)
}

/// Returns the error for a file that should hold a database and cannot be opened.
pub(crate) fn no_database(file: &Path) -> Error {
    Error::Setting(format!("There is no database at {}.", file.display()))
}

/// Migrates on a connection of its own, because the driver takes an advisory lock, which it keeps if it fails. The
/// end of the connection releases it; the pool would keep the connection, and the next migration would wait for
/// ever.
async fn migrate_postgres(options: &PgConnectOptions) -> Result<(), MigrateError> {
    let own = pool::<Postgres>(1).acquire_timeout(PATIENCE).connect_with(options.clone()).await?;
    let migrated = POSTGRES_MIGRATIONS.run(&own).await;
    own.close().await;
    migrated
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

    /// Brings the schema up to date under a lock, so that a process that starts at the same time
    /// finds it up to date.
    ///
    /// # Errors
    /// [`Error::Setting`] if migrations were applied that are not those of this version.
    pub(crate) async fn migrate(&self) -> Result<(), Error> {
        let migrated = match self {
            Self::Sqlite { writer, .. } => {
                let _alone = SetupLock::of(self).await?;
                SQLITE_MIGRATIONS.run(writer).await
            }
            Self::Postgres(pool) => migrate_postgres(&pool.connect_options()).await,
        };
        migrated.map_err(|error| match error {
            MigrateError::VersionMissing(version) | MigrateError::VersionMismatch(version) => {
                other_schema(version)
            }
            error => error.into(),
        })
    }

    /// Checks that the schema is of this version, no matter which process migrated it.
    ///
    /// # Errors
    /// [`Error::Setting`] if it is older, or if migrations were applied that are not those of this
    /// version.
    pub(crate) async fn ensure_current(&self) -> Result<(), Error> {
        let migrations = match self {
            Self::Sqlite { .. } => &SQLITE_MIGRATIONS,
            Self::Postgres(_) => &POSTGRES_MIGRATIONS,
        };
        let text = "select version, checksum from _sqlx_migrations where success order by version";
        let applied: Vec<(i64, Vec<u8>)> = sql(text).all(self).await?;
        for (version, checksum) in &applied {
            let known = migrations.iter().find(|known| known.version == *version);
            if known.is_none_or(|known| *known.checksum != **checksum) {
                return Err(other_schema(*version));
            }
        }
        match migrations.iter().all(|known| applied.iter().any(|(it, _)| *it == known.version)) {
            true => Ok(()),
            false => Err(Error::Setting(
                "The database was written by an older version of Plumbline. Bring it up to date with \
                 `plumbline migrate`, or use the version that wrote it."
                    .into(),
            )),
        }
    }

    /// Returns the SQL dialect of the database.
    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite { .. } => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Begins a transaction that may write. On SQLite it holds the write lock from its beginning.
    pub(crate) async fn write(&self) -> Result<Tx, Error> {
        Ok(Tx::new(match self {
            Self::Sqlite { writer, notices, .. } => {
                Inner::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?, notices.clone())
            }
            Self::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        }))
    }

    /// Begins a transaction that plans changes and records them. On SQLite nobody else records from
    /// its beginning; on PostgreSQL from the statement that reserves its ids, so the guards refuse
    /// what was planned on a state that is no longer the present one.
    pub(crate) async fn plan_and_record(&self) -> Result<Tx, Error> {
        self.write().await
    }

    /// Begins a transaction that may record changes. There is one at a time, on PostgreSQL as on
    /// SQLite, so that changes are committed in the order of their ids. A reader who has seen one
    /// change has therefore seen all before it.
    pub(crate) async fn record(&self) -> Result<Tx, Error> {
        self.alone("BEGIN; SELECT pg_advisory_xact_lock(7305001)").await
    }

    /// Begins a transaction that may review changes. There is one at a time, so that the last
    /// review of a change is the one with the greatest id, and later review states have greater
    /// versions. All reads are from one snapshot, taken once the lock is held: PostgreSQL takes the
    /// table lock before the snapshot.
    pub(crate) async fn review(&self) -> Result<Tx, Error> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ; \
            LOCK TABLE review_states IN SHARE ROW EXCLUSIVE MODE";
        self.alone(begin).await
    }

    /// Begins a transaction that may alter the index.
    pub(crate) async fn index(&self) -> Result<Tx, Error> {
        self.alone("BEGIN; SELECT pg_advisory_xact_lock(7305003)").await
    }

    async fn alone(&self, begin: &'static str) -> Result<Tx, Error> {
        match self {
            Self::Sqlite { .. } => self.write().await,
            Self::Postgres(pool) => Ok(Tx::new(Inner::Postgres(pool.begin_with(begin).await?))),
        }
    }

    /// Begins transactions that all read the same snapshot of the database.
    pub(crate) async fn read_together(&self, how_many: usize) -> Result<Vec<Tx>, Error> {
        const TRIES: usize = 100;
        match self {
            // Each has the snapshot of its first read. Nothing tracked is committed without a
            // change, and the id of a user is never used twice. Two snapshots with the same last
            // change, the same number of users and the same greatest user id therefore hold the
            // same changes; users may be deleted between them.
            Self::Sqlite { .. } => {
                let last = "select (select coalesce(max(id), 0) from changes), count(*), \
                     coalesce(max(id), 0) from users";
                for _ in 0..TRIES {
                    let (mut lanes, mut ends) = (Vec::new(), BTreeSet::new());
                    for _ in 0..how_many {
                        let mut lane = self.read().await?;
                        let end: (i64, i64, i64) = sql(last).one(&mut lane).await?;
                        lanes.push(lane);
                        ends.insert(end);
                    }
                    if ends.len() == 1 {
                        return Ok(lanes);
                    }
                }
                // There are too many concurrent writes, so a single transaction is used.
                Ok(vec![self.read().await?])
            }
            Self::Postgres(pool) => {
                let mut lanes = vec![self.read().await?];
                let export = sql("select pg_export_snapshot()");
                let (snapshot,): (String,) = export.one(&mut lanes[0]).await?;
                for _ in 1..how_many {
                    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                    let mut lane = Tx::new(Inner::Postgres(pool.begin_with(begin).await?));
                    sql(format!("set transaction snapshot '{snapshot}'")).run(&mut lane).await?;
                    lanes.push(lane);
                }
                Ok(lanes)
            }
        }
    }

    /// Begins a transaction whose statements all read the same snapshot of the database.
    pub(crate) async fn read(&self) -> Result<Tx, Error> {
        Ok(Tx::new(match self {
            Self::Sqlite { readers, notices, .. } => {
                Inner::Sqlite(readers.pool_of_core().begin().await?, notices.clone())
            }
            Self::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Inner::Postgres(pool.begin_with(begin).await?)
            }
        }))
    }
}

impl Tx {
    const fn new(inner: Inner) -> Self {
        Self { inner, statements: 0, notices: Vec::new() }
    }

    /// Returns the SQL dialect of the database.
    pub(crate) const fn dialect(&self) -> Dialect {
        match self.inner {
            Inner::Sqlite(..) => Dialect::Sqlite,
            Inner::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Returns the number of statements it has run.
    pub(crate) const fn statements(&self) -> u64 {
        self.statements
    }

    /// Returns its connection, for one more statement.
    pub(crate) fn on(&mut self) -> On<'_> {
        self.statements += 1;
        match &mut self.inner {
            Inner::Sqlite(tx, _) => On::Sqlite(tx),
            Inner::Postgres(tx) => On::Postgres(tx),
        }
    }

    /// Sends a notice once the transaction is committed, and only then.
    pub(crate) fn notify_on_commit(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    /// Returns the statements that send its notices once it is committed, which may be run with the
    /// last of its other statements. On SQLite there are none.
    pub(crate) fn notifications(&mut self) -> Result<Vec<Sql>, Error> {
        let Inner::Postgres(_) = self.inner else { return Ok(Vec::new()) };
        let statement = |notice: Notice| {
            let (channel, payload) = notices::notification(&notice)?;
            Ok(sql("select pg_notify($1, $2)").bind(channel).bind(payload))
        };
        std::mem::take(&mut self.notices).into_iter().map(statement).collect()
    }

    /// Commits it and sends its notices.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        for statement in self.notifications()? {
            statement.run(&mut self).await?;
        }
        let notices = std::mem::take(&mut self.notices);
        match self.inner {
            Inner::Sqlite(tx, sender) => {
                tx.commit().await?;
                for notice in notices {
                    // An error means that there are no subscribers.
                    let _ = sender.send(notice);
                }
            }
            Inner::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Simulates a full disk with a limit of pages. The limit belongs to the connection, so the
    /// next connection has room again.
    #[tokio::test]
    async fn writes_go_on_once_there_is_room_on_the_disk_again() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("full.db").display());
        let db = Db::open(&url).await.unwrap();
        let Db::Sqlite { writer, .. } = &db else { panic!("{url} is a SQLite database") };
        sqlx::query("create table notes (text text)").execute(writer).await.unwrap();
        sqlx::query("pragma max_page_count = 8").execute(writer).await.unwrap();

        let insert = || sql("insert into notes (text) values ($1)");
        let mut tx = db.write().await.unwrap();
        let error = insert().bind("x".repeat(1_000_000)).run(&mut tx).await.unwrap_err();
        assert!(format!("{error:?}").contains("disk is full"), "{error:?}");
        assert!(!error.is_unavailable(), "{error:?}");
        drop(tx);

        for _ in 0..3 {
            let mut tx = db.write().await.unwrap();
            insert().bind("short").run(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
        }
        let (count,): (i64,) = sql("select count(*) from notes").one(&db).await.unwrap();
        assert_eq!(count, 3);
    }
}
