//! Sign-in, sign-out and the current user.

#[cfg(feature = "ssr")]
mod cookie;
mod first_run;
mod login;
mod next;
mod page_person;
#[cfg(feature = "ssr")]
mod session;
#[cfg(feature = "ssr")]
mod session_changed;
mod set_up;

#[cfg(feature = "ssr")]
pub use cookie::SessionCookie;
pub use first_run::{DemoAccount, FirstRun};
pub use login::{LoginPage, SignInAttempt};
pub use next::local_path;
pub use page_person::{PAGE_PERSON, PAGE_PERSON_HEADER, PagePerson, page_person, with_page_person};
#[cfg(feature = "ssr")]
pub(crate) use session::{Caller, caller};
#[cfg(feature = "ssr")]
pub use session::{Session, actor, session};
#[cfg(feature = "ssr")]
pub use session_changed::RefusedForm;
pub use set_up::{SetUpAttempt, SetUpPage};

use crate::{
    error::AppError,
    wire::{Compact, Fetched, server_resource},
};
use domain::{
    id::UserId,
    people::{Actor, Role},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// User who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// User id.
    pub id: UserId,
    /// Full name.
    pub name: String,
    /// E-mail address for signing in.
    pub email: String,
    /// Role, which determines the permissions.
    pub role: Role,
}

impl SignedIn {
    /// Converts it to the actor type of `domain`.
    pub fn actor(&self) -> Actor {
        Actor { id: self.id, name: self.name.clone(), role: self.role }
    }
}

/// Current user, available to everything on the page: `expect_context::<CurrentUser>()`.
///
/// It never goes stale, because signing in and signing out reload the page.
#[derive(Clone, Copy, Debug)]
pub struct CurrentUser(pub Fetched<Result<Option<SignedIn>, AppError>>);

impl CurrentUser {
    /// Loads the current user from the server and provides it as context.
    pub fn provide() {
        provide_context(Self(server_resource(|| (), |()| current_user())));
    }

    /// Returns the current user, once loaded. Read it under a `Suspense` or `Transition`.
    pub fn get(self) -> Option<SignedIn> {
        self.0.get().and_then(Result::ok).flatten()
    }
}

/// Returns the server's page for a form that was sent from another person's page; `None` on all
/// other requests.
pub(crate) fn session_changed_page() -> Option<AnyView> {
    #[cfg(feature = "ssr")]
    return session_changed::page();
    #[cfg(not(feature = "ssr"))]
    return None;
}

/// Loads the current user; `None` when nobody is signed in.
#[server(name = AskCurrentUser, input = Compact, output = Compact, endpoint = "current_user")]
pub async fn current_user() -> Result<Option<SignedIn>, AppError> {
    Ok(session().user)
}

/// Ends the session on the server and in the browser, and redirects to the sign-in page.
#[server(output = Compact, endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    let session = session();
    if let Some(token) = session.token() {
        expect_context::<store::Store>().sign_out(token).await?;
    }
    expect_context::<leptos_axum::ResponseOptions>()
        .append_header(http::header::SET_COOKIE, session.cookie.clear());
    leptos_axum::redirect("/login");
    Ok(())
}
