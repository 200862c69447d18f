//! Errors between a page and its server, with messages for people.

use crate::wire::Wire;
use domain::{
    change::{FieldConflict, Refusal},
    id::ChangeId,
    inspection::{Invalid, PhotoError},
    people::Denied,
};
#[cfg(feature = "ssr")]
use leptos::server_fn::Encodes;
use leptos::{prelude::FromServerFnError, server_fn::error::ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Error of every server function. Its `Display` is a sentence for the person.
///
/// A server function's answer with an error has the HTTP status [`status`](Self::status). A page
/// that fails as a whole shows the error with [`PageError`](crate::ui::PageError), which sets the
/// page's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AppError {
    /// Nobody is signed in, or the session has ended.
    #[error("Your session has ended. Sign in to go on.")]
    SignInNeeded,
    /// The page was rendered for somebody other than the person now signed in, so nothing was
    /// recorded.
    #[error(
        "This page belongs to somebody else: {name} has signed in in this browser since it was opened. \
         Nothing was recorded."
    )]
    SessionChanged {
        /// Name of the person signed in.
        name: String,
    },
    /// The person lacks the permission. The sentence names it.
    #[error("{0}")]
    Forbidden(String),
    /// The object does not exist. The sentence names it.
    #[error("{0}")]
    NotFound(String),
    /// The input is invalid.
    #[error("{message}")]
    Invalid {
        /// Sentence about the whole input.
        message: String,
        /// Sentences about single fields, by form name.
        fields: BTreeMap<String, String>,
    },
    /// The request is not one that this application sends. The sentence names the unreadable part.
    #[error("{0}")]
    Unreadable(String),
    /// Another person changed the same data meanwhile.
    #[error("{message}")]
    Conflict {
        /// Sentence about the change and its author.
        message: String,
        /// Author of the last change.
        who: String,
        /// Last change; the expected head for a retry on top of it.
        head: ChangeId,
        /// Fields that both changed, with both values.
        fields: Vec<FieldConflict>,
    },
    /// Too many attempts.
    #[error("{message}")]
    TooMany {
        /// Sentence about the limit.
        message: String,
        /// Time to wait, in seconds.
        seconds: u64,
    },
    /// The request did not reach the server.
    #[error(
        "You are offline, or the server cannot be reached. Check the connection and try again."
    )]
    Offline,
    /// The database is unreachable or too busy.
    #[error("The database does not answer at the moment. Please try again in a few seconds.")]
    Unavailable,
    /// Internal error; the details are only in the server's log.
    #[error("Something went wrong on the server. Nothing was changed; please try again.")]
    Internal,
}

impl AppError {
    /// Creates an [`Invalid`](Self::Invalid) about one field, or about the whole input when `field`
    /// is empty.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let fields = match field {
            "" => BTreeMap::new(),
            field => BTreeMap::from([(field.to_owned(), message.clone())]),
        };
        Self::Invalid { message, fields }
    }

    /// Creates an [`Unreadable`](Self::Unreadable) about this text; `hint` is a sentence with the
    /// remedy.
    pub(crate) fn unreadable(text: &str, hint: &str) -> Self {
        Self::Unreadable(format!("“{text}” cannot be read. {hint}"))
    }

    /// Creates a [`NotFound`](Self::NotFound) about the requested object.
    fn none() -> Self {
        Self::NotFound("It no longer exists.".into())
    }

    /// Returns the HTTP status of the error.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Unreadable(_) => 400,
            Self::SignInNeeded => 401,
            Self::Forbidden(_) => 403,
            Self::NotFound(_) => 404,
            Self::Invalid { .. } => 422,
            Self::Conflict { .. } | Self::SessionChanged { .. } => 409,
            Self::TooMany { .. } => 429,
            Self::Unavailable => 503,
            Self::Offline | Self::Internal => 500,
        }
    }

    /// Returns the sentence about the field with that form name, if any.
    pub fn field(&self, name: &str) -> Option<String> {
        match self {
            Self::Invalid { fields, .. } => fields.get(name).cloned(),
            _ => None,
        }
    }

    /// Returns whether a retry may succeed shortly.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Offline | Self::Unavailable | Self::Internal)
    }

    /// Returns whether the session is the cause, not the request.
    pub const fn is_about_session(&self) -> bool {
        matches!(self, Self::SignInNeeded | Self::SessionChanged { .. })
    }

    /// Sets this error's status on the current response. Does nothing in the browser.
    ///
    /// It also does nothing for a form sent without JavaScript, because its redirect back to the
    /// page must be kept, and when a status is already set, such as that of another redirect.
    pub fn set_status(&self) {
        #[cfg(feature = "ssr")]
        server::set_status(self);
    }
}

