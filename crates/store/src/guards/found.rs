//! The guards that exist in a database.

use super::Guard;
use crate::{
    Error,
    db::{Db, fresh_sqlite},
    dialect::Dialect,
    sql::sql,
};

/// A guard as it exists in a database.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) guard: Guard,
    pub(super) is_enabled: bool,
}

const SQLITE_TRIGGERS: &str =
    "select tbl_name, name, sql from sqlite_master where type = 'trigger'";

/// Triggers of the tables in the first schema of the search path. Enabled are `O`, which fire in
/// ordinary sessions, and `A`, which always fire.
const POSTGRES_TRIGGERS: &str = "select cast(c.relname as text), cast(t.tgname as text), \
     pg_get_triggerdef(t.oid, true), t.tgenabled in ('O', 'A') \
     from pg_trigger t join pg_class c on c.oid = t.tgrelid \
     join pg_namespace n on n.oid = c.relnamespace \
     where n.nspname = current_schema() and not t.tgisinternal";

/// Functions in PL/pgSQL or SQL, as the statements that create them, without the name of the
/// schema.
const POSTGRES_FUNCTIONS: &str = "select cast(p.proname as text), \
     replace(pg_get_functiondef(p.oid), \
         quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(', \
         quote_ident(p.proname) || '(') \
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace \
     join pg_language l on l.oid = p.prolang \
     where n.nspname = current_schema() and p.prokind = 'f' and l.lanname in ('plpgsql', 'sql')";

const POSTGRES_DISABLED_KEYS: &str = "select distinct cast(c.relname as text), \
     cast(k.conname as text) \
     from pg_trigger t join pg_class c on c.oid = t.tgrelid \
     join pg_namespace n on n.oid = c.relnamespace \
     join pg_constraint k on k.oid = t.tgconstraint \
     where n.nspname = current_schema() and t.tgisinternal and t.tgenabled not in ('O', 'A') \
     order by 1, 2";

/// Returns all triggers, and on PostgreSQL all functions.
pub(super) async fn all(db: &Db) -> Result<Vec<Found>, Error> {
    match db.dialect() {
        Dialect::Sqlite => {
            let triggers: Vec<(String, String, String)> = sql(SQLITE_TRIGGERS).all(db).await?;
            Ok(triggers.into_iter().map(trigger).collect())
        }
        Dialect::Postgres => {
            let triggers = sql(POSTGRES_TRIGGERS);
            let triggers: Vec<(String, String, String, bool)> = triggers.all(db).await?;
            let functions: Vec<(String, String)> = sql(POSTGRES_FUNCTIONS).all(db).await?;
            let triggers = triggers.into_iter().map(|(table, name, text, is_enabled)| Found {
                is_enabled,
                ..trigger((table, name, text))
            });
            let functions = functions.into_iter().map(|(name, text)| Found {
                guard: Guard { table: None, name, text },
                is_enabled: true,
            });
            Ok(functions.chain(triggers).collect())
        }
    }
}

/// Returns the triggers of a newly migrated SQLite database.
pub(super) async fn of_fresh_sqlite() -> Result<Vec<Guard>, Error> {
    let fresh = fresh_sqlite().await?;
    let triggers: Vec<(String, String, String)> =
        sqlx::query_as(SQLITE_TRIGGERS).fetch_all(&fresh).await?;
    fresh.close().await;
    Ok(triggers.into_iter().map(|found| trigger(found).guard).collect())
}

fn trigger((table, name, text): (String, String, String)) -> Found {
    Found { guard: Guard { table: Some(table), name, text }, is_enabled: true }
}

/// Returns the foreign keys whose checks PostgreSQL was told to skip, with their tables.
pub(super) async fn disabled_foreign_keys(db: &Db) -> Result<Vec<(String, String)>, Error> {
    sql(POSTGRES_DISABLED_KEYS).all(db).await
}

/// Returns the replication role of this connection: `origin`, unless triggers are disabled for the
/// database or its user.
pub(super) async fn replication_role(db: &Db) -> Result<String, Error> {
    let (role,): (String,) =
        sql("select current_setting('session_replication_role')").one(db).await?;
    Ok(role)
}
