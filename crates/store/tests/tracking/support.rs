//! Test support: a database for each test, on either engine, and shorthands for common steps.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    change::{Change, Mutation},
    id::{ChangeId, InspectionId, UserId},
    inspection::{Equipment, Field, Inspection, Photo, Report, Section, Value, Values},
    people::{Actor, Role},
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use sqlx_postgres::{PgConnectOptions, PgConnection};
use sqlx_sqlite::SqliteConnection;
use std::str::FromStr;
use store::{Authorship, Error, MutationRequest, Store, sqlite_options};
use tempfile::TempDir;
use uuid::Uuid;

/// Runs a test on each engine: `on_both!(name, |case| { … })` makes `name::sqlite` and
/// `name::postgres`.
macro_rules! on_both {
    ($(#[$doc:meta])* $name:ident, |$case:ident| $body:block) => {
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn run($case: &crate::support::Case) $body

            #[tokio::test]
            async fn sqlite() {
                let case = crate::support::Case::sqlite().await;
                run(&case).await;
            }

            #[tokio::test]
            async fn postgres() {
                let case = crate::support::Case::postgres().await;
                run(&case).await;
                case.close().await;
            }
        }
    };
}
pub(crate) use on_both;

/// An empty, migrated database.
pub(crate) struct Case {
    pub(crate) store: Store,
    pub(crate) url: String,
    server: Option<(PgConnectOptions, String)>,
    pub(crate) folder: TempDir,
}

/// A connection outside the store, with the store's settings.
pub(crate) enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Case {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("data/test.db").display());
        Self::open(url, None, folder).await
    }

    pub(crate) async fn postgres() -> Self {
        let server = std::env::var("TEST_POSTGRES_URL").expect(
            "TEST_POSTGRES_URL names no PostgreSQL server; `cargo xtask test --only store` provides one",
        );
        let options = PgConnectOptions::from_str(&server).unwrap();
        let name = format!("test_{}", Uuid::now_v7().simple());
        let mut connection = options.connect().await.unwrap();
        let create = AssertSqlSafe(format!("create database {name}"));
        sqlx::raw_sql(create).execute(&mut connection).await.unwrap();
        let url = options.clone().database(&name).to_url_lossy().to_string();
        Self::open(url, Some((options, name)), tempfile::tempdir().unwrap()).await
    }

    async fn open(
        url: String,
        server: Option<(PgConnectOptions, String)>,
        folder: TempDir,
    ) -> Self {
        let objects = folder.path().join("objects").display().to_string();
        let store = Store::open(&url, &objects).await.unwrap();
        store.migrate().await.unwrap();
        Self { store, url, server, folder }
    }

    /// Drops the database of a test that passed. That of a failed test is kept for inspection.
    pub(crate) async fn close(self) {
        let Some((options, name)) = self.server else { return };
        let mut connection = options.connect().await.unwrap();
        let drop = AssertSqlSafe(format!("drop database {name} with (force)"));
        sqlx::raw_sql(drop).execute(&mut connection).await.unwrap();
    }

    /// Returns another database with the same contents.
    pub(crate) async fn copy(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let Some((options, original)) = &self.server else {
            let file = folder.path().join("copy.db");
            let copy = format!("vacuum into '{}'", file.display());
            self.raw().await.run(&copy).await.unwrap();
            return Self::open(format!("sqlite://{}", file.display()), None, folder).await;
        };
        let name = format!("test_{}", Uuid::now_v7().simple());
        let mut raw = Raw::Postgres(options.connect().await.unwrap());
        // PostgreSQL copies a database only if nobody is connected to it.
        let alone = format!(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{original}'"
        );
        raw.run(&alone).await.unwrap();
        raw.run(&format!("create database {name} template {original}")).await.unwrap();
        let url = options.clone().database(&name).to_url_lossy().to_string();
        Self::open(url, Some((options.clone(), name)), folder).await
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.server.is_none()
    }

    /// Returns 32 equal bytes as an SQL literal.
    pub(crate) fn bytes(&self, byte: u8) -> String {
        let hex = format!("{byte:02x}").repeat(32);
        if self.is_sqlite() { format!("x'{hex}'") } else { format!("'\\x{hex}'::bytea") }
    }

    pub(crate) async fn raw(&self) -> Raw {
        if self.is_sqlite() {
            let options = sqlite_options(&self.url).unwrap();
            Raw::Sqlite(options.connect().await.unwrap())
        } else {
            Raw::Postgres(PgConnection::connect(&self.url).await.unwrap())
        }
    }

    /// Returns the store of another node: on PostgreSQL another store on the same database, on
    /// SQLite this one, because no other process may write to its file.
    pub(crate) async fn another_node(&self) -> Store {
        if self.is_sqlite() { self.store.clone() } else { self.opened_again().await }
    }

    /// Returns another store on the same database.
    pub(crate) async fn opened_again(&self) -> Store {
        let objects = self.folder.path().join("objects").display().to_string();
        Store::open(&self.url, &objects).await.unwrap()
    }

    /// Empties the index, as a migration does, and returns the number of blocks that it had.
    pub(crate) async fn empty_index(&self) -> i64 {
        let mut raw = self.raw().await;
        let blocks = raw.number("select count(*) from index_blocks").await;
        raw.run("delete from index_pages; delete from index_blocks").await.unwrap();
        blocks
    }

    /// Creates a person with an account.
    pub(crate) async fn person(&self, name: &str, role: Role) -> Actor {
        let mut raw = self.raw().await;
        raw.run(&format!(
            "insert into users (email, name, role, password_hash, created_at) \
             values ('{}@example.org', '{name}', '{role}', '', 0)",
            name.to_lowercase().replace(' ', ".")
        ))
        .await
        .unwrap();
        let id = raw.number("select max(id) from users").await;
        Actor { id: UserId(id), name: name.into(), role }
    }

    /// Records one mutation.
    pub(crate) async fn perform(
        &self,
        actor: &Actor,
        id: InspectionId,
        expected: Option<ChangeId>,
        mutation: Mutation,
    ) -> Result<Option<Change>, Error> {
        self.store.record(MutationRequest { expected, ..request(actor, id, mutation) }).await
    }

    /// Performs one mutation that must make a change.
    pub(crate) async fn does(&self, actor: &Actor, id: InspectionId, mutation: Mutation) -> Change {
        self.perform(actor, id, None, mutation).await.unwrap().expect("it changes something")
    }

    pub(crate) async fn create(&self, actor: &Actor, name: &str) -> InspectionId {
        let mut work = self.store.begin(actor, Uuid::now_v7(), at(0)).await.unwrap();
        let change = work.create(named(name)).await.unwrap();
        work.commit().await.unwrap();
        change.inspection_id
    }

    /// Returns the inspection from the tables.
    pub(crate) async fn inspection(&self, id: InspectionId) -> Inspection {
        self.store.inspection(id).await.unwrap().expect("it is there")
    }

    /// Returns all changes of an inspection, oldest first.
    pub(crate) async fn records(&self, id: InspectionId) -> Vec<Change> {
        let mut changes = self.store.history(id, None, i64::MAX).await.unwrap();
        changes.reverse();
        changes
    }

    /// Checks that the tables equal the fold of the records.
    pub(crate) async fn assert_folds(&self, id: InspectionId) {
        let records = self.records(id).await;
        let folded = Inspection::rebuild(id, &records).unwrap();
        assert_eq!(self.inspection(id).await, folded);
    }
}

