//! The session of the request being answered.

use super::{SessionCookie, SignedIn};
use crate::error::AppError;
use chrono::{DateTime, Utc};
use domain::Actor;
use http::request::Parts;
use leptos::prelude::{expect_context, use_context};
use service::{Clock, Store};
use std::fmt;

/// Who sent the request. The server puts it into the extensions of every request.
#[derive(Clone, Default)]
pub struct Session {
    /// Who is signed in.
    pub user: Option<SignedIn>,
    /// How the session's cookie is written.
    pub cookie: SessionCookie,
    token: Option<String>,
}

impl Session {
    /// A session as its cookie and the database say.
    pub fn new(user: Option<SignedIn>, token: Option<String>, cookie: SessionCookie) -> Self {
        Self { user, cookie, token }
    }

    /// The secret that the cookie carries, if it carries one.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Who is acting.
    ///
    /// # Errors
    /// Nobody is signed in.
    pub fn actor(&self) -> Result<Actor, AppError> {
        self.user.as_ref().map(SignedIn::actor).ok_or(AppError::SignInNeeded)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("user", &self.user).finish_non_exhaustive()
    }
}

/// The session of the request being answered, in server functions and while a page is made.
pub fn session() -> Session {
    use_context::<Parts>()
        .and_then(|request| request.extensions.get::<Session>().cloned())
        .unwrap_or_default()
}

/// Who is acting: what every server function asks first.
///
/// # Errors
/// Nobody is signed in.
pub fn actor() -> Result<Actor, AppError> {
    session().actor()
}

/// The person who calls a server function, with what use cases need besides.
pub(crate) struct Caller {
    /// The database and the object store.
    pub(crate) store: Store,
    /// The person.
    pub(crate) actor: Actor,
    /// The time of the call.
    pub(crate) now: DateTime<Utc>,
}

/// The person who calls a server function.
///
/// # Errors
/// Nobody is signed in.
pub(crate) fn caller() -> Result<Caller, AppError> {
    let now = expect_context::<Clock>().now();
    Ok(Caller { store: expect_context(), actor: actor()?, now })
}
