//! What can go wrong between a page and its server, in words for the person in front of it.

use crate::wire::Wire;
use domain::{ChangeId, Denied, FieldConflict, Invalid, Refusal};
#[cfg(feature = "ssr")]
use leptos::server_fn::Encodes;
use leptos::{prelude::FromServerFnError, server_fn::error::ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The error of every server function. Its `Display` is a sentence fit to show.
///
/// Whenever one leaves the server as the answer to a server function, the answer bears
/// [`status`](Self::status). A page that fails as a whole shows it with
/// [`PageError`](crate::ui::PageError), which does the same for the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AppError {
    /// Nobody is signed in, or no longer.
    #[error("Your session has ended. Sign in to go on.")]
    SignInNeeded,
    /// The page was made for somebody else than the one who is signed in now, so nothing was recorded.
    #[error(
        "This page belongs to somebody else: {name} has signed in in this browser since it was opened. \
         Nothing was recorded."
    )]
    SessionChanged {
        /// Who is signed in.
        name: String,
    },
    /// Signed in, but not allowed. The sentence says what is not allowed.
    #[error("{0}")]
    Forbidden(String),
    /// There is no such thing. The sentence names it.
    #[error("{0}")]
    NotFound(String),
    /// What was typed in cannot be accepted.
    #[error("{message}")]
    Invalid {
        /// A sentence about the whole.
        message: String,
        /// A sentence for each field at fault, by its form name.
        fields: BTreeMap<String, String>,
    },
    /// The request is not one that a page of ours sends. The sentence says what cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// Someone else changed it in the meantime.
    #[error("{message}")]
    Conflict {
        /// A sentence that says who changed what.
        message: String,
        /// Who made the last change.
        who: String,
        /// The last change: what to pass as expected when trying again on top of it.
        head: ChangeId,
        /// The fields that both changed, each with both values.
        fields: Vec<FieldConflict>,
    },
    /// Too many attempts.
    #[error("{message}")]
    TooMany {
        /// A sentence that says what to wait for.
        message: String,
        /// How long to wait.
        seconds: u64,
    },
    /// The request never got through.
    #[error(
        "You are offline, or the server cannot be reached. Check the connection and try again."
    )]
    Offline,
    /// The database cannot be reached at the moment, or is too busy.
    #[error("The database does not answer at the moment. Please try again in a few seconds.")]
    Unavailable,
    /// Our fault; the details are in the server's log and nowhere else.
    #[error("Something went wrong on the server. Nothing was changed; please try again.")]
    Internal,
}

impl AppError {
    /// An [`Invalid`](Self::Invalid) about one field, or about the whole when `field` is empty.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let fields = match field {
            "" => BTreeMap::new(),
            field => BTreeMap::from([(field.to_owned(), message.clone())]),
        };
        Self::Invalid { message, fields }
    }

    /// An [`Unreadable`](Self::Unreadable) about this text; `hint` is a sentence that says what to do.
    pub(crate) fn unreadable(text: &str, hint: &str) -> Self {
        Self::Unreadable(format!("“{text}” cannot be read. {hint}"))
    }

    /// A [`NotFound`](Self::NotFound) about what was asked for.
    fn none() -> Self {
        Self::NotFound("It no longer exists.".into())
    }

    /// The HTTP status that says the same.
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

    /// The sentence for the field of that form name, if it is at fault.
    pub fn field(&self, name: &str) -> Option<String> {
        match self {
            Self::Invalid { fields, .. } => fields.get(name).cloned(),
            _ => None,
        }
    }

    /// Whether the same request may well succeed in a moment.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Offline | Self::Unavailable | Self::Internal)
    }

    /// Whether the session is at fault, not the request.
    pub const fn is_about_session(&self) -> bool {
        matches!(self, Self::SignInNeeded | Self::SessionChanged { .. })
    }

    /// Gives the response being made this error's status. Does nothing in the browser.
    ///
    /// A form sent without JavaScript is answered by a redirect back to its page, which must stay
    /// one, so there it does nothing either; nor does it where a status was set before, such as a
    /// redirect's.
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

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            // Nobody learns what others work on, not even that they do.
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
            // In the browser it is the answer that cannot be read, and so our fault.
            ServerFnErrorErr::Deserialization(_) if cfg!(feature = "ssr") => {
                Self::invalid("", "The request could not be read. Load the page again.")
            }
            _ => Self::Internal,
        }
    }

    /// Every error that leaves the server passes here, so no server function can forget the status.
    #[cfg(feature = "ssr")]
    fn ser(&self) -> leptos::server_fn::Bytes {
        self.set_status();
        <Wire as Encodes<Self>>::encode(self).unwrap_or_default()
    }
}

/// Whether the request being answered is a form that was sent without JavaScript: it wants to be led
/// to a page.
#[cfg(feature = "ssr")]
pub(crate) use server::for_plain_form;

#[cfg(feature = "ssr")]
mod server {
    use super::AppError;
    use domain::Conflict;
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

    /// The one place where the errors of use cases become errors of pages.
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
                Missing::Subject(_) => return Self::none(),
            };
            Self::NotFound(words.into())
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
        let accepts_html = request
            .headers
            .get(header::ACCEPT)
            .and_then(|accepted| accepted.to_str().ok())
            .is_some_and(|accepted| accepted.contains("text/html"));
        request.method == Method::POST && accepts_html
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