impl Raw {
    pub(crate) async fn run(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => sqlx::raw_sql(sql).execute(connection).await.map(|_| ()),
            Self::Postgres(connection) => sqlx::raw_sql(sql).execute(connection).await.map(|_| ()),
        }
    }

    /// Runs statements in one transaction, and rolls it back if one of them or the commit fails.
    pub(crate) async fn transaction(&mut self, statements: &[String]) -> Result<(), sqlx::Error> {
        self.run("begin").await?;
        for statement in statements {
            if let Err(error) = self.run(statement).await {
                self.run("rollback").await?;
                return Err(error);
            }
        }
        let committed = self.run("commit").await;
        if committed.is_err() {
            // SQLite keeps a transaction open if its commit fails; PostgreSQL has ended it.
            let _ = self.run("rollback").await;
        }
        committed
    }

    pub(crate) async fn number(&mut self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => sqlx::query_scalar(sql).fetch_one(connection).await,
            Self::Postgres(connection) => sqlx::query_scalar(sql).fetch_one(connection).await,
        }
        .unwrap()
    }
}

/// Returns the time this many seconds after a fixed morning.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    let morning: DateTime<Utc> = "2026-03-02T08:00:00.123456Z".parse().unwrap();
    morning + TimeDelta::seconds(seconds)
}

/// Returns a mutation as a request of its own.
pub(crate) fn request(actor: &Actor, id: InspectionId, mutation: Mutation) -> MutationRequest {
    let author = Authorship { actor: actor.clone(), request_id: Uuid::now_v7(), now: at(1) };
    MutationRequest { author, ordinal: 1, inspection: id, expected: None, mutation }
}

pub(crate) fn named(name: &str) -> Values {
    Values::new().with(Field::Name, Value::text(name))
}

pub(crate) fn edit(target: domain::inspection::Target, field: Field, value: Value) -> Mutation {
    Mutation::Edit { target, values: Values::new().with(field, value) }
}

pub(crate) fn section(title: &str) -> Mutation {
    let section = Section { title: title.into(), ..Section::default() };
    Mutation::AddSection { section, position: None, photos: Vec::new() }
}

pub(crate) fn equipment(kind: &str) -> Mutation {
    Mutation::AddEquipment { equipment: Equipment { kind: kind.into(), ..Equipment::default() } }
}

pub(crate) fn photo(name: &str, section: Option<domain::id::SectionId>) -> Mutation {
    let photo = Photo {
        section,
        name: name.into(),
        sha256: "5e".repeat(32),
        media_type: "image/jpeg".into(),
        bytes: 48_000,
        width: 640,
        height: 480,
        ..Photo::default()
    };
    Mutation::AddPhoto { photo }
}

pub(crate) fn report(shows: ChangeId) -> Mutation {
    let report = Report {
        name: "BI-2026-0001.pdf".into(),
        shows,
        sha256: "ab".repeat(32),
        bytes: 90_000,
        pages: 3,
        ..Report::default()
    };
    Mutation::CreateReport { report }
}

pub(crate) fn status(to: domain::inspection::Status, reason: Option<&str>) -> Mutation {
    Mutation::SetStatus { to, reason: reason.map(str::to_owned) }
}
