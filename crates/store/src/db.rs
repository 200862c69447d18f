//! The open database: which of the two it is, its connections and its transactions.

use crate::{
    Error, Notice, boxed,
    dialect::Dialect,
    notices,
    resting::Resting,
    setup_lock::SetupLock,
    sql::{On, sql},
};
use sqlx::{
    ConnectOptions, Connection, Database, Transaction, migrate::Migrator, pool::PoolOptions,
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

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// The time within which PostgreSQL has to give a connection. A person who waits for a page is told
/// after it that the database does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The open database.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    /// One connection that writes and several that only read, so that writers wait for each other
    /// here instead of meeting a busy database. All who write are here, so what they did is told
    /// here as well.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
        notices: Sender<Notice>,
        /// The file, where it is opened to be read and nothing else.
        resting: Option<Arc<Resting>>,
    },
    /// A pool for everything.
    Postgres(PgPool),
}

/// A transaction. Dropped without a [`commit`](Self::commit), it never happened.
#[derive(Debug)]
pub(crate) struct Tx {
    inner: Inner,
    statements: u64,
    /// What is told to everybody once it is committed.
    notices: Vec<Notice>,
}

#[derive(Debug)]
enum Inner {
    Sqlite(Transaction<'static, Sqlite>, Sender<Notice>),
    Postgres(Transaction<'static, Postgres>),
}

/// The settings of every connection to a SQLite database. What guards the records needs them, so a
/// program that opens the file on its own should use them too.
///
/// # Errors
/// Where the URL cannot be read, or names a database in memory, which its connections cannot share.
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
        // 64 MiB of pages kept by each connection, and 16 MiB of log before it is taken into the file:
        // a change touches the same few pages again and again.
        .pragma("cache_size", "-65536")
        .pragma("wal_autocheckpoint", "4000")
        .busy_timeout(Duration::from_secs(10)))
}

/// Where the SQLite database is that a URL names; `None` for PostgreSQL.
///
/// # Errors
/// Where the URL cannot be read.
pub fn sqlite_file(url: &str) -> Result<Option<PathBuf>, Error> {
    match url.starts_with("sqlite:") {
        true => Ok(Some(sqlite_options(url)?.get_filename().to_owned())),
        false => Ok(None),
    }
}

