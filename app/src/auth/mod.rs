//! Signing in and out, and who is signed in.

use crate::{error::AppError, ui::Page};
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
pub struct CurrentUser(pub Resource<Result<Option<SignedIn>, AppError>>);

impl CurrentUser {
    /// Asks the server and provides the answer as context.
    pub fn provide() {
        provide_context(Self(Resource::new(|| (), |()| current_user())));
    }

    /// Who is signed in, once known. Read it under a `Suspense` or `Transition`.
    pub fn get(self) -> Option<SignedIn> {
        self.0.get().and_then(Result::ok).flatten()
    }
}

/// Who is signed in.
#[server(name = AskCurrentUser)]
pub async fn current_user() -> Result<Option<SignedIn>, AppError> {
    Ok(None)
}

/// Ends the session and leads to the sign-in page.
#[server]
pub async fn sign_out() -> Result<(), AppError> {
    leptos_axum::redirect("/login");
    Ok(())
}

/// `/login`.
#[component]
pub fn LoginPage() -> impl IntoView {
    view! { <Page title="Sign in"><p></p></Page> }
}