impl From<Invalid> for AppError {
    fn from(invalid: Invalid) -> Self {
        let message = invalid.to_string();
        let fields = invalid.fields.into_iter().map(|(field, why)| (field.slug().into(), why));
        Self::Invalid { message, fields: fields.collect() }
    }
}

impl From<PhotoError> for AppError {
    fn from(error: PhotoError) -> Self {
        Self::invalid("photo", error.to_string())
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            // Reports `NotFound`, because a person must not learn that another's work exists.
            Refusal::Denied(Denied::NotYours) => Self::none(),
            Refusal::Denied(denied) => Self::Forbidden(denied.to_string()),
            Refusal::Invalid(invalid) => invalid.into(),
            Refusal::ReasonNeeded | Refusal::CorrectionReasonNeeded => {
                Self::invalid("reason", refusal.to_string())
            }
            Refusal::Transition { .. } => Self::invalid("", refusal.to_string()),
            Refusal::NotThere => Self::NotFound(refusal.to_string()),
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = Wire;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Offline,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                Self::invalid("", "The form could not be read. Please check it and try again.")
            }
            // In the browser, the unreadable message is the server's answer, so it is an internal
            // error.
            ServerFnErrorErr::Deserialization(_) if cfg!(feature = "ssr") => {
                Self::invalid("", "The request could not be read. Load the page again.")
            }
            _ => Self::Internal,
        }
    }

    /// Encodes the error and sets its status; every error of a server function passes through here.
    #[cfg(feature = "ssr")]
    fn ser(&self) -> leptos::server_fn::Bytes {
        self.set_status();
        <Wire as Encodes<Self>>::encode(self).unwrap_or_default()
    }
}

/// Returns whether the current request is a form sent without JavaScript, which needs a redirect to
/// a page.
#[cfg(feature = "ssr")]
pub(crate) use server::for_plain_form;

#[cfg(feature = "ssr")]
mod server {
    use super::AppError;
    use crate::accept::wants_page;
    use domain::{change::Conflict, view::ReportError};
    use http::{HeaderValue, Method, StatusCode, header, request::Parts};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;
    use service::{Forbidden, Missing};

