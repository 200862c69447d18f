//! `POST /account`: a person changes their own password.

use crate::{
    client_address::ClientAddress,
    sign_in::{again_with, explain},
    state::AppState,
};
use app::{auth::Session, error::AppError, users::PasswordAttempt};
use axum::{
    Form,
    extract::{Extension, State},
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use std::net::IpAddr;
use store::SignIn;

#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    current: String,
    #[serde(default)]
    new: String,
}

/// Sets the password and redirects to the page; on failure, shows the page again with the error.
pub(crate) async fn change_password(
    State(state): State<AppState>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    Extension(session): Extension<Session>,
    request: Parts,
    Form(typed): Form<Typed>,
) -> Response {
    match try_change(&state, &session, address, &typed).await {
        Ok(()) => Redirect::to("/account?done=password").into_response(),
        Err(error) => again_with(&state, request, &error, PasswordAttempt(error.clone())).await,
    }
}

async fn try_change(
    state: &AppState,
    session: &Session,
    address: IpAddr,
    typed: &Typed,
) -> Result<(), AppError> {
    let (Some(user), Some(token)) = (&session.user, session.token()) else {
        return Err(AppError::SignInNeeded);
    };
    let (email, password, now) = (&user.email, &typed.current, state.clock.now());
    let attempt = SignIn { email, password, address, now };
    match state.store.change_password(attempt, &typed.new, token).await? {
        Ok(()) => {
            tracing::info!(user = user.id.0, "password changed");
            Ok(())
        }
        Err(refused) => {
            tracing::info!(user = user.id.0, %address, ?refused, "a change of password was refused");
            let wrong = "This is not the password that you have now.";
            Err(explain(refused, AppError::invalid("current", wrong)))
        }
    }
}
