//! `/login`: a plain HTML form. The server answers a failed attempt with this page and the previous
//! input.

use super::{
    first_run::{DemoAccounts, FirstRun},
    local_path,
};
use crate::{
    error::AppError,
    ui::{Button, ButtonKind, ErrorNote, TextField},
    wire::Wire,
};
use domain::people::{MAX_EMAIL_LENGTH, MAX_PASSWORD_LENGTH};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

/// Failed sign-in, with the input to show again. It never contains the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInAttempt {
    /// E-mail address as typed.
    pub email: String,
    /// Address of the page to open after signing in.
    pub next: String,
    /// Error to show.
    pub error: AppError,
}

/// `/login`.
#[component]
pub fn LoginPage() -> impl IntoView {
    let attempt =
        SharedValue::<_, Wire>::new_with_encoding(use_context::<SignInAttempt>).into_inner();
    let first_run = SharedValue::<_, Wire>::new_with_encoding(use_context::<FirstRun>).into_inner();
    let FirstRun { needs_set_up, demo } = first_run.unwrap_or_default();
    let query = use_query_map();
    let (email, next, error) = match attempt {
        Some(attempt) => (attempt.email, attempt.next, Some(attempt.error)),
        None => {
            let next = query.with_untracked(|query| query.get("next")).unwrap_or_default();
            (String::new(), next, None)
        }
    };
    let next = local_path(&next).to_owned();
    let known = !email.is_empty();
    let goal = next.clone();

    view! {
        <Title text="Sign in"/>
        <div class="login">
            <div class="login-card">
                <h1>"Sign in"</h1>
                {error.map(|error| view! { <ErrorNote error/> })}
                {needs_set_up
                    .then(|| {
                        view! {
                            <p class="note">
                                "Nobody has an account yet. Open the set-up link that the server \
                                 printed when it started, to make the first one."
                            </p>
                        }
                    })}
                <form method="post" action="/login" class="login-form">
                    <input type="hidden" name="next" value=next/>
                    <TextField
                        name="email"
                        label="E-mail"
                        kind="email"
                        value=email
                        autocomplete="username"
                        maxlength=MAX_EMAIL_LENGTH
                        required=true
                        autofocus=!known
                    />
                    <TextField
                        name="password"
                        label="Password"
                        kind="password"
                        autocomplete="current-password"
                        maxlength=MAX_PASSWORD_LENGTH
                        required=true
                        autofocus=known
                    />
                    <Button kind=ButtonKind::Primary submit=true>"Sign in"</Button>
                </form>
                <p class="login-help">
                    "No account or forgot your password? Ask your admin."
                </p>
                {(!demo.is_empty()).then(|| view! { <DemoAccounts accounts=demo next=goal/> })}
            </div>
        </div>
    }
    .into_any()
}
