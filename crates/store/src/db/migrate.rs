//! The schema of a database.

use super::{Db, PATIENCE, SetupLock, sql::sql};
use crate::{Error, boxed, pool::pool};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx_postgres::{PgConnectOptions, Postgres};
use sqlx_sqlite::{Sqlite, SqliteConnectOptions, SqlitePool};

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Returns the error for a database with an applied migration that this version does not have, or
/// has with another text.
fn other_schema(version: i64) -> Error {
    Error::Setting(format!(
        "The database was made by another version of Plumbline: its migration {version} is not one of this \
         version. Nothing in it was changed. Use the version that made it, or start with a new database."
    ))
}

/// Creates an in-memory database with the schema and no data, on one connection.
#[boxed]
pub(crate) async fn fresh_sqlite() -> Result<SqlitePool, Error> {
    let options = SqliteConnectOptions::new().in_memory(true);
    let fresh = pool::<Sqlite>(1).connect_with(options).await?;
    SQLITE_MIGRATIONS.run(&fresh).await?;
    Ok(fresh)
}

/// Migrates on a connection of its own, because the driver takes an advisory lock, which it keeps if it fails. The
/// end of the connection releases it; the pool would keep the connection, and the next migration would wait for
/// ever.
async fn migrate_postgres(options: &PgConnectOptions) -> Result<(), MigrateError> {
    let own = pool::<Postgres>(1).acquire_timeout(PATIENCE).connect_with(options.clone()).await?;
    let migrated = POSTGRES_MIGRATIONS.run(&own).await;
    own.close().await;
    migrated
}

impl Db {
    /// Brings the schema up to date under a lock, so that a process that starts at the same time
    /// finds it up to date.
    ///
    /// # Errors
    /// [`Error::Setting`] if migrations were applied that are not those of this version.
    pub(crate) async fn migrate(&self) -> Result<(), Error> {
        let migrated = match self {
            Self::Sqlite { writer, .. } => {
                let _alone = SetupLock::of(self).await?;
                SQLITE_MIGRATIONS.run(writer).await
            }
            Self::Postgres(pool) => migrate_postgres(&pool.connect_options()).await,
        };
        migrated.map_err(|error| match error {
            MigrateError::VersionMissing(version) | MigrateError::VersionMismatch(version) => {
                other_schema(version)
            }
            error => error.into(),
        })
    }

    /// Checks that the schema is of this version, no matter which process migrated it.
    ///
    /// # Errors
    /// [`Error::Setting`] if it is older, or if migrations were applied that are not those of this
    /// version.
    pub(crate) async fn ensure_current(&self) -> Result<(), Error> {
        let migrations = match self {
            Self::Sqlite { .. } => &SQLITE_MIGRATIONS,
            Self::Postgres(_) => &POSTGRES_MIGRATIONS,
        };
        let text = "select version, checksum from _sqlx_migrations where success order by version";
        let applied: Vec<(i64, Vec<u8>)> = sql(text).all(self).await?;
        for (version, checksum) in &applied {
            let known = migrations.iter().find(|known| known.version == *version);
            if known.is_none_or(|known| *known.checksum != **checksum) {
                return Err(other_schema(*version));
            }
        }
        match migrations.iter().all(|known| applied.iter().any(|(it, _)| *it == known.version)) {
            true => Ok(()),
            false => Err(Error::Setting(
                "The database was written by an older version of Plumbline. Bring it up to date with \
                 `plumbline migrate`, or use the version that wrote it."
                    .into(),
            )),
        }
    }
}
