//! `/users/ID`: one person, with forms for an admin.

use super::{
    ROLES, UserAttempt, UserForm, api::user, at_least, done, list::FormNotice, role_choices,
};
use crate::{
    address,
    auth::{CurrentUser, PagePerson},
    error::AppError,
    ui::{Button, ButtonKind, ErrorNote, Page, PageError, SelectField, TextField, Time, icons},
    wire::{Wire, server_resource},
};
use domain::{
    id::UserId,
    people::{MAX_NAME_LENGTH, MAX_PASSWORD_LENGTH},
    permission::may_restrict_user,
    view::Account,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// `/users/ID`.
#[component]
pub fn UserPage() -> impl IntoView {
    let attempt =
        SharedValue::<_, Wire>::new_with_encoding(use_context::<UserAttempt>).into_inner();
    let params = use_params_map();
    let id = move || params.with(|params| address::id::<UserId>(params, "id"));
    let person = server_resource(id, |id| async move { user(id?).await });
    let viewer = expect_context::<CurrentUser>();
    let page = move || {
        let attempt = attempt.clone();
        Suspend::new(async move {
            let viewer = viewer.0.await.ok().flatten();
            match (person.await, viewer) {
                (Ok(person), Some(viewer)) => {
                    let restrict = may_restrict_user(&viewer.actor(), person.id);
                    view! { <Person person restrict attempt/> }.into_any()
                }
                (Err(error), _) => view! { <PageError error/> }.into_any(),
                (_, None) => view! { <PageError error=AppError::SignInNeeded/> }.into_any(),
            }
        })
    };
    view! { <Transition>{page}</Transition> }.into_any()
}

#[component]
fn Person(
    person: Account,
    /// Whether the person's role and access may be changed.
    restrict: bool,
    attempt: Option<UserAttempt>,
) -> impl IntoView {
    let said = use_query_map()
        .with_untracked(|query| query.get("done"))
        .and_then(|slug| done(&slug, &person.name))
        .filter(|_| attempt.is_none());
    let failed = |form| attempt.clone().filter(|attempt| attempt.form == Some(form));
    let name = failed(UserForm::Name).map_or_else(|| person.name.clone(), |again| again.name);
    let error = |form: UserForm| failed(form).map(|again| again.error);
    let wrong_name = error(UserForm::Name).map(|error| error.to_string());
    let wrong_password = error(UserForm::Password).map(|error| error.to_string());
    let placed = [UserForm::Name, UserForm::Password];
    let elsewhere = attempt
        .filter(|attempt| !attempt.form.is_some_and(|form| placed.contains(&form)))
        .map(|attempt| attempt.error);
    let action = format!("/users/{}", person.id);
    view! {
        <Page
            title=person.name.clone()
            above=("/users".to_owned(), "Users".to_owned())
            narrow=true
        >
            {said.map(|said| view! { <FormNotice words=said/> })}
            {elsewhere.map(|error| view! { <ErrorNote error/> })}
            <dl class="user-facts">
                <div><dt>"E-mail"</dt><dd>{person.email.clone()}</dd></div>
                <div><dt>"State"</dt><dd>{if person.disabled { "Disabled" } else { "Active" }}</dd></div>
                <div>
                    <dt>"Last seen"</dt>
                    <dd>
                        {match person.last_seen_at {
                            Some(at) => view! { <Time at/> }.into_any(),
                            None => "Never".into_any(),
                        }}
                    </dd>
                </div>
                <div><dt>"Added"</dt><dd><Time at=person.created_at/></dd></div>
            </dl>
            <form method="post" action=action.clone() class="card user-form">
                <PagePerson/>
                <Which form=UserForm::Name/>
                <TextField
                    name="name"
                    label="Name"
                    value=name
                    error=wrong_name
                    autocomplete="off"
                    maxlength=MAX_NAME_LENGTH
                    required=true
                />
                <Button submit=true>"Save name"</Button>
            </form>
            <form method="post" action=action.clone() class="card user-form">
                <PagePerson/>
                <Which form=UserForm::Role/>
                <SelectField
                    name="role"
                    label="Role"
                    choices=role_choices()
                    value=person.role.slug().to_owned()
                    disabled=!restrict
                    hint=if restrict { ROLES } else { "Another admin can change your own role." }
                />
                <Button submit=true disabled=!restrict>"Save role"</Button>
            </form>
            <form method="post" action=action.clone() class="card user-form">
                <PagePerson/>
                <Which form=UserForm::Password/>
                <TextField
                    name="password"
                    label="New password"
                    kind="password"
                    error=wrong_password
                    autocomplete="new-password"
                    maxlength=MAX_PASSWORD_LENGTH
                    required=true
                    hint=format!("{} Setting it ends all their sessions.", at_least())
                />
                <Button submit=true>"Set password"</Button>
            </form>
            {if restrict {
                access(&person).into_any()
            } else {
                view! {
                    <p class="user-own">
                        "This is your own account. Another admin can disable or delete it."
                    </p>
                }
                    .into_any()
            }}
        </Page>
    }
    .into_any()
}

/// Renders the forms to disable, enable or delete the account.
fn access(person: &Account) -> impl IntoView + use<> {
    let action = format!("/users/{}", person.id);
    let (form, words, what) = if person.disabled {
        (UserForm::Enable, "Enable", "They cannot sign in. Enable the account to let them again.")
    } else {
        (UserForm::Disable, "Disable", "Disable to sign them out now and block sign-in.")
    };
    let question = format!(
        "Delete {}? They can never sign in again. Their inspections and changes stay, under this name.",
        person.name
    );
    let delete = format!("Delete {}", person.name);
    view! {
        <section class="card user-access" aria-label="Access">
            <form method="post" action=action.clone() class="user-step">
                <PagePerson/>
                <Which form/>
                <p>{what}</p>
                <Button submit=true>{words}</Button>
            </form>
            <details class="user-delete">
                <summary>"Delete this account…"</summary>
                <form method="post" action=action class="user-step">
                    <PagePerson/>
                    <Which form=UserForm::Delete/>
                    <p>{question}</p>
                    <Button submit=true kind=ButtonKind::Danger icon=icons::TRASH_2>
                        {delete}
                    </Button>
                </form>
            </details>
        </section>
    }
}

/// Hidden control that names the form sent. All forms post to the page's own address, so that a
/// failed one is answered there.
#[component]
fn Which(form: UserForm) -> impl IntoView {
    view! { <input type="hidden" name="form" value=form.slug()/> }
}
