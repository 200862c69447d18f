//! What can go wrong.

use crate::ObjectsError;
use domain::{Conflict, Denied, Invalid, Refusal};

/// Why something was not done, or could not be read. Whatever a failed call had begun is undone
/// when its [`Work`](crate::Work) is dropped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It may not happen; the refusal says what to do instead.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It was meant for an older state of the inspection.
    #[error(transparent)]
    Conflict(#[from] Box<Conflict>),
    /// There is no such thing.
    #[error("there is no such thing, or no longer")]
    NotFound,
    /// What was meant for so many changes would touch quite another number by now.
    #[error("this was meant for {expected} changes, and {found} match now")]
    Moved {
        /// How many the person had agreed to.
        expected: u64,
        /// How many match.
        found: u64,
    },
    /// A mutation that is not about the inspection as a whole was asked for many at once.
    #[error("this can only be done to one inspection at a time")]
    OneAtATime,
    /// What was filled in cannot be kept as it is; the message says what to do instead.
    #[error("{message}")]
    Unfit {
        /// The field at fault, as forms name it.
        field: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// A password could not be hashed, or the system gave no randomness.
    #[error("a password could not be handled: {0}")]
    Password(String),
    /// A setting that cannot be used.
    #[error("{0}")]
    Setting(String),
    /// A row holds what nothing here would have written.
    #[error("{table} {id}: the column {column} cannot be read: {problem}")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        id: i64,
        /// What is wrong with it.
        problem: String,
    },
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database could not be migrated")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The object store failed.
    #[error(transparent)]
    Objects(#[from] ObjectsError),
}

impl From<Denied> for Error {
    fn from(denied: Denied) -> Self {
        Self::Refused(denied.into())
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        Self::Refused(invalid.into())
    }
}

impl Error {
    /// Whether the database cannot be reached at the moment, or has no connection free in time, so
    /// that the same may succeed later.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Database(error) => is_unavailable(error),
            Self::Migration(sqlx::migrate::MigrateError::Execute(error)) => is_unavailable(error),
            _ => false,
        }
    }

    /// Makes an [`Unfit`](Self::Unfit) of a message about a field.
    pub(crate) fn unfit(field: &'static str) -> impl FnOnce(String) -> Self {
        move |message| Self::Unfit { field, message }
    }
}

fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // PostgreSQL: connections fail (class 08), there are too many, or it starts or shuts down.
        // SQLite: somebody else holds the file (5), for longer than we wait.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            code.starts_with("08")
                || ["53300", "57P01", "57P02", "57P03", "5"].contains(&code.as_ref())
        }),
        _ => false,
    }
}
