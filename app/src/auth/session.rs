//! Session of the current request.

use super::{SessionCookie, SignedIn};
use crate::error::AppError;
use chrono::{DateTime, Utc};
use domain::people::Actor;
use http::request::Parts;
use leptos::prelude::{expect_context, use_context};
use service::{Clock, Store};
use std::fmt;

/// Session of a request. The server adds it to the extensions of every request.
#[derive(Clone, Default)]
pub struct Session {
    /// User who is signed in, if any.
    pub user: Option<SignedIn>,
    /// Format of the session's cookie.
    pub cookie: SessionCookie,
    token: Option<String>,
}

impl Session {
    /// Creates a session from its cookie and its row in the database.
    pub fn new(user: Option<SignedIn>, token: Option<String>, cookie: SessionCookie) -> Self {
        Self { user, cookie, token }
    }

    /// Returns the secret in the cookie, if any.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Returns the person who acts.
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

/// Returns the session of the current request, in server functions and during server-side
/// rendering.
pub fn session() -> Session {
    use_context::<Parts>()
        .and_then(|request| request.extensions.get::<Session>().cloned())
        .unwrap_or_default()
}

/// Returns the person who acts; every server function checks this first.
///
/// # Errors
/// Nobody is signed in.
pub fn actor() -> Result<Actor, AppError> {
    session().actor()
}

/// Caller of a server function, with the services that use cases need.
pub(crate) struct Caller {
    /// Database and object store.
    pub(crate) store: Store,
    /// Person who calls.
    pub(crate) actor: Actor,
    /// Time of the call.
    pub(crate) now: DateTime<Utc>,
}

/// Returns the caller of the current server function.
///
/// # Errors
/// Nobody is signed in.
pub(crate) fn caller() -> Result<Caller, AppError> {
    let now = expect_context::<Clock>().now();
    Ok(Caller { store: expect_context(), actor: actor()?, now })
}
