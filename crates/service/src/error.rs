//! Error of all use cases.

use domain::{
    change::{Conflict, Refusal},
    feed::FilterProblem,
    id::{ChangeId, InspectionId, PhotoId, ReportId, UserId},
    inspection::Invalid,
    view::ReportError,
};
use std::{fmt, sync::Arc};
use uuid::Uuid;

/// Reason that a use case failed. Its transaction is rolled back.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ServiceError {
    /// The object does not exist, or the person may not know that it does.
    #[error("{0} does not exist for this person")]
    Missing(Missing),
    /// The person's role or identity does not permit it.
    #[error("this person {0}")]
    Forbidden(Forbidden),
    /// The rules of inspections do not permit it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Another person changed the inspection in the meantime.
    #[error(transparent)]
    Conflict(Box<Conflict>),
    /// A value that a person entered is invalid.
    #[error("{message}")]
    Invalid {
        /// Name of the invalid field in forms; empty if the error concerns the whole form.
        field: &'static str,
        /// Sentence that says what to do instead.
        message: String,
    },
    /// A part of a request cannot be parsed.
    #[error("“{text}” cannot be read")]
    Unreadable {
        /// Text of that part.
        text: String,
        /// Sentence that says what to do.
        hint: &'static str,
    },
    /// A part of a filter cannot be parsed. The valid rest alone could match more than intended.
    #[error(transparent)]
    Filter(#[from] FilterProblem),
    /// The number of matching changes differs from the number that the person confirmed.
    #[error("{found} changes match now")]
    Moved {
        /// Number of changes that match now.
        found: u64,
    },
    /// A report was not made.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// The database or the object store failed.
    #[error("cannot {operation} ({subject})")]
    Failed {
        /// Operation as an infinitive, such as "load an inspection".
        operation: &'static str,
        /// Subject of the operation.
        subject: Subject,
        /// Cause.
        source: Arc<store::Error>,
    },
}

/// Object that does not exist, or that the person may not see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// An inspection.
    Inspection(InspectionId),
    /// A photo.
    Photo(PhotoId),
    /// The file of a photo.
    PhotoFile(PhotoId),
    /// A report.
    Report(ReportId),
    /// The file of a report.
    ReportFile(ReportId),
    /// A change.
    Change(ChangeId),
    /// A change in the history of an inspection.
    Moment(InspectionId),
    /// A request that made changes.
    Request(Uuid),
    /// A saved view of the dashboard.
    View,
    /// A person with an account.
    Person(UserId),
    /// The logo of the organisation.
    Logo,
    /// Subject of an operation that the store did not find.
    Subject(Subject),
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inspection(id) => write!(f, "inspection {id}"),
            Self::Photo(id) => write!(f, "photo {id}"),
            Self::PhotoFile(id) => write!(f, "the file of photo {id}"),
            Self::Report(id) => write!(f, "report {id}"),
            Self::ReportFile(id) => write!(f, "the file of report {id}"),
            Self::Change(id) => write!(f, "change {id}"),
            Self::Moment(id) => write!(f, "this change of inspection {id}"),
            Self::Request(id) => write!(f, "request {id}"),
            Self::View => f.write_str("this view"),
            Self::Person(id) => write!(f, "person {id}"),
            Self::Logo => f.write_str("this logo"),
            Self::Subject(subject) => subject.fmt(f),
        }
    }
}

/// Action that a person's role does not permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forbidden {
    /// Creating an inspection.
    StartInspection,
    /// Viewing and reviewing the changes of all inspections.
    ReviewChanges,
    /// Managing accounts.
    ManagePeople,
    /// Restricting one's own account.
    RestrictOwnAccount,
    /// Changing the organisation named in reports.
    ManageOrganisation,
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StartInspection => "may not start inspections",
            Self::ReviewChanges => "may not review changes",
            Self::ManagePeople => "may not manage people",
            Self::RestrictOwnAccount => "may not restrict their own account",
            Self::ManageOrganisation => "may not change the organisation",
        })
    }
}

