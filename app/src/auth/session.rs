//! The session of the request being answered.

use super::{SessionCookie, SignedIn};
use crate::error::AppError;
use domain::{Actor, may_review_changes};
use http::request::Parts;
use leptos::prelude::use_context;
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

    /// Who is acting, where it takes a reviewer.
    ///
    /// # Errors
    /// Nobody is signed in, or somebody who does not review.
    pub fn reviewer(&self) -> Result<Actor, AppError> {
        let actor = self.actor()?;
        if may_review_changes(actor.role) {
            return Ok(actor);
        }
        Err(AppError::Forbidden(
            "The changes of all inspections are for reviewers. You find those of your own \
             inspections on each inspection's page."
                .into(),
        ))
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

/// Who is acting, where it takes a reviewer: what every server function of the dashboard asks first.
///
/// # Errors
/// Nobody is signed in, or somebody who does not review.
pub fn reviewer() -> Result<Actor, AppError> {
    session().reviewer()
}
