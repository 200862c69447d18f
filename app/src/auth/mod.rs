//! Signing in and out, and who is signed in.

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
    wire::{Compact, Fetched, fetched},
};
use domain::{Actor, Role, UserId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The user.
    pub id: UserId,
    /// Their full name.
    pub name: String,
    /// Their address, with which they sign in.
    pub email: String,
    /// What they may do.
    pub role: Role,
}

impl SignedIn {
    /// As the rules in `domain` know them.
    pub fn actor(&self) -> Actor {
        Actor { id: self.id, name: self.name.clone(), role: self.role }
    }
}

/// Who is signed in, for everything on the page: `expect_context::<CurrentUser>()`.
///
/// Signing in and out load the page anew, so this never grows stale.
#[derive(Clone, Copy, Debug)]
pub struct CurrentUser(pub Fetched<Result<Option<SignedIn>, AppError>>);

impl CurrentUser {
    /// Asks the server and provides the answer as context.
    pub fn provide() {
        provide_context(Self(fetched(|| (), |()| current_user())));
    }

    /// Who is signed in, once known. Read it under a `Suspense` or `Transition`.
    pub fn get(self) -> Option<SignedIn> {
        self.0.get().and_then(Result::ok).flatten()
    }
}

/// The page that answers a form of another person's page, on the server while it answers one.
pub(crate) fn session_changed_page() -> Option<AnyView> {
    #[cfg(feature = "ssr")]
    return session_changed::page();
    #[cfg(not(feature = "ssr"))]
    return None;
}

/// Who is signed in.
#[server(name = AskCurrentUser, input = Compact, output = Compact)]
pub async fn current_user() -> Result<Option<SignedIn>, AppError> {
    Ok(session().user)
}

/// Ends the session on the server and in the browser, and leads to the sign-in page.
#[server(output = Compact)]
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
