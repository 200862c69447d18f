//! The same mutation without a record, in plain SQL.

use domain::id::InspectionId;
use sqlx::{AssertSqlSafe, Connection};
use sqlx_postgres::{PgPool, PgPoolOptions};
use sqlx_sqlite::{SqliteConnection, SqlitePool, SqlitePoolOptions};
use store::sqlite_options;
use uuid::Uuid;

/// The tracked tables without guards, for mutations without a record.
#[derive(Clone)]
pub(crate) enum Plain {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Plain {
    /// Copies a SQLite database and drops its triggers; on PostgreSQL they do not fire.
    pub(crate) async fn open(url: &str) -> Self {
        if !url.starts_with("sqlite:") {
            let options =
                PgPoolOptions::new().max_connections(16).after_connect(|connection, _| {
                    Box::pin(async move {
                        let unguarded = "set session_replication_role = replica";
                        sqlx::raw_sql(unguarded).execute(connection).await.map(drop)
                    })
                });
            return Self::Postgres(options.connect(url).await.unwrap());
        }
        let options = sqlite_options(url).unwrap();
        let file = options.get_filename().with_extension(format!("{}.db", Uuid::now_v7().simple()));
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let copy = AssertSqlSafe(format!("vacuum into '{}'", file.display()));
        sqlx::raw_sql(copy).execute(&mut connection).await.unwrap();
        let options = options.filename(&file).foreign_keys(false);
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .connect_with(options);
        let pool = pool.await.unwrap();
        let triggers = "select name from sqlite_master where type = 'trigger'";
        let triggers: Vec<String> = sqlx::query_scalar(triggers).fetch_all(&pool).await.unwrap();
        for trigger in triggers {
            let drop = AssertSqlSafe(format!("drop trigger {trigger}"));
            sqlx::raw_sql(drop).execute(&pool).await.unwrap();
        }
        Self::Sqlite(pool)
    }

    /// Edits a field without a record: reads the inspection with its contents and writes its row.
    pub(crate) async fn edit(&self, id: InspectionId, client: &str) {
        macro_rules! edit {
            ($tx:expr) => {{
                let head = "select * from inspections where id = $1";
                sqlx::query(head).bind(id.0).fetch_one(&mut *$tx).await.unwrap();
                for contents in [
                    "select * from sections where inspection_id = $1 and not removed",
                    "select * from equipment where inspection_id = $1 and not removed",
                    "select * from photos where inspection_id = $1 and not removed",
                    "select * from reports where inspection_id = $1 and not removed",
                ] {
                    sqlx::query(contents).bind(id.0).fetch_all(&mut *$tx).await.unwrap();
                }
                let update = "update inspections set client = $2 where id = $1";
                sqlx::query(update).bind(id.0).bind(client).execute(&mut *$tx).await.unwrap();
                $tx.commit().await.unwrap();
            }};
        }
        match self {
            Self::Sqlite(pool) => {
                let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
                edit!(tx)
            }
            Self::Postgres(pool) => {
                let mut tx = pool.begin().await.unwrap();
                edit!(tx)
            }
        }
    }
}
