//! Violations that verification finds, with their messages.

use crate::{Error, GuardFault};
use domain::id::{ChangeId, InspectionId};
use std::fmt;

/// The first violation found, and its location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The inspection, if it is about one.
    pub inspection: Option<InspectionId>,
    /// Its reference, if it can be read.
    pub reference: Option<String>,
    /// The change, if it is about one.
    pub change: Option<ChangeId>,
    /// The kind of violation.
    pub flaw: ViolationKind,
}

/// A kind of violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViolationKind {
    /// The hash of a change is not that of its content.
    Altered,
    /// A change fits the chain of another inspection.
    Elsewhere {
        /// That inspection.
        inspection: InspectionId,
    },
    /// A change is missing.
    Missing {
        /// Its number within its inspection.
        number: i64,
    },
    /// The last changes of an inspection are missing.
    Cut {
        /// The number of the first missing change.
        from: i64,
        /// The number that the inspection's head has.
        to: i64,
    },
    /// A change with the same number fits the chain, so this one was inserted.
    Inserted {
        /// The number.
        number: i64,
    },
    /// Another change has the same id.
    Twice,
    /// The id of an inspection's first change is not that of the inspection.
    Beginning,
    /// Changes are not in the order of their numbers.
    Reordered {
        /// The number it has.
        number: i64,
        /// The number that was expected at this position.
        expected: i64,
    },
    /// It names a user who is not its author, or names none although its author has an account.
    Author {
        /// The user it names.
        user: Option<i64>,
        /// Its author.
        author: i64,
    },
    /// A value cannot be read.
    Unreadable(String),
    /// A row differs from the one that the records make. The message has no full stop.
    Row(String),
    /// A file is not the one that the record names. The message has no full stop.
    File(String),
    /// A checkpoint is invalid, or the record is not the one that it covers. The message has no
    /// full stop.
    Checkpoint(String),
    /// The next reference of a counter is already in use. The message has no full stop.
    Counter(String),
    /// These guards of the database are missing, altered, disabled or unexpected.
    Guards(Vec<GuardFault>),
}

impl Violation {
    /// Creates a violation that is not about a single inspection.
    pub(super) const fn overall(flaw: ViolationKind) -> Self {
        Self { inspection: None, reference: None, change: None, flaw }
    }

    /// Creates a violation of an inspection, and of one of its changes, if known.
    pub(super) const fn of(inspection: i64, change: Option<i64>, flaw: ViolationKind) -> Self {
        let change = match change {
            Some(change) => Some(ChangeId(change)),
            None => None,
        };
        Self { inspection: Some(InspectionId(inspection)), reference: None, change, flaw }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.reference, self.inspection) {
            (Some(reference), Some(id)) => write!(f, "{reference} (inspection {id})")?,
            (None, Some(id)) => write!(f, "Inspection {id}")?,
            _ => {}
        }
        match (self.inspection, self.change) {
            (Some(_), Some(change)) => write!(f, ", change {change}: ")?,
            (None, Some(change)) => write!(f, "Change {change}: ")?,
            (Some(_), None) => f.write_str(": ")?,
            (None, None) => {}
        }
        write!(f, "{}.", self.flaw)
    }
}

impl fmt::Display for ViolationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Altered => f.write_str(
                "the change was altered or forged: what it says does not give the hash it bears",
            ),
            Self::Elsewhere { inspection } => write!(
                f,
                "the change was moved here: it belongs to the record of inspection {inspection}"
            ),
            Self::Missing { number } => {
                write!(f, "the change before it, number {number}, was deleted")
            }
            Self::Cut { from, to } if from == to => {
                write!(f, "its last change, number {to}, was deleted")
            }
            Self::Cut { from, to } => {
                write!(f, "its last changes, numbers {from} to {to}, were deleted")
            }
            Self::Inserted { number } => write!(
                f,
                "the change was inserted: another has the number {number} and fits the chain"
            ),
            Self::Twice => f.write_str("the change was inserted: another has the same id"),
            Self::Beginning => f.write_str(
                "the record was put under another inspection: an inspection bears the id of its \
                 first change",
            ),
            Self::Reordered { number, expected } => write!(
                f,
                "the changes were reordered: it has number {number} where {expected} belongs"
            ),
            Self::Author { user: Some(user), author } => {
                write!(f, "it names user {user}, but user {author} is its author")
            }
            Self::Author { user: None, author } => {
                write!(f, "it names no user, but its author, user {author}, has an account")
            }
            Self::Unreadable(problem) => write!(f, "it cannot be read: {problem}"),
            Self::Row(problem)
            | Self::File(problem)
            | Self::Checkpoint(problem)
            | Self::Counter(problem) => f.write_str(problem),
            Self::Guards(faults) => {
                let faults: Vec<String> = faults.iter().map(GuardFault::to_string).collect();
                write!(
                    f,
                    "the database is not guarded against changes without a record: {}",
                    faults.join("; ")
                )
            }
        }
    }
}

/// Reason why a verification did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// There is a violation.
    #[error("{0}")]
    Wrong(Box<Violation>),
    /// It could not be carried out.
    #[error(transparent)]
    Failed(Error),
}

impl From<Violation> for VerifyError {
    fn from(wrong: Violation) -> Self {
        Self::Wrong(Box::new(wrong))
    }
}

impl From<Error> for VerifyError {
    fn from(error: Error) -> Self {
        match &error {
            Error::Unreadable { .. } => {
                Violation::overall(ViolationKind::Unreadable(error.to_string())).into()
            }
            Error::Database(
                inner @ (sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)),
            ) => Violation::overall(ViolationKind::Unreadable(inner.to_string())).into(),
            _ => Self::Failed(error),
        }
    }
}
