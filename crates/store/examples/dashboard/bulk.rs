//! Bulk insert of generated data. On SQLite the triggers that guard the tables are dropped and
//! created again; on PostgreSQL the session's replication role disables them.

use crate::made_up::{DAYS, History, INSPECTIONS, USERS, hash, person};
use chrono::{Days, NaiveDate};
use domain::{
    change::{Change, Record},
    feed::{ChangeFilter, ReviewState},
    id::{ChangeId, UserId},
    people::{Actor, Role},
};
use serde_json::json;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use sqlx_postgres::PgConnection;
use sqlx_sqlite::SqliteConnection;
use store::{ReviewTarget, Store, sqlite_options};

/// Number of changes written at once.
const BATCH: usize = 5_000;

/// A connection outside the store.
pub(crate) enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Raw {
    pub(crate) async fn open(url: &str) -> Self {
        if url.starts_with("sqlite") {
            let options = sqlite_options(url).unwrap().foreign_keys(false);
            Self::Sqlite(options.connect().await.unwrap())
        } else {
            Self::Postgres(PgConnection::connect(url).await.unwrap())
        }
    }

    pub(crate) async fn run(&mut self, text: &str) {
        let text = AssertSqlSafe(text.to_owned());
        match self {
            Self::Sqlite(connection) => {
                sqlx::raw_sql(text).execute(connection).await.unwrap();
            }
            Self::Postgres(connection) => {
                sqlx::raw_sql(text).execute(connection).await.unwrap();
            }
        }
    }

    pub(crate) async fn rows(&mut self, text: &str) -> Vec<(String, i64)> {
        let text = AssertSqlSafe(text.to_owned());
        match self {
            Self::Sqlite(connection) => sqlx::query_as(text).fetch_all(connection).await.unwrap(),
            Self::Postgres(connection) => sqlx::query_as(text).fetch_all(connection).await.unwrap(),
        }
    }

    /// Inserts rows given as JSON objects. Columns have the types of PostgreSQL.
    pub(crate) async fn insert(
        &mut self,
        table: &str,
        columns: &[(&str, &str)],
        rows: &[serde_json::Value],
    ) {
        let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let rows = serde_json::to_string(rows).unwrap();
        match self {
            Self::Sqlite(connection) => {
                let values = columns.iter().map(|(name, kind)| match *kind {
                    "uuid" => format!("unhex(replace(value ->> '{name}', '-', ''))"),
                    "bytea" => format!("unhex(substr(value ->> '{name}', 3))"),
                    _ => format!("value ->> '{name}'"),
                });
                let values = values.collect::<Vec<_>>().join(", ");
                let text =
                    format!("insert into {table} ({names}) select {values} from json_each($1)");
                sqlx::query(AssertSqlSafe(text)).bind(rows).execute(connection).await.unwrap();
            }
            Self::Postgres(connection) => {
                let typed = columns.iter().map(|(name, kind)| format!("{name} {kind}"));
                let typed = typed.collect::<Vec<_>>().join(", ");
                let text = format!(
                    "insert into {table} ({names}) \
                     select {names} from json_to_recordset($1::json) as new ({typed})"
                );
                sqlx::query(AssertSqlSafe(text)).bind(rows).execute(connection).await.unwrap();
            }
        }
    }
}

