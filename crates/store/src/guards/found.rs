//! The guards that exist in a database.

use super::{Guard, GuardKind};
use crate::{
    Error,
    db::{Db, fresh_sqlite},
    dialect::Dialect,
    sql::sql,
};

/// A guard as it exists in a database.
#[derive(Debug)]
pub(super) struct FoundGuard {
    pub(super) guard: Guard,
    pub(super) is_enabled: bool,
}

const SQLITE_TRIGGERS: &str =
    "select tbl_name, name, sql from sqlite_master where type = 'trigger'";

/// Query for the triggers of tables in the first schema of the search path. Enabled are `O`, which
/// fire in ordinary sessions, and `A`, which always fire.
const POSTGRES_TRIGGERS: &str = "select cast(c.relname as text), cast(t.tgname as text), \
     pg_get_triggerdef(t.oid, true), t.tgenabled in ('O', 'A') \
     from pg_trigger t join pg_class c on c.oid = t.tgrelid \
     join pg_namespace n on n.oid = c.relnamespace \
     where n.nspname = current_schema() and not t.tgisinternal";

/// Query for the functions in PL/pgSQL or SQL, as the statements that create them, without the name
/// of the schema.
const POSTGRES_FUNCTIONS: &str = "select cast(p.proname as text), \
     replace(pg_get_functiondef(p.oid), \
         quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(', \
         quote_ident(p.proname) || '(') \
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace \
     join pg_language l on l.oid = p.prolang \
     where n.nspname = current_schema() and p.prokind = 'f' and l.lanname in ('plpgsql', 'sql')";

/// Query for the foreign keys, each named by its columns.
const SQLITE_KEYS: &str = "select t.name, group_concat(k.\"from\", ', '), \
     'references ' || k.\"table\" || ' (' || coalesce(group_concat(k.\"to\", ', '), '') || \
         ') on update ' || k.on_update || ' on delete ' || k.on_delete \
     from sqlite_master t, pragma_foreign_key_list(t.name) k where t.type = 'table' \
     group by t.name, k.id";

/// Query for the foreign keys. A key is disabled if one of the triggers that implement it is.
const POSTGRES_KEYS: &str = "select cast(c.relname as text), cast(k.conname as text), \
     pg_get_constraintdef(k.oid), \
     not exists (select 1 from pg_trigger t \
         where t.tgconstraint = k.oid and t.tgenabled not in ('O', 'A')) \
     from pg_constraint k join pg_class c on c.oid = k.conrelid \
     join pg_namespace n on n.oid = c.relnamespace \
     where n.nspname = current_schema() and k.contype = 'f'";

/// Returns all triggers and foreign keys, and on PostgreSQL all functions.
pub(super) async fn all(db: &Db) -> Result<Vec<FoundGuard>, Error> {
    match db.dialect() {
        Dialect::Sqlite => {
            let triggers: Vec<Row> = sql(SQLITE_TRIGGERS).all(db).await?;
            let keys: Vec<Row> = sql(SQLITE_KEYS).all(db).await?;
            let guards = guards(GuardKind::Trigger, triggers);
            let guards = guards.chain(self::guards(GuardKind::ForeignKey, keys));
            Ok(guards.map(|guard| FoundGuard { guard, is_enabled: true }).collect())
        }
        Dialect::Postgres => {
            let functions: Vec<(String, String)> = sql(POSTGRES_FUNCTIONS).all(db).await?;
            let functions = functions.into_iter().map(|(name, text)| FoundGuard {
                guard: Guard { kind: GuardKind::Function, table: None, name, text },
                is_enabled: true,
            });
            let mut found: Vec<_> = functions.collect();
            for (kind, text) in
                [(GuardKind::Trigger, POSTGRES_TRIGGERS), (GuardKind::ForeignKey, POSTGRES_KEYS)]
            {
                let rows: Vec<(String, String, String, bool)> = sql(text).all(db).await?;
                found.extend(rows.into_iter().map(|(table, name, text, is_enabled)| FoundGuard {
                    guard: guard(kind, (table, name, text)),
                    is_enabled,
                }));
            }
            Ok(found)
        }
    }
}

/// Returns the triggers and foreign keys of a SQLite database that was just migrated.
pub(super) async fn of_fresh_sqlite() -> Result<Vec<Guard>, Error> {
    let fresh = fresh_sqlite().await?;
    let triggers: Vec<Row> = sqlx::query_as(SQLITE_TRIGGERS).fetch_all(&fresh).await?;
    let keys: Vec<Row> = sqlx::query_as(SQLITE_KEYS).fetch_all(&fresh).await?;
    fresh.close().await;
    let triggers = guards(GuardKind::Trigger, triggers);
    Ok(triggers.chain(guards(GuardKind::ForeignKey, keys)).collect())
}

/// A table, a name and a text.
type Row = (String, String, String);

fn guards(kind: GuardKind, rows: Vec<Row>) -> impl Iterator<Item = Guard> {
    rows.into_iter().map(move |row| guard(kind, row))
}

fn guard(kind: GuardKind, (table, name, text): Row) -> Guard {
    Guard { kind, table: Some(table), name, text }
}

/// Returns the replication role of this connection: `origin`, unless triggers are disabled for the
/// database or its user.
pub(super) async fn replication_role(db: &Db) -> Result<String, Error> {
    let (role,): (String,) =
        sql("select current_setting('session_replication_role')").one(db).await?;
    Ok(role)
}
