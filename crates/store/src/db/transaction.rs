//! Transactions.

use super::{
    Db,
    sql::{On, Sql, as_expressions, one_after_the_other, sql},
};
use crate::{Error, Notice, dialect::Dialect, notices};
use sqlx::Transaction;
use sqlx_postgres::Postgres;
use sqlx_sqlite::Sqlite;
use std::collections::BTreeSet;
use tokio::sync::broadcast::Sender;

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

impl Db {
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

impl<'a> From<&'a mut Tx> for On<'a> {
    fn from(tx: &'a mut Tx) -> Self {
        tx.on()
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

    /// Runs statements that write: first those of `before`, then those of `after`, which may depend on
    /// them but not on each other. They are sent as one on SQLite, and those of `after` as one on
    /// PostgreSQL, because a round trip costs as much as a small statement.
    pub(crate) async fn run_all(&mut self, before: Vec<Sql>, after: Vec<Sql>) -> Result<(), Error> {
        let statement = match self.dialect() {
            Dialect::Sqlite => one_after_the_other(before.into_iter().chain(after)),
            Dialect::Postgres => {
                for statement in before {
                    statement.run(&mut *self).await?;
                }
                as_expressions(after)
            }
        };
        if !statement.text().is_empty() {
            statement.run(self).await?;
        }
        Ok(())
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
