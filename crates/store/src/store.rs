//! The store: opened once and cloned for each user of it.

use crate::{
    Error, Notices, Objects, SetupLock, boxed, db::Db, feed_cache::FeedCache,
    index_state::IndexState, notices::Listener, recorder_queue::RecorderQueue, rows, sql::sql,
    verified_records::VerifiedRecords,
};
use std::{path::Path, sync::Arc};
use tokio::{runtime::Handle, sync::OnceCell};

/// Number of inspections that get their search texts in one transaction.
const AT_ONCE: i64 = 200;

/// The database and the object store. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    objects: Objects,
    listener: OnceCell<Listener>,
    index: IndexState,
    feed_cache: FeedCache,
    recorders: RecorderQueue,
    verified: VerifiedRecords,
    /// The runtime that it was opened on, whose threads have the priority of recorders; `None` if
    /// it was opened outside of one.
    runtime: Option<Handle>,
}

impl Store {
    /// Opens `sqlite://path` (the file and its folders are created if they do not exist) or
    /// `postgres://…`, and the object store at a path or an `s3://` URL. It does not migrate the
    /// schema: see [`migrate`](Self::migrate).
    ///
    /// # Errors
    /// If a URL is invalid, or the database does not answer.
    #[boxed]
    pub async fn open(database_url: &str, objects_url: &str) -> Result<Self, Error> {
        let db = Db::open(database_url).await?;
        Ok(Self::of(db, Objects::open(objects_url)?))
    }

    /// Opens a database for reading only: a SQLite file is neither created nor written, and may be
    /// on a read-only file system. The object store is empty.
    ///
    /// # Errors
    /// If the URL is invalid, or the database does not answer.
    #[boxed]
    pub async fn open_to_read(database_url: &str) -> Result<Self, Error> {
        let db = Db::open_to_read(database_url).await?;
        Ok(Self::of(db, Objects::none()))
    }

    /// Opens a SQLite file for reading only: see [`open_to_read`](Self::open_to_read).
    ///
    /// # Errors
    /// If there is no such file, or it cannot be read.
    #[boxed]
    pub async fn open_file_to_read(file: &Path) -> Result<Self, Error> {
        let db = Db::open_file_to_read(file).await?;
        Ok(Self::of(db, Objects::none()))
    }

    fn of(db: Db, objects: Objects) -> Self {
        let (listener, index, feed_cache, recorders, verified) = Default::default();
        let runtime = Handle::try_current().ok();
        Self(Arc::new(Inner {
            db,
            objects,
            listener,
            index,
            feed_cache,
            recorders,
            verified,
            runtime,
        }))
    }

    /// Brings the schema up to date, and adds the kinds of mutations that the database does not know
    /// and the search texts of inspections that have none. It changes nothing if all are there. If a migration drops the index of changes,
    /// [`index_changes`](Self::index_changes) rebuilds it.
    ///
    /// # Errors
    /// If a migration fails, or an applied migration differs from the one known here.
    #[boxed]
    pub async fn migrate(&self) -> Result<(), Error> {
        self.db().migrate().await?;
        let mut tx = self.db().record().await?;
        rows::add_missing_kinds(&mut tx).await?;
        tx.commit().await?;
        loop {
            let mut tx = self.db().record().await?;
            if !rows::add_missing_texts(&mut tx, AT_ONCE).await? {
                return Ok(());
            }
            tx.commit().await?;
        }
    }

    /// Waits until no other process sets up the database, and excludes others until the returned
    /// guard is dropped. [`open`](Self::open) and [`migrate`](Self::migrate) take the same lock, so
    /// they must not be called meanwhile.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn lock_set_up(&self) -> Result<SetupLock, Error> {
        SetupLock::of(self.db()).await
    }

    /// Checks that the database answers on a reading and on a writing connection.
    ///
    /// # Errors
    /// If it does not answer.
    #[boxed]
    pub async fn ping(&self) -> Result<(), Error> {
        let one = sql("select cast(1 as bigint)");
        let (_,): (i64,) = one.clone().one(self.db()).await?;
        let (_,): (i64,) = one.one(&mut self.db().write().await?).await?;
        Ok(())
    }

    /// Returns the object store of photos and reports.
    pub fn objects(&self) -> &Objects {
        &self.0.objects
    }

    /// Subscribes to notices of commits: of any node on PostgreSQL, of this process on SQLite. A
    /// caller that subscribes before it reads misses nothing.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn notices(&self) -> Result<Notices, Error> {
        Ok(Notices::new(match self.db() {
            Db::Sqlite { notices, .. } => notices.subscribe(),
            Db::Postgres(pool) => {
                let listener = self.0.listener.get_or_try_init(|| Listener::start(pool)).await?;
                listener.subscribe()
            }
        }))
    }

    /// How many times somebody in this process had to wait for others to record, since it was opened.
    /// As long as it grows, those who record need more than they get.
    pub fn recorder_waits(&self) -> u64 {
        self.0.recorders.waits()
    }

    pub(crate) fn recorders(&self) -> &RecorderQueue {
        &self.0.recorders
    }

    /// Runs a task on the runtime that the store was opened on.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        match &self.0.runtime {
            Some(runtime) => runtime.spawn(task),
            None => tokio::spawn(task),
        };
    }

    pub(crate) fn index(&self) -> &IndexState {
        &self.0.index
    }

    pub(crate) fn verified_records(&self) -> &VerifiedRecords {
        &self.0.verified
    }

    pub(crate) fn feed_cache(&self) -> &FeedCache {
        &self.0.feed_cache
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }
}
