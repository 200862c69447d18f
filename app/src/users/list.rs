//! `/users`: the list of people, and a form to add a person.

use super::{ROLES, UserAttempt, api::users, at_least, done, role_choices};
use crate::{
    address,
    auth::PagePerson,
    error::AppError,
    ui::{
        Avatar, Button, ButtonKind, ErrorNote, Icon, Page, PageError, SelectField, TextField, Time,
        icons,
    },
    wire::{Wire, server_resource},
};
use domain::{
    id::UserId,
    people::{MAX_EMAIL_LENGTH, MAX_NAME_LENGTH, MAX_PASSWORD_LENGTH},
    view::Account,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// `/users`.
#[component]
pub fn UsersPage() -> impl IntoView {
    let attempt =
        SharedValue::<_, Wire>::new_with_encoding(use_context::<UserAttempt>).into_inner();
    let query = use_query_map().get_untracked();
    let subject = address::optional(&query, "who", "Choose a person from the list of users.");
    let people = server_resource(
        move || subject.clone(),
        |subject| async move { Ok::<_, AppError>((subject?, users().await?)) },
    );
    let page = move || {
        Suspend::new({
            let attempt = attempt.clone();
            async move {
                match people.await {
                    Ok((subject, people)) => view! { <People people subject attempt/> }.into_any(),
                    Err(error) => view! { <PageError error/> }.into_any(),
                }
            }
        })
    };
    view! { <Transition>{page}</Transition> }.into_any()
}

#[component]
fn People(
    people: Vec<Account>,
    /// Person whom the last action concerns.
    subject: Option<UserId>,
    attempt: Option<UserAttempt>,
) -> impl IntoView {
    let query = use_query_map().get_untracked();
    let name = people.iter().find(|person| Some(person.id) == subject).map(|person| &person.name);
    let said = query
        .get("done")
        .and_then(|slug| done(&slug, name.map_or("The person", String::as_str)))
        .filter(|_| attempt.is_none());
    let rows = people.into_iter().map(row).collect_view();
    view! {
        <Page title="Users">
            {said.map(|said| view! { <FormNotice words=said/> })}
            <div class="card">
                <div class="table-wrap">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">"Name and e-mail"</th>
                                <th scope="col">"Role"</th>
                                <th scope="col" class="user-state">"State"</th>
                                <th scope="col" class="user-seen">"Last seen"</th>
                                <th scope="col"><span class="visually-hidden">"Change"</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </div>
            <AddPerson attempt/>
        </Page>
    }
    .into_any()
}

/// Message that confirms the last action.
#[component]
pub(super) fn FormNotice(words: String) -> impl IntoView {
    view! {
        <div class="note" role="status">
            <Icon icon=icons::CIRCLE_CHECK/>
            <p>{words}</p>
        </div>
    }
}

fn row(person: Account) -> impl IntoView {
    let href = format!("/users/{}", person.id);
    let label = format!("Change {}", domain::text::isolate(&person.name));
    view! {
        <tr class:user-disabled=person.disabled>
            <th scope="row">
                <span class="user-who">
                    <Avatar name=person.name.clone()/>
                    <span>
                        <a href=href.clone()><bdi>{person.name}</bdi></a>
                        <span class="user-email">{person.email}</span>
                        {person.disabled.then(|| view! { <span class="user-off">"Disabled"</span> })}
                    </span>
                </span>
            </th>
            <td>{person.role.label()}</td>
            <td class="user-state">{if person.disabled { "Disabled" } else { "Active" }}</td>
            <td class="user-seen">
                {match person.last_seen_at {
                    Some(at) => view! { <Time at/> }.into_any(),
                    None => "Never".into_any(),
                }}
            </td>
            <td class="user-change">
                <a class="button button-quiet icon-only" href=href aria-label=label>
                    <Icon icon=icons::PENCIL/>
                </a>
            </td>
        </tr>
    }
}

#[component]
fn AddPerson(attempt: Option<UserAttempt>) -> impl IntoView {
    let (email, name, role, error) = match attempt {
        Some(attempt) => (attempt.email, attempt.name, attempt.role, Some(attempt.error)),
        None => (String::new(), String::new(), "inspector".to_owned(), None),
    };
    let open = error.is_some();
    let wrong = |field: &str| error.as_ref().and_then(|error| error.field(field));
    let (wrong_name, wrong_email, wrong_password) =
        (wrong("name"), wrong("email"), wrong("password"));
    let placed = wrong_name.is_some() || wrong_email.is_some() || wrong_password.is_some();
    let note = error.filter(|_| !placed);
    view! {
        <details class="card users-add" open=open>
            <summary class="card-head">
                <h2>"Add a person"</h2>
                <Icon icon=icons::CHEVRON_DOWN/>
            </summary>
            <div class="card-body">
                {note.map(|error| view! { <ErrorNote error/> })}
                <form method="post" action="/users" class="form">
                    <PagePerson/>
                    <div class="fields">
                        <TextField
                            name="name"
                            label="Name"
                            value=name
                            error=wrong_name
                            autocomplete="off"
                            maxlength=MAX_NAME_LENGTH
                            required=true
                        />
                        <TextField
                            name="email"
                            label="E-mail"
                            kind="email"
                            value=email
                            error=wrong_email
                            autocomplete="off"
                            maxlength=MAX_EMAIL_LENGTH
                            required=true
                        />
                        <SelectField name="role" label="Role" choices=role_choices() value=role/>
                        <TextField
                            name="password"
                            label="Initial password"
                            kind="password"
                            error=wrong_password
                            autocomplete="new-password"
                            maxlength=MAX_PASSWORD_LENGTH
                            required=true
                            hint=format!(
                                "{} Share it safely. They can change it under Account.",
                                at_least(),
                            )
                        />
                    </div>
                    <p class="users-roles">{ROLES}</p>
                    <div class="form-actions">
                        <Button kind=ButtonKind::Primary submit=true icon=icons::USER_PLUS>
                            "Add"
                        </Button>
                    </div>
                </form>
            </div>
        </details>
    }
    .into_any()
}
