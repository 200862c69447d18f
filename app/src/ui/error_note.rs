//! Error messages, with a link to sign in or a button to try again.

use super::{Button, Icon, Page, SignInLink, ask_to_sign_in, icons};
use crate::error::AppError;
use leptos::prelude::*;

/// Error message in place, with a retry button when a retry may help.
#[component]
pub fn ErrorNote(
    /// Error to show.
    error: AppError,
    /// Callback of the retry button.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let sign_in = error.is_about_session();
    let retry = retry.filter(|_| sign_in || error.is_passing());
    view! {
        <div class="note note-error" role="alert">
            <Icon icon=icons::CIRCLE_ALERT/>
            <p>{error.to_string()}</p>
            {sign_in.then(|| view! { <SignInLink/> })}
            {retry
                .map(|retry| {
                    view! { <Button on_click=move |_| retry.run(())>"Try again"</Button> }
                })}
        </div>
    }
}

/// Page shown in place of one that failed to load. It sets the HTTP status, explains the error and
/// offers the next step. A person who is not signed in is redirected to the sign-in page and back.
#[component]
pub fn PageError(
    /// Error to show.
    error: AppError,
    /// Callback of the retry button.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let title = match error {
        AppError::SignInNeeded => {
            ask_to_sign_in();
            "Sign in"
        }
        AppError::Forbidden(_) => "You don't have access",
        AppError::NotFound(_) => "Not found",
        AppError::Unreadable(_) => "Cannot be read",
        AppError::Offline => "No connection",
        _ => "Something went wrong",
    };
    if !matches!(error, AppError::SignInNeeded) {
        error.set_status();
    }
    view! {
        <Page title>
            {match retry {
                Some(retry) => view! { <ErrorNote error retry/> }.into_any(),
                None => view! { <ErrorNote error/> }.into_any(),
            }}
            <p><a href="/">"Back to the start"</a></p>
        </Page>
    }
    .into_any()
}
