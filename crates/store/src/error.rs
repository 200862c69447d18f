//! The error type of the store.

use crate::ObjectsError;
use change_index::IndexError;
use domain::{
    change::{Conflict, Malformed, Refusal},
    id::ChangeId,
    inspection::Invalid,
    people::Denied,
};

/// Error of a call to the store. The changes of a failed call are rolled back when its
/// [`RecordingTx`](crate::RecordingTx) is dropped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule forbids it; the refusal says what to do instead.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It was based on an older state of the inspection.
    #[error(transparent)]
    Conflict(#[from] Box<Conflict>),
    /// The object does not exist.
    #[error("there is no such thing, or no longer")]
    NotFound,
    /// A request that the person confirmed for a number of changes would by now affect another
    /// number.
    #[error("this was meant for {expected} changes, and {found} match now")]
    Moved {
        /// Number of changes that the person confirmed.
        expected: u64,
        /// Number of changes that match now.
        found: u64,
    },
    /// A mutation that does not concern the inspection as a whole was requested for many at once.
    #[error("this can only be done to one inspection at a time")]
    OneAtATime,
    /// The id of the request is that of another request, or of somebody else's.
    #[error(
        "this was sent under the id of another request; load the page again and send it once more"
    )]
    RequestReused,
    /// A value cannot be stored; the message says what to do instead.
    #[error("{message}")]
    Unfit {
        /// Name of the field at fault, as in forms.
        field: &'static str,
        /// Description of the fault.
        message: String,
    },
    /// A password could not be hashed, or the system's random number generator failed.
    #[error("a password could not be handled: {0}")]
    Password(String),
    /// A setting cannot be used.
    #[error("{0}")]
    Setting(String),
    /// A stored row is malformed.
    #[error("{table} {id}: the column {column} cannot be read: {problem}")]
    Unreadable {
        /// Name of the table.
        table: &'static str,
        /// Name of the column.
        column: &'static str,
        /// Id of the row.
        id: i64,
        /// Description of the fault.
        problem: String,
    },
    /// More mutations wait to be recorded than are accepted. Nothing was recorded.
    #[error("too many mutations wait to be recorded; nothing was recorded")]
    QueueFull,
    /// The database could not be reached when others were recorded. Nothing was recorded.
    #[error("the database could not be reached just now; nothing was recorded")]
    Unreachable,
    /// The code that records failed; its message is in the log. Nothing was recorded.
    #[error("the recorder panicked; nothing was recorded")]
    Panicked,
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

impl From<IndexError> for Error {
    fn from(error: IndexError) -> Self {
        match error {
            IndexError::Page { segment_id: id, first_token, problem } => {
                let problem = format!("from {first_token:?} on: {problem}");
                Self::Unreadable { table: "index_pages", column: "postings", id, problem }
            }
            IndexError::Day { id, token } => {
                let problem = format!("`{token}` is not the token of a day");
                Self::Unreadable { table: "index_pages", column: "postings", id, problem }
            }
            IndexError::ReviewStates { number: id, problem } => {
                Self::Unreadable { table: "review_states", column: "reviewed", id, problem }
            }
            IndexError::Encode(problem) => Self::Database(sqlx::Error::Encode(problem.into())),
        }
    }
}

impl Error {
    /// Returns whether the database cannot be reached at the moment, has no free connection in time,
    /// or is too busy to record, so that a retry may succeed.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::QueueFull | Self::Unreachable => true,
            Self::Database(error) => is_unavailable(error),
            Self::Migration(sqlx::migrate::MigrateError::Execute(error)) => is_unavailable(error),
            _ => false,
        }
    }

    /// Returns the [`Unreadable`](Self::Unreadable) for a change with a malformed record.
    pub fn malformed(change: ChangeId, malformed: Malformed) -> Self {
        let (table, column) = ("changes", "related_data");
        Self::Unreadable { table, column, id: change.0, problem: malformed.0 }
    }

    /// Returns a function that makes an [`Unfit`](Self::Unfit) of a message about a field.
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
        // PostgreSQL: connection failures (class 08), too many connections, starting or shutting
        // down. SQLite: the file is locked (5) for longer than the timeout.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            code.starts_with("08")
                || ["53300", "57P01", "57P02", "57P03", "5"].contains(&code.as_ref())
        }),
        _ => false,
    }
}