/// Subject of an operation, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An inspection.
    Inspection(InspectionId),
    /// A change.
    Change(ChangeId),
    /// A photo.
    Photo(PhotoId),
    /// A report.
    Report(ReportId),
    /// A person.
    Person(UserId),
    /// All changes of a request.
    Request(Uuid),
    /// The queue of final reports.
    FinalReports,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inspection(id) => write!(f, "inspection {id}"),
            Self::Change(id) => write!(f, "change {id}"),
            Self::Photo(id) => write!(f, "photo {id}"),
            Self::Report(id) => write!(f, "report {id}"),
            Self::Person(id) => write!(f, "person {id}"),
            Self::Request(id) => write!(f, "request {id}"),
            Self::FinalReports => f.write_str("the queue of final reports"),
        }
    }
}

macro_rules! subject_from {
    ($($id:ty => $variant:ident),+) => {
        $(impl From<$id> for Subject {
            fn from(id: $id) -> Self {
                Self::$variant(id)
            }
        })+
    };
}

subject_from! {
    InspectionId => Inspection,
    ChangeId => Change,
    PhotoId => Photo,
    ReportId => Report,
    UserId => Person,
    Uuid => Request
}

impl ServiceError {
    /// Creates an [`Invalid`](Self::Invalid).
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }

    /// Replaces a missing inspection by the requested object, so that the error does not reveal whether the
    /// object exists.
    pub(crate) fn instead(self, missing: Missing) -> Self {
        match self {
            Self::Missing(_) => Self::Missing(missing),
            other => other,
        }
    }

    fn from_store(operation: &'static str, subject: Subject, source: store::Error) -> Self {
        match source {
            store::Error::Refused(refusal) => Self::Refused(refusal),
            store::Error::Conflict(conflict) => Self::Conflict(conflict),
            store::Error::NotFound => Self::Missing(Missing::Subject(subject)),
            store::Error::Moved { found, .. } => Self::Moved { found },
            store::Error::Unfit { field, message } => Self::Invalid { field, message },
            store::Error::RequestReused => Self::invalid(
                "",
                "This was sent before, for something else. Load the page again and send it once more.",
            ),
            source => Self::Failed { operation, subject, source: Arc::new(source) },
        }
    }

    /// Returns whether a repetition would be refused for the same reason.
    pub(crate) const fn is_permanent(&self) -> bool {
        matches!(
            self,
            Self::Missing(_)
                | Self::Forbidden(_)
                | Self::Refused(Refusal::Denied(_) | Refusal::NotThere)
                | Self::Report(ReportError::AccountDeleted)
        )
    }

    /// Returns whether the database is temporarily unreachable, so that a retry may succeed.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Failed { source, .. } if source.is_unavailable())
    }
}

impl From<Missing> for ServiceError {
    fn from(missing: Missing) -> Self {
        Self::Missing(missing)
    }
}

impl From<Forbidden> for ServiceError {
    fn from(forbidden: Forbidden) -> Self {
        Self::Forbidden(forbidden)
    }
}

impl From<Invalid> for ServiceError {
    fn from(invalid: Invalid) -> Self {
        Self::Refused(invalid.into())
    }
}

/// Conversion of a store error to a [`ServiceError`] that names the operation.
pub(crate) trait During<T> {
    /// Adds the operation, as an infinitive such as "load an inspection", and its subject.
    fn during(
        self,
        operation: &'static str,
        subject: impl Into<Subject>,
    ) -> Result<T, ServiceError>;
}

impl<T, E: Into<store::Error>> During<T> for Result<T, E> {
    fn during(
        self,
        operation: &'static str,
        subject: impl Into<Subject>,
    ) -> Result<T, ServiceError> {
        self.map_err(|source| ServiceError::from_store(operation, subject.into(), source.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unexpected_failure_names_the_operation_and_its_subject() {
        let failed: Result<(), _> = Err(store::Error::Setting("no such bucket".into()));
        let error = failed.during("load an inspection", InspectionId(7)).unwrap_err();
        assert_eq!(error.to_string(), "cannot load an inspection (inspection 7)");
        assert!(!error.is_unavailable());
    }

    #[test]
    fn an_expected_refusal_stays_itself() {
        let refused: Result<(), _> = Err(store::Error::Refused(Refusal::NotThere));
        let error = refused.during("edit an inspection", InspectionId(7)).unwrap_err();
        assert!(matches!(error, ServiceError::Refused(Refusal::NotThere)), "{error:?}");
    }
}
