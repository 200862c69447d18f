//! `/setup`: creates the first account, through the link that the server prints when it starts.

use crate::{
    error::AppError,
    ui::{Button, ButtonKind, ErrorNote, TextField},
    wire::Wire,
};
use domain::people::{MAX_EMAIL_LENGTH, MAX_NAME_LENGTH, MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

/// Failed set-up, with the input to show again. It never contains the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUpAttempt {
    /// Secret from the link.
    pub token: String,
    /// Name as typed.
    pub name: String,
    /// E-mail address as typed.
    pub email: String,
    /// Error to show.
    pub error: AppError,
}

/// `/setup`.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let attempt =
        SharedValue::<_, Wire>::new_with_encoding(use_context::<SetUpAttempt>).into_inner();
    let query = use_query_map();
    let token = match &attempt {
        Some(attempt) => attempt.token.clone(),
        None => query.with_untracked(|query| query.get("token")).unwrap_or_default(),
    };
    let asked = token.clone();
    let opens = SharedValue::<_, Wire>::new_with_encoding(move || opens(&asked)).into_inner();
    let content = match opens {
        true => view! { <FirstAccount token attempt/> }.into_any(),
        false => {
            let error = AppError::NotFound(
                "This set-up link does not work: it was used, or the server was started again since. \
                 If nobody has an account yet, start the server and open the link that it prints."
                    .into(),
            );
            error.set_status();
            view! {
                <h1>"Set up Plumbline"</h1>
                <ErrorNote error/>
                <p><a href="/login">"Go to the sign-in page"</a></p>
            }
            .into_any()
        }
    };
    view! {
        <Title text="Set up Plumbline"/>
        <div class="login">
            <div class="login-card">{content}</div>
        </div>
    }
    .into_any()
}

/// Returns whether the secret belongs to the valid set-up link.
#[cfg(feature = "ssr")]
fn opens(token: &str) -> bool {
    use_context::<store::SetUpLink>().is_some_and(|link| link.opens(token))
}

/// Returns `false`; unused, because only the server renders this page.
#[cfg(not(feature = "ssr"))]
fn opens(_: &str) -> bool {
    false
}

#[component]
fn FirstAccount(token: String, attempt: Option<SetUpAttempt>) -> impl IntoView {
    let (name, email, error) = match attempt {
        Some(attempt) => (attempt.name, attempt.email, Some(attempt.error)),
        None => (String::new(), String::new(), None),
    };
    let wrong =
        |field: &'static str| Signal::stored(error.as_ref().and_then(|error| error.field(field)));
    let (wrong_name, wrong_email, wrong_password) =
        (wrong("name"), wrong("email"), wrong("password"));
    view! {
        <h1>"Set up Plumbline"</h1>
        <p class="login-help">
            "Make the first account. It is an admin's, who can then add the rest of the team."
        </p>
        {error.map(|error| view! { <ErrorNote error/> })}
        <form method="post" action="/setup" class="login-form">
            <input type="hidden" name="token" value=token/>
            <TextField
                name="name"
                label="Full name"
                value=name
                error=wrong_name
                autocomplete="name"
                maxlength=MAX_NAME_LENGTH
                required=true
                autofocus=true
            />
            <TextField
                name="email"
                label="E-mail"
                kind="email"
                value=email
                error=wrong_email
                autocomplete="username"
                maxlength=MAX_EMAIL_LENGTH
                required=true
            />
            <TextField
                name="password"
                label="Password"
                kind="password"
                hint=format!("At least {MIN_PASSWORD_LENGTH} characters.")
                error=wrong_password
                autocomplete="new-password"
                maxlength=MAX_PASSWORD_LENGTH
                required=true
            />
            <Button kind=ButtonKind::Primary submit=true>"Make the account"</Button>
        </form>
    }
    .into_any()
}
