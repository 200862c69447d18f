//! What is wrong with a record, in words.

use crate::{Error, GuardFault};
use domain::{ChangeId, InspectionId};
use std::fmt;

/// The first thing found that is wrong: where, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The inspection, where it is about one.
    pub inspection: Option<InspectionId>,
    /// Its reference, where it has one still.
    pub reference: Option<String>,
    /// The change, where it is about one.
    pub change: Option<ChangeId>,
    /// What is wrong.
    pub flaw: ViolationKind,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViolationKind {
    /// What a change says does not give the hash it bears.
    Altered,
    /// A change fits the chain of another inspection.
    Elsewhere {
        /// That inspection.
        inspection: InspectionId,
    },
    /// A change is not there.
    Missing {
        /// Its number within its inspection.
        number: i64,
    },
    /// The last changes of an inspection are not there.
    Cut {
        /// The number of the first that is missing.
        from: i64,
        /// The number that the inspection's head has.
        to: i64,
    },
    /// Another change has its number and fits the chain.
    Inserted {
        /// The number.
        number: i64,
    },
    /// Another change has the same id.
    Twice,
    /// An inspection's first change is not the one whose id it bears.
    Beginning,
    /// The changes do not stand in the order of their numbers.
    Reordered {
        /// The number it has.
        number: i64,
        /// The number that belongs in its place.
        expected: i64,
    },
    /// The user it names is not its author, or no user although its author has an account.
    Author {
        /// The user it names.
        user: Option<i64>,
        /// Its author.
        author: i64,
    },
    /// Something cannot be read.
    Unreadable(String),
    /// A row is not what the records make it; a sentence without its full stop.
    Row(String),
    /// A file is not the one that the record names; likewise.
    File(String),
    /// A checkpoint cannot be believed, or the record is not the one it was made of; likewise.
    Checkpoint(String),
    /// A counter of references would give one that is taken; likewise.
    Counter(String),
    /// Guards of the database are missing, altered or disabled: each of them.
    Guards(Vec<GuardFault>),
}

impl Violation {
    /// About no inspection alone.
    pub(super) const fn overall(flaw: ViolationKind) -> Self {
        Self { inspection: None, reference: None, change: None, flaw }
    }

    /// About an inspection, and a change of it.
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

/// Why something was not found to be right.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// It is wrong.
    #[error("{0}")]
    Wrong(Box<Violation>),
    /// It could not be looked at.
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
