//! Test support: tampering by somebody with full access to the database.

use crate::support::{Case, Raw};
use domain::id::InspectionId;
use sha2::{Digest, Sha256};
use sqlx::Row as _;
use uuid::Uuid;

/// Returns a connection without guards.
pub(crate) async fn unguarded(case: &Case) -> Raw {
    let mut raw = case.raw().await;
    match &mut raw {
        Raw::Sqlite(connection) => {
            let triggers = "select name from sqlite_master where type = 'trigger'";
            let triggers: Vec<String> =
                sqlx::query_scalar(triggers).fetch_all(&mut *connection).await.unwrap();
            for trigger in triggers {
                raw.run(&format!("drop trigger {trigger}")).await.unwrap();
            }
            // This index parses the records, and so would refuse malformed ones.
            raw.run("drop index changes_by_undone").await.unwrap();
            raw.run("pragma ignore_check_constraints = on; pragma foreign_keys = off")
                .await
                .unwrap();
        }
        Raw::Postgres(_) => {
            raw.run("set session_replication_role = replica").await.unwrap();
            for (table, constraint) in [
                ("changes", "changes_check"),
                ("inspections", "inspections_check"),
                ("sections", "sections_condition_check"),
            ] {
                let drop = format!("alter table {table} drop constraint {constraint}");
                raw.run(&drop).await.unwrap();
            }
        }
    }
    raw
}

/// Closes such a connection and restores the triggers, so that their absence does not reveal the
/// tampering.
pub(crate) async fn guarded_again(case: &Case, raw: Raw) {
    drop(raw);
    case.store.restore_guards().await.unwrap();
}

/// Removes the primary key and all unique constraints of a table.
pub(crate) async fn take_key(raw: &mut Raw, table: &str) {
    match raw {
        Raw::Sqlite(_) => {
            for statement in [
                format!("create table keyless as select * from {table}"),
                format!("drop table {table}"),
                format!("alter table keyless rename to {table}"),
            ] {
                raw.run(&statement).await.unwrap();
            }
        }
        Raw::Postgres(_) => {
            let key = format!("alter table {table} drop constraint {table}_pkey cascade");
            raw.run(&key).await.unwrap();
            let unique = format!(
                "alter table {table} drop constraint if exists {table}_reference_key, \
                 drop constraint if exists {table}_request_id_ordinal_key, \
                 drop constraint if exists {table}_inspection_id_id_key cascade"
            );
            raw.run(&unique).await.unwrap();
        }
    }
}

/// Adds a second row with the same id and other content.
pub(crate) async fn add_twin(raw: &mut Raw, table: &str, id: i64, set: &str) {
    take_key(raw, table).await;
    for statement in [
        format!("create temporary table twin as select * from {table} where id = {id}"),
        format!("update twin set {set}"),
        format!("insert into {table} select * from twin"),
    ] {
        raw.run(&statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

/// Returns the statement that adds a copy of a change with this id and number, with the given
/// columns replaced.
pub(crate) fn copy_of(change: i64, id: i64, number: i64, instead: &[(&str, &str)]) -> String {
    let columns = [
        "inspection_id",
        "created_at",
        "user_id",
        "user_name",
        "request_id",
        "ordinal",
        "action",
        "kind",
        "fields",
        "related_model",
        "related_str",
        "related_data",
        "author_id",
        "hash",
    ];
    let values = columns.map(|column| {
        let instead = instead.iter().find(|(name, _)| *name == column);
        match instead {
            Some((_, value)) => (*value).to_owned(),
            // Two changes never share a key.
            None if column == "ordinal" => format!("{}", id.wrapping_add(1_000)),
            None => column.to_owned(),
        }
    });
    format!(
        "insert into changes (id, number, {}) select {id}, {number}, {} from changes where id = {change}",
        columns.join(", "),
        values.join(", ")
    )
}

/// Selects the changes as hashed values, in their order, without the inspection.
macro_rules! all_of {
    ($connection:expr, $select:expr) => {{
        let select = sqlx::AssertSqlSafe($select.clone());
        let rows = sqlx::query(select).fetch_all(&mut *$connection).await.unwrap();
        rows.iter()
            .map(|row| {
                let json = |at: usize| -> serde_json::Value {
                    serde_json::from_str(&row.get::<String, _>(at)).unwrap()
                };
                let id: i64 = row.get(0);
                let values = vec![
                    row.get::<i64, _>(1).into(),
                    id.into(),
                    row.get::<i64, _>(2).into(),
                    row.get::<i64, _>(3).into(),
                    row.get::<String, _>(4).into(),
                    row.get::<Uuid, _>(5).to_string().into(),
                    row.get::<i64, _>(6).into(),
                    row.get::<String, _>(7).into(),
                    row.get::<String, _>(8).into(),
                    json(9),
                    row.get::<Option<String>, _>(10).into(),
                    row.get::<Option<String>, _>(11).into(),
                    json(12),
                ];
                (id, values)
            })
            .collect()
    }};
}

/// Computes the hashes of all changes of an inspection from their content and sets its head to the
/// last one. It follows the documentation and uses no code of the store.
pub(crate) async fn rechain(raw: &mut Raw, id: InspectionId) {
    let select = format!(
        "select id, cast(number as bigint), created_at, author_id, user_name, request_id, ordinal, \
         action, kind, cast(fields as text), related_model, related_str, cast(related_data as text) \
         from changes where inspection_id = {id} order by id"
    );
    let mut previous: Option<String> = None;
    let texts: Vec<(i64, Vec<serde_json::Value>)> = match raw {
        Raw::Sqlite(connection) => all_of!(connection, &select),
        Raw::Postgres(connection) => all_of!(connection, &select),
    };
    for (change, values) in texts {
        let mut array = vec![serde_json::json!(previous)];
        array.extend(values);
        array.insert(3, serde_json::json!(id));
        let text = format!("plumbline change 1\n{}", serde_json::to_string(&array).unwrap());
        let hash: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        let bytes = match raw {
            Raw::Sqlite(_) => format!("x'{hash}'"),
            Raw::Postgres(_) => format!("'\\x{hash}'::bytea"),
        };
        for statement in [
            format!(
                "update changes set hash = {bytes} where id = {change} and inspection_id = {id}"
            ),
            format!("update inspections set hash = {bytes} where id = {id}"),
        ] {
            raw.run(&statement).await.unwrap();
        }
        previous = Some(hash);
    }
}
