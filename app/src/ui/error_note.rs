//! Errors, where they happened and with a way on.

use super::{Button, Icon, Page};
use crate::{
    error::AppError,
    frame::{ask_to_sign_in, sign_in_link},
};
use leptos::prelude::*;

/// Leads to the sign-in page in a tab of its own, so that nothing typed on this one is lost.
#[component]
pub fn SignInLink() -> impl IntoView {
    view! {
        <a class="button button-secondary" href=sign_in_link() target="_blank" rel="noopener">
            "Sign in"
        </a>
    }
}

/// An error in place: what went wrong, and a button to try again where that may help.
#[component]
pub fn ErrorNote(
    /// What went wrong.
    error: AppError,
    /// Tries again.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let sign_in = error.is_about_session();
    let retry = retry.filter(|_| sign_in || error.is_passing());
    view! {
        <div class="note note-error" role="alert">
            <Icon icon=icondata_lu::LuCircleAlert/>
            <p>{error.to_string()}</p>
            {sign_in.then(|| view! { <SignInLink/> })}
            {retry
                .map(|retry| {
                    view! { <Button on_click=move |_| retry.run(())>"Try again"</Button> }
                })}
        </div>
    }
}

/// A page that could not be made: has the right HTTP status, says what is so, and leads on. Whoever
/// is not signed in is taken to the sign-in page and back.
#[component]
pub fn PageError(
    /// What went wrong.
    error: AppError,
    /// Tries again.
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