    pub(super) fn set_status(error: &AppError) {
        let Some(response) = use_context::<ResponseOptions>() else { return };
        if for_plain_form() {
            return;
        }
        if let Ok(status) = StatusCode::from_u16(error.status())
            && response.0.read().is_ok_and(|parts| parts.status.is_none())
        {
            response.set_status(status);
        }
        if let AppError::TooMany { seconds, .. } = error {
            response.insert_header(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
    }

    /// Single conversion from errors of use cases to errors of pages.
    impl From<service::ServiceError> for AppError {
        fn from(error: service::ServiceError) -> Self {
            use service::ServiceError as Error;
            match error {
                Error::Missing(missing) => missing.into(),
                Error::Forbidden(forbidden) => forbidden.into(),
                Error::Refused(refusal) => refusal.into(),
                Error::Conflict(conflict) => conflict.into(),
                Error::Invalid { field, message } => Self::invalid(field, message),
                Error::Unreadable { text, hint } => Self::unreadable(&text, hint),
                Error::Filter(problem) => Self::Unreadable(problem.to_string()),
                Error::Moved { found } => Self::invalid("", moved(found)),
                Error::Report(error) => error.into(),
                error => {
                    let unavailable = error.is_unavailable();
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, unavailable, "a use case failed");
                    if unavailable { Self::Unavailable } else { Self::Internal }
                }
            }
        }
    }

    impl From<Missing> for AppError {
        fn from(missing: Missing) -> Self {
            let words = match missing {
                Missing::Inspection(_) => "Inspection not found.",
                Missing::Photo(_) => "There is no such photo.",
                Missing::PhotoFile(_) => "The file of this photo is gone.",
                Missing::Report(_) => "There is no such report.",
                Missing::ReportFile(_) => "The file of this report is gone.",
                Missing::Change(_) => "There is no such change.",
                Missing::Moment(_) => {
                    "This inspection has no such change. Choose one from its history."
                }
                Missing::Request(_) => "There is no such request. Choose one from the changes.",
                Missing::View => "This view no longer exists.",
                Missing::Person(_) => "This account no longer exists.",
                Missing::Logo => "There is no such logo, or no longer.",
                Missing::Subject(_) => return Self::none(),
            };
            Self::NotFound(words.into())
        }
    }

    impl From<ReportError> for AppError {
        fn from(error: ReportError) -> Self {
            /// Time after which one of a person's reports is probably made, in seconds.
            const PAUSE: u64 = 10;
            let message = error.to_string();
            match error {
                ReportError::TooMany(_) => Self::TooMany { message, seconds: PAUSE },
                ReportError::Slow | ReportError::Cancelled => Self::invalid("", message),
                ReportError::AccountDeleted => Self::Forbidden(message),
                ReportError::Failed => Self::Internal,
            }
        }
    }

    impl From<Forbidden> for AppError {
        fn from(forbidden: Forbidden) -> Self {
            let words = match forbidden {
                Forbidden::StartInspection => {
                    "Reviewers look at inspections; inspectors and admins start them."
                }
                Forbidden::ReviewChanges => {
                    "The changes of all inspections are for reviewers. You find those of your own \
                     inspections on each inspection's page."
                }
                Forbidden::ManagePeople => {
                    "Only admins manage people. Ask one if something here should change."
                }
                Forbidden::RestrictOwnAccount => {
                    "This is your own account. Ask another admin to do that."
                }
                Forbidden::ManageOrganisation => {
                    "Only admins change the organisation. Ask one if something here should change."
                }
            };
            Self::Forbidden(words.into())
        }
    }

    impl From<Box<Conflict>> for AppError {
        fn from(conflict: Box<Conflict>) -> Self {
            Self::Conflict {
                message: conflict.to_string(),
                who: conflict.since.last().map(|by| by.user_name.clone()).unwrap_or_default(),
                head: conflict.head,
                fields: conflict.fields,
            }
        }
    }

    fn moved(found: u64) -> String {
        format!("By now {found} changes match. Look at them, and confirm again.")
    }

    impl From<store::Error> for AppError {
        fn from(error: store::Error) -> Self {
            match error {
                store::Error::Refused(refusal) => refusal.into(),
                store::Error::Conflict(conflict) => conflict.into(),
                store::Error::Unfit { field, message } => Self::invalid(field, message),
                store::Error::Moved { found, .. } => Self::invalid("", moved(found)),
                store::Error::NotFound => Self::none(),
                store::Error::RequestReused => Self::invalid(
                    "",
                    "This was sent before, for something else. Load the page again and send it once \
                     more.",
                ),
                error if error.is_unavailable() => {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, "the database is unavailable");
                    Self::Unavailable
                }
                error => {
                    tracing::error!(error = &error as &dyn std::error::Error, "the store failed");
                    Self::Internal
                }
            }
        }
    }

    pub(crate) fn for_plain_form() -> bool {
        let Some(request) = use_context::<Parts>() else { return false };
        request.method == Method::POST && wants_page(&request.headers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_the_way_to_the_browser() {
        let error = AppError::Invalid {
            message: "Check the highlighted fields.".into(),
            fields: BTreeMap::from([("name".into(), "Enter a name.".into())]),
        };
        assert_eq!(AppError::de(error.ser()), error);
    }

    #[test]
    fn tells_each_field_its_own_sentence() {
        let error = AppError::invalid("name", "Enter a name.");
        assert_eq!(error.field("name").as_deref(), Some("Enter a name."));
        assert_eq!(error.field("address"), None);
    }

    #[test]
    fn an_unreadable_answer_shows_no_details() {
        let shown = AppError::de("<html>502 from a proxy".into()).to_string();
        assert!(!shown.contains("502") && !shown.contains("proxy"), "{shown}");
    }
}
