//! The way in: a store opened once and cloned for whoever needs it.

use crate::{Error, Notices, Objects, db::Db, notices::Listener, sql::sql};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The database and the objects beside it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    objects: Objects,
    listener: OnceCell<Listener>,
}

impl Store {
    /// Opens `sqlite://path` (the file and its folders are made if need be) or `postgres://…`, and the
    /// objects at a path or an `s3://` URL. The schema is left as it is: see [`migrate`](Self::migrate).
    ///
    /// # Errors
    /// Where a URL makes no sense, or nothing answers there.
    pub async fn open(database_url: &str, objects_url: &str) -> Result<Self, Error> {
        let db = Db::open(database_url).await?;
        let objects = Objects::open(objects_url)?;
        Ok(Self(Arc::new(Inner { db, objects, listener: OnceCell::new() })))
    }

    /// Brings the schema up to date. Harmless when it is.
    ///
    /// # Errors
    /// Where a migration fails, or one that was applied differs from the one known here.
    pub async fn migrate(&self) -> Result<(), Error> {
        self.db().migrate().await
    }

    /// Asks the database for an answer.
    ///
    /// # Errors
    /// Where it gives none.
    pub async fn ping(&self) -> Result<(), Error> {
        let (_,): (i64,) = sql("select cast(1 as bigint)").one(self.db()).await?;
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
    pub async fn notices(&self) -> Result<Notices, Error> {
        Ok(Notices::new(match self.db() {
            Db::Sqlite { notices, .. } => notices.subscribe(),
            Db::Postgres(pool) => {
                let listener = self.0.listener.get_or_try_init(|| Listener::start(pool)).await?;
                listener.subscribe()
            }
        }))
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }
}
