//! `POST /setup`: creates the first account and signs its owner in.

use crate::{client_address::ClientAddress, pages, sign_in::again_with, state::AppState};
use app::{
    auth::{Session, SetUpAttempt},
    error::AppError,
};
use axum::{
    Form,
    extract::{Extension, State},
    http::{header, request::Parts},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use domain::people::Role;
use serde::Deserialize;
use store::{NewUser, SignIn};

#[derive(Deserialize)]
pub(crate) struct SetUpForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// Creates the first account and redirects to the start page; on failure, shows the page again with
/// the input and the error.
pub(crate) async fn set_up(
    State(state): State<AppState>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    Extension(session): Extension<Session>,
    request: Parts,
    Form(form): Form<SetUpForm>,
) -> Response {
    if let Err(error) = make_admin(&state, &form).await {
        tracing::info!(%address, %error, "set-up refused");
        let SetUpForm { token, name, email, .. } = form;
        let attempt = SetUpAttempt { token, name, email, error: error.clone() };
        return again_with(&state, request, &error, attempt).await;
    }
    let (email, password, now) = (&form.email, &form.password, state.clock.now());
    match state.store.sign_in(SignIn { email, password, address, now }).await {
        Ok(Ok(new)) => {
            let cookie = AppendHeaders([(header::SET_COOKIE, session.cookie.set(&new.token))]);
            (cookie, Redirect::to("/")).into_response()
        }
        // The account exists, so its owner can sign in on the login page.
        Ok(Err(_)) => Redirect::to("/login").into_response(),
        Err(error) => pages::failure("/setup", error),
    }
}

async fn make_admin(state: &AppState, form: &SetUpForm) -> Result<(), AppError> {
    let link = state.settings.set_up.as_ref().filter(|link| link.opens(&form.token));
    let closed = || AppError::NotFound("This set-up link does not work any more.".into());
    let link = link.ok_or_else(closed)?;
    let new = NewUser {
        email: form.email.clone(),
        name: form.name.clone(),
        role: Role::Admin,
        password: form.password.clone(),
    };
    let added = state.store.add_first_admin(&new, state.clock.now()).await?;
    // An account exists now, whoever created it.
    link.close();
    let admin = added.ok_or_else(closed)?;
    tracing::info!(user = admin.id.0, "the first account was made");
    Ok(())
}
