//! Lock that lets one process at a time set up a database: migrate its schema, or fill in a demo.
//!
//! On PostgreSQL it is an advisory lock. SQLite has no lock that outlasts a transaction, so a file
//! beside the database, which ends in `-setup`, is locked instead. Both are released when the
//! process ends, even by a crash.

use crate::{Error, db::Db};
use sqlx::Connection;
use sqlx_postgres::PgConnection;
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};
use tokio::task::spawn_blocking;

/// Guard that holds the lock until it is dropped.
#[derive(Debug)]
pub struct SetupLock {
    /// Closing the file releases the lock.
    _file: Option<File>,
    /// The end of the session releases the lock.
    _connection: Option<PgConnection>,
}

impl SetupLock {
    /// Waits until no other process sets up the SQLite database in a file. Its parent folders are
    /// created if they do not exist.
    ///
    /// # Errors
    /// If the file beside it cannot be created or locked.
    pub(crate) async fn of_file(database: &Path) -> Result<Self, Error> {
        let path = beside(database);
        let locked = spawn_blocking(move || -> Result<File, Error> {
            let fails = |error| {
                let path = path.display();
                Error::Setting(format!("{path} cannot be written: {error}."))
            };
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(fails)?;
            }
            let file = File::create(&path).map_err(fails)?;
            file.lock().map_err(fails)?;
            Ok(file)
        });
        match locked.await {
            Ok(file) => Ok(Self { _file: Some(file?), _connection: None }),
            Err(failed) => Err(Error::Setting(format!("The database cannot be locked: {failed}."))),
        }
    }

    /// Waits until no other process sets up the database.
    ///
    /// # Errors
    /// If the database fails.
    pub(crate) async fn of(db: &Db) -> Result<Self, Error> {
        match db {
            Db::Sqlite { writer, .. } => {
                Self::of_file(writer.connect_options().get_filename()).await
            }
            Db::Postgres(pool) => {
                let options = pool.connect_options();
                let mut connection = PgConnection::connect_with(&options).await?;
                sqlx::query("select pg_advisory_lock(7305004)").execute(&mut connection).await?;
                Ok(Self { _file: None, _connection: Some(connection) })
            }
        }
    }
}

fn beside(database: &Path) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push("-setup");
    path.into()
}
