//! The way in: a store opened once and cloned for whoever needs it.

use crate::{
    Error, Notices, Objects, SetupLock, boxed, db::Db, index::Index, notices::Listener, rows,
    sql::sql,
};
use std::{path::Path, sync::Arc};
use tokio::sync::OnceCell;

/// How many inspections get their texts in one transaction.
const AT_ONCE: i64 = 200;

/// The database and the objects beside it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    objects: Objects,
    listener: OnceCell<Listener>,
    index: Index,
}

impl Store {
    /// Opens `sqlite://path` (the file and its folders are made if need be) or `postgres://…`, and the
    /// objects at a path or an `s3://` URL. The schema is left as it is: see [`migrate`](Self::migrate).
    ///
    /// # Errors
    /// Where a URL makes no sense, or nothing answers there.
    #[boxed]
    pub async fn open(database_url: &str, objects_url: &str) -> Result<Self, Error> {
        let db = Db::open(database_url).await?;
        Ok(Self::of(db, Objects::open(objects_url)?))
    }

    /// Opens a database to read it, and nothing else: a SQLite file is neither made nor written, and
    /// may lie where nothing can be. There are no objects beside it.
    ///
    /// # Errors
    /// Where the URL makes no sense, or nothing answers there.
    #[boxed]
    pub async fn open_to_read(database_url: &str) -> Result<Self, Error> {
        let db = Db::open_to_read(database_url).await?;
        Ok(Self::of(db, Objects::none()))
    }

    /// The same for a SQLite file, wherever it is.
    ///
    /// # Errors
    /// Where there is no such file, or it cannot be read.
    #[boxed]
    pub async fn open_file_to_read(file: &Path) -> Result<Self, Error> {
        let db = Db::open_file_to_read(file).await?;
        Ok(Self::of(db, Objects::none()))
    }

    fn of(db: Db, objects: Objects) -> Self {
        let (listener, index) = (OnceCell::new(), Index::default());
        Self(Arc::new(Inner { db, objects, listener, index }))
    }

    /// Brings the schema up to date, and adds the texts by which inspections are found where there are
    /// none. Harmless when it is up to date. Where a migration drops what changes are found by,
    /// [`index_changes`](Self::index_changes) makes it anew.
    ///
    /// # Errors
    /// Where a migration fails, or one that was applied differs from the one known here.
    #[boxed]
    pub async fn migrate(&self) -> Result<(), Error> {
        self.db().migrate().await?;
        loop {
            let mut tx = self.db().record().await?;
            if !rows::add_missing_texts(&mut tx, AT_ONCE).await? {
                return Ok(());
            }
            tx.commit().await?;
        }
    }

    /// Waits until no other process sets the database up, and keeps others from it until the answer is
    /// dropped. [`open`](Self::open) and [`migrate`](Self::migrate) do so by themselves, so neither may be
    /// called meanwhile.
    ///
    /// # Errors
    /// Where the database fails.
    #[boxed]
    pub async fn lock_set_up(&self) -> Result<SetupLock, Error> {
        SetupLock::of(self.db()).await
    }

    /// Asks the database for an answer, where it is read and where it is written.
    ///
    /// # Errors
    /// Where it gives none.
    #[boxed]
    pub async fn ping(&self) -> Result<(), Error> {
        let one = sql("select cast(1 as bigint)");
        let (_,): (i64,) = one.clone().one(self.db()).await?;
        let (_,): (i64,) = one.one(&mut self.db().write().await?).await?;
        Ok(())
    }

    /// Photos and reports.
    pub fn objects(&self) -> &Objects {
        &self.0.objects
    }

    /// What is committed from now on, by whomever: with PostgreSQL by any node, with SQLite by this
    /// process. Whoever subscribes first and reads then misses nothing.
    ///
    /// # Errors
    /// Where the database fails.
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

    pub(crate) fn index(&self) -> &Index {
        &self.0.index
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }
}
