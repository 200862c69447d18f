//! `/account`: the person's own account, with a form to change the password.

use super::{at_least, list::FormNotice};
use crate::{
    auth::{CurrentUser, PagePerson, SignedIn},
    error::AppError,
    ui::{Button, ButtonKind, ErrorNote, Page, PageError, TextField},
    wire::Wire,
};
use domain::people::MAX_PASSWORD_LENGTH;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

/// Failed change of the person's own password. It never contains the typed passwords.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordAttempt(
    /// Error to show.
    pub AppError,
);

/// `/account`.
#[component]
pub fn AccountPage() -> impl IntoView {
    let attempt =
        SharedValue::<_, Wire>::new_with_encoding(use_context::<PasswordAttempt>).into_inner();
    let viewer = expect_context::<CurrentUser>();
    let page = move || {
        let attempt = attempt.clone();
        Suspend::new(async move {
            match viewer.0.await {
                Ok(Some(user)) => view! { <Own user attempt/> }.into_any(),
                Ok(None) => view! { <PageError error=AppError::SignInNeeded/> }.into_any(),
                Err(error) => view! { <PageError error/> }.into_any(),
            }
        })
    };
    view! { <Transition>{page}</Transition> }.into_any()
}

#[component]
fn Own(user: SignedIn, attempt: Option<PasswordAttempt>) -> impl IntoView {
    let done = use_query_map().with_untracked(|query| query.get("done")).is_some();
    let said = (done && attempt.is_none()).then(|| {
        let words = "Your password was changed. You have been signed out everywhere else.";
        view! { <FormNotice words=words.to_owned()/> }
    });
    let error = attempt.map(|PasswordAttempt(error)| error);
    let wrong = |field: &str| error.as_ref().and_then(|error| error.field(field));
    let (wrong_current, wrong_new) = (wrong("current"), wrong("new"));
    let placed = wrong_current.is_some() || wrong_new.is_some();
    let note = error.filter(|_| !placed).map(|error| view! { <ErrorNote error/> });
    view! {
        <Page title="Your account" narrow=true>
            {said}
            {note}
            <dl class="user-facts">
                <div><dt>"Name"</dt><dd>{user.name}</dd></div>
                <div><dt>"E-mail"</dt><dd>{user.email}</dd></div>
                <div><dt>"Role"</dt><dd>{user.role.label()}</dd></div>
            </dl>
            <form
                method="post"
                action="/account"
                class="card user-form"
                aria-labelledby="change-password"
            >
                <PagePerson/>
                <h2 id="change-password">"Change password"</h2>
                <TextField
                    name="current"
                    label="Current password"
                    kind="password"
                    error=wrong_current
                    autocomplete="current-password"
                    maxlength=MAX_PASSWORD_LENGTH
                    required=true
                />
                <TextField
                    name="new"
                    label="New password"
                    kind="password"
                    error=wrong_new
                    autocomplete="new-password"
                    maxlength=MAX_PASSWORD_LENGTH
                    required=true
                    hint=format!("{} Your sessions elsewhere end.", at_least())
                />
                <Button kind=ButtonKind::Primary submit=true>"Change password"</Button>
            </form>
            <p class="user-own">"An admin of your team can change your name and your role."</p>
        </Page>
    }
    .into_any()
}
