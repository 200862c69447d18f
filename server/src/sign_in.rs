//! `POST /login`: a plain form, so that it works without JavaScript and all later pages are loaded
//! anew.

use crate::{answer, client_address::ClientAddress, pages, state::AppState};
use app::{
    auth::{Session, SignInAttempt, local_path},
    error::AppError,
};
use axum::{
    Form,
    extract::{Extension, State},
    http::{HeaderValue, header, request::Parts},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use store::{SignIn, SignInRefused};

#[derive(Deserialize)]
pub(crate) struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// Starts a session and redirects; on failure, shows the page again with the input and the error.
pub(crate) async fn sign_in(
    State(state): State<AppState>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    Extension(session): Extension<Session>,
    request: Parts,
    Form(form): Form<SignInForm>,
) -> Response {
    let attempt =
        SignIn { email: &form.email, password: &form.password, address, now: state.clock.now() };
    let refused = match state.store.sign_in(attempt).await {
        Ok(Ok(new)) => {
            if let Some(old) = session.token()
                && let Err(error) = state.store.sign_out(old).await
            {
                return pages::failure("/login", error);
            }
            tracing::info!(user = new.user.id.0, "signed in");
            // An account was added on the command line meanwhile.
            if let Some(link) = &state.settings.set_up {
                link.close();
            }
            let cookie = AppendHeaders([(header::SET_COOKIE, session.cookie.set(&new.token))]);
            return (cookie, Redirect::to(local_path(&form.next))).into_response();
        }
        Ok(Err(refused)) => refused,
        Err(error) => return pages::failure("/login", error),
    };
    tracing::info!(%address, ?refused, "sign-in refused");
    let error = explain(refused, AppError::invalid("", "Wrong e-mail or password."));
    let again = SignInAttempt { email: form.email, next: form.next, error: error.clone() };
    again_with(&state, request, &error, again).await
}

/// Shows the page again after a failed password check, with the delay before the next try.
pub(crate) async fn again_with<T: Clone + Send + Sync + 'static>(
    state: &AppState,
    request: Parts,
    error: &AppError,
    attempt: T,
) -> Response {
    let mut response = pages::page(state, request, answer::code(error), attempt).await;
    if let AppError::TooMany { seconds, .. } = error {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

/// Converts a failed password check to an error; `wrong` applies to a wrong password.
pub(crate) fn explain(refused: SignInRefused, wrong: AppError) -> AppError {
    match refused {
        SignInRefused::Wrong => wrong,
        SignInRefused::Slow { wait } => {
            let seconds = wait.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX);
            let unit = if seconds == 1 { "second" } else { "seconds" };
            AppError::TooMany {
                message: format!("Too many tries. Wait {seconds} {unit}."),
                seconds,
            }
        }
        SignInRefused::Disabled => AppError::Forbidden(
            "This account is disabled. An admin of your team can enable it again.".into(),
        ),
    }
}