/// Copies the SQLite database that a URL names, as it is at one moment, to a file that is not there yet.
/// Whoever uses the database meanwhile goes on.
///
/// # Errors
/// Where there is no such database, or it cannot be read or written.
#[boxed]
pub async fn copy_sqlite(url: &str, to: &Path) -> Result<(), Error> {
    // Connected as those who use it are: by its locks it is known to be in use.
    let options = sqlite_options(url)?.create_if_missing(false);
    if !options.get_filename().is_file() {
        return Err(no_database(options.get_filename()));
    }
    let mut connection = options.connect().await?;
    let copy = sqlx::query("vacuum into $1").bind(to.to_string_lossy().into_owned());
    copy.execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// Makes a database in memory that has the schema and nothing else, on one connection.
#[boxed]
pub(crate) async fn fresh_sqlite() -> Result<SqlitePool, Error> {
    let options = SqliteConnectOptions::new().in_memory(true);
    let fresh = pool::<Sqlite>(1).connect_with(options).await?;
    SQLITE_MIGRATIONS.run(&fresh).await?;
    Ok(fresh)
}

/// Why a file that should hold a database cannot be opened.
pub(crate) fn no_database(file: &Path) -> Error {
    Error::Setting(format!("There is no database at {}.", file.display()))
}

/// A pool of so many connections. One whose transaction did not end as the driver counts is closed
/// instead of being used again, because SQLite ends a transaction by itself where the disk is full or
/// fails, and every later transaction on that connection would be refused.
fn pool<D: Database>(max_connections: u32) -> PoolOptions<D> {
    PoolOptions::new()
        .max_connections(max_connections)
        .test_before_acquire(false)
        // A rollback that was begun when the connection was released has been done by now.
        .before_acquire(|connection: &mut D::Connection, _| {
            let is_clean = !connection.is_in_transaction();
            Box::pin(async move { Ok(is_clean) })
        })
}

impl Db {
    /// Opens the database that a URL names. A SQLite file and the folders above it are made if they
    /// are not there.
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
                // Those who make a file at the same time would meet it half made.
                let alone = SetupLock::of_file(options.get_filename()).await?;
                let writer = pool::<Sqlite>(1).connect_with(options.clone()).await?;
                drop(alone);
                let readers =
                    pool::<Sqlite>(8).connect_lazy_with(options.pragma("query_only", "ON"));
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

    /// Opens the database that a URL names to read it, and never writes: neither to the database nor
    /// beside it.
    pub(crate) async fn open_to_read(url: &str) -> Result<Self, Error> {
        match sqlite_file(url)? {
            Some(_) => Self::read_sqlite(SqliteConnectOptions::from_str(url)?).await,
            None => Self::open(url).await,
        }
    }

    /// The same for a SQLite file.
    pub(crate) async fn open_file_to_read(file: &Path) -> Result<Self, Error> {
        Self::read_sqlite(SqliteConnectOptions::new().filename(file)).await
    }

    async fn read_sqlite(options: SqliteConnectOptions) -> Result<Self, Error> {
        let options = options.read_only(true);
        let file = options.get_filename().to_owned();
        let resting = Resting::at(file.clone())?;
        let options = options.filename(resting.file()).immutable(resting.is_alone());
        let options = options.pragma("query_only", "ON");
        let readers = pool::<Sqlite>(8).connect_with(options).await;
        let readers = readers.map_err(|error| {
            let file = file.display();
            Error::Setting(format!(
                "The database {file} cannot be read: {error}. If it is in use by somebody else and \
                 its folder cannot be written, copy it, and the file that ends in -wal if there is \
                 one, to where it can."
            ))
        })?;
        let (writer, notices) = (readers.clone(), notices::channel());
        Ok(Self::Sqlite { writer, readers, notices, resting: Some(Arc::new(resting)) })
    }

    /// Whether a SQLite file that nobody had open when it was opened to be read was written since.
    pub(crate) fn is_disturbed(&self) -> bool {
        match self {
            Self::Sqlite { resting, .. } => {
                resting.as_ref().is_some_and(|resting| resting.is_disturbed())
            }
            Self::Postgres(_) => false,
        }
    }

    /// Brings the schema up to date, alone: who comes at the same time finds it up to date.
    pub(crate) async fn migrate(&self) -> Result<(), Error> {
        match self {
            Self::Sqlite { writer, .. } => {
                let _alone = SetupLock::of(self).await?;
                SQLITE_MIGRATIONS.run(writer).await?;
            }
            // The driver takes a lock of its own.
            Self::Postgres(pool) => POSTGRES_MIGRATIONS.run(pool).await?,
        }
        Ok(())
    }

    /// Makes sure that the schema is of this version, whoever brought it up to date.
    ///
    /// # Errors
    /// [`Error::Setting`] where it is older.
    pub(crate) async fn ensure_current(&self) -> Result<(), Error> {
        let migrations = match self {
            Self::Sqlite { .. } => &SQLITE_MIGRATIONS,
            Self::Postgres(_) => &POSTGRES_MIGRATIONS,
        };
        let text = "select version from _sqlx_migrations where success";
        let applied: Vec<(i64,)> = sql(text).all(self).await?;
        match migrations.iter().all(|known| applied.contains(&(known.version,))) {
            true => Ok(()),
            false => Err(Error::Setting(
                "The database was written by an older version of Plumbline. Bring it up to date with \
                 `plumbline migrate`, or use the version that wrote it."
                    .into(),
            )),
        }
    }

    /// Which SQL it speaks.
    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite { .. } => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// A transaction that may write. On SQLite it has the database to itself from its beginning.
    pub(crate) async fn write(&self) -> Result<Tx, Error> {
        Ok(Tx::new(match self {
            Self::Sqlite { writer, notices, .. } => {
                Inner::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?, notices.clone())
            }
            Self::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        }))
    }

    /// A transaction that may record changes: one at a time, on PostgreSQL as on SQLite, so that
    /// changes are committed in the order of their ids. Whoever has seen one has seen all before it.
    pub(crate) async fn record(&self) -> Result<Tx, Error> {
        self.alone("BEGIN; SELECT pg_advisory_xact_lock(7305001)").await
    }

    /// A transaction that may review changes: one at a time as well, so that the last review of a
    /// change is the one with the greatest id. All it reads is of one state of the database, the one
    /// once it was its turn: PostgreSQL takes a table's lock before it looks. By that lock later states have
    /// greater versions, too.
    pub(crate) async fn review(&self) -> Result<Tx, Error> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ; \
            LOCK TABLE review_states IN SHARE ROW EXCLUSIVE MODE";
        self.alone(begin).await
    }

    /// A transaction that may alter the index.
    pub(crate) async fn index(&self) -> Result<Tx, Error> {
        self.alone("BEGIN; SELECT pg_advisory_xact_lock(7305003)").await
    }

    async fn alone(&self, begin: &'static str) -> Result<Tx, Error> {
        match self {
            Self::Sqlite { .. } => self.write().await,
            Self::Postgres(pool) => Ok(Tx::new(Inner::Postgres(pool.begin_with(begin).await?))),
        }
    }

    /// Transactions that all read one and the same state of the database.
    pub(crate) async fn read_together(&self, how_many: usize) -> Result<Vec<Tx>, Error> {
        const TRIES: usize = 100;
        match self {
            // Each sees what was committed when it began to read. Nothing tracked is committed without
            // a change, and no id of a user is given twice, so two that know the same last change and
            // as many users up to the same see the same changes, whose users may be deleted.
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
                // So much is written that one must do alone.
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

    /// A transaction that reads one state of the database, however many statements it takes.
    pub(crate) async fn read(&self) -> Result<Tx, Error> {
        Ok(Tx::new(match self {
            Self::Sqlite { readers, notices, .. } => {
                Inner::Sqlite(readers.begin().await?, notices.clone())
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

    /// Which SQL it speaks.
    pub(crate) const fn dialect(&self) -> Dialect {
        match self.inner {
            Inner::Sqlite(..) => Dialect::Sqlite,
            Inner::Postgres(_) => Dialect::Postgres,
        }
    }

    /// How many statements it has run.
    pub(crate) const fn statements(&self) -> u64 {
        self.statements
    }

    /// Its connection, for one more statement.
    pub(crate) fn on(&mut self) -> On<'_> {
        self.statements += 1;
        match &mut self.inner {
            Inner::Sqlite(tx, _) => On::Sqlite(tx),
            Inner::Postgres(tx) => On::Postgres(tx),
        }
    }

    /// Tells everybody something once it is committed, and only then.
    pub(crate) fn tell(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    /// Keeps what was done.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        let notices = std::mem::take(&mut self.notices);
        match self.inner {
            Inner::Sqlite(tx, told) => {
                tx.commit().await?;
                for notice in notices {
                    // Nobody may be listening.
                    let _ = told.send(notice);
                }
            }
            Inner::Postgres(mut tx) => {
                for notice in &notices {
                    notices::notify(&mut tx, notice).await?;
                }
                tx.commit().await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk that is full once. The limit of pages belongs to the connection, as the space that is
    /// made afterwards belongs to the next.
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