/// Inserts all data.
pub(crate) async fn fill(url: &str, changes: i64) {
    let mut raw = Raw::open(url).await;
    let guards = match &mut raw {
        Raw::Sqlite(_) => {
            raw.rows("select name || '|' || sql, 0 from sqlite_master where type = 'trigger'").await
        }
        Raw::Postgres(_) => Vec::new(),
    };
    for (guard, _) in &guards {
        raw.run(&format!("drop trigger {}", guard.split_once('|').unwrap().0)).await;
    }
    if matches!(raw, Raw::Postgres(_)) {
        raw.run("set session_replication_role = replica").await;
    }
    raw.run("begin").await;
    for user in 0..USERS {
        raw.run(&format!(
            "insert into users (email, name, role, password_hash, created_at) \
             values ('{user}@example.org', '{}', 'reviewer', '', 0)",
            person(user)
        ))
        .await;
    }
    let change_columns = [
        ("id", "bigint"),
        ("inspection_id", "bigint"),
        ("created_at", "bigint"),
        ("user_id", "bigint"),
        ("user_name", "text"),
        ("request_id", "uuid"),
        ("ordinal", "bigint"),
        ("action", "text"),
        ("kind", "text"),
        ("fields", "json"),
        ("related_model", "text"),
        ("related_str", "text"),
        ("related_data", "json"),
        ("author_id", "bigint"),
        ("number", "bigint"),
        ("hash", "bytea"),
    ];
    // The head of each inspection and its number. The hashes have the length of real ones but are
    // never verified.
    let mut heads = vec![(0, 0); usize::try_from(INSPECTIONS).unwrap()];
    let mut history = History::new(changes);
    let names = history.names.clone();
    loop {
        let batch: Vec<Change> = history.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        let mut rows = Vec::with_capacity(BATCH);
        for change in &batch {
            let Record { action, kind, fields, related, data } = &change.record;
            let head = &mut heads[usize::try_from(change.inspection_id.0 - 1).unwrap()];
            *head = (change.id.0, head.1 + 1);
            rows.push(json!({
                "id": change.id,
                "inspection_id": change.inspection_id,
                "created_at": change.created_at.timestamp_micros(),
                "user_id": change.user_id,
                "user_name": change.user_name,
                "request_id": change.request_id,
                "ordinal": change.ordinal,
                "action": action,
                "kind": kind,
                "fields": fields,
                "related_model": related.as_ref().map(|related| related.model),
                "related_str": related.as_ref().map(|related| &related.text),
                "related_data": data,
                "author_id": change.user_id,
                "number": head.1,
                "hash": format!("\\x{}", hash(change.id.0)),
            }));
        }
        raw.insert("changes", &change_columns, &rows).await;
    }
    let (removed, bytes) = match raw {
        Raw::Sqlite(_) => ("0", "x'"),
        Raw::Postgres(_) => ("false", "'\\x"),
    };
    for (index, (head, number)) in heads.into_iter().enumerate().filter(|(_, head)| head.0 > 0) {
        let (id, hash) = (index + 1, hash(head));
        raw.run(&format!(
            "insert into inspections (id, change_id, altered_by, removed, reference, name, address, \
             building_type, client, summary, status, number, hash) values ({id}, {head}, {head}, \
             {removed}, 'BI-2024-{id:04}', '{}', '', '', '', '', 'draft', {number}, {bytes}{hash}')",
            names[index]
        ))
        .await;
    }
    raw.run("commit").await;
    for (guard, _) in &guards {
        raw.run(guard.split_once('|').unwrap().1).await;
    }
    if matches!(raw, Raw::Postgres(_)) {
        raw.run(&format!("select setval('change_ids', {changes})")).await;
        raw.run("set session_replication_role = origin").await;
        raw.run("vacuum analyze").await;
    } else {
        raw.run("analyze").await;
    }
}

/// Reviews most changes, month by month, flags some, and leaves the newest unreviewed.
pub(crate) async fn review(store: &Store, changes: i64) {
    let rita = Actor { id: UserId(1), name: "Rita Example".into(), role: Role::Reviewer };
    let now = History::new(changes).at(changes);
    let newest = ChangeId(changes);
    let start: NaiveDate = "2024-06-01".parse().unwrap();
    for month in 0..(DAYS / 30 - 1) {
        let first = start + Days::new(month * 30);
        let query = format!("from={first}&to={}", first + Days::new(29));
        for (query, state) in [
            (format!("{query}&q=rot&field=condition"), ReviewState::Flagged),
            (format!("{query}&state=unreviewed"), ReviewState::Reviewed),
        ] {
            let (filter, _) = ChangeFilter::from_query(&query);
            let (expected, _) = store.count_changes(&filter).await.unwrap();
            let target = ReviewTarget::Matching { filter, newest, expected };
            store.review(&rita, &target, state, None, now).await.unwrap();
        }
    }
}
