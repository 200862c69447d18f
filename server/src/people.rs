//! Forms of `/users`. Each performs one action and redirects to a page; a failed form is shown
//! again with its input.

use crate::{answer, pages, state::AppState};
use app::{
    auth::Session,
    error::AppError,
    users::{UserAttempt, UserForm},
};
use axum::{
    Form, Router,
    extract::{Extension, Path, State},
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use domain::{id::UserId, people::Role};
use serde::Deserialize;
use service::people::{self, AccountChange, NewUser};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/users", post(add)).route("/users/{id}", post(change))
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    form: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    password: String,
}

async fn add(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    request: Parts,
    Form(typed): Form<Typed>,
) -> Response {
    match try_add(&state, &session, &typed).await {
        Ok(id) => Redirect::to(&format!("/users?done=add&who={id}")).into_response(),
        Err(error) => again(&state, request, Some(UserForm::Add), typed, error).await,
    }
}

async fn try_add(state: &AppState, session: &Session, typed: &Typed) -> Result<UserId, AppError> {
    let actor = session.actor()?;
    people::require_admin(&actor)?;
    let new = NewUser {
        email: typed.email.clone(),
        name: typed.name.clone(),
        role: role(&typed.role)?,
        password: typed.password.clone(),
    };
    Ok(people::add(&state.store, &actor, state.clock.now(), &new).await?)
}

async fn change(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    Path(id): Path<i64>,
    request: Parts,
    Form(typed): Form<Typed>,
) -> Response {
    let form = UserForm::from_slug(&typed.form);
    match try_change(&state, &session, UserId(id), form, &typed).await {
        Ok(()) if form == Some(UserForm::Delete) => {
            Redirect::to("/users?done=delete").into_response()
        }
        Ok(()) => Redirect::to(&format!("/users/{id}?done={}", typed.form)).into_response(),
        Err(error) => again(&state, request, form, typed, error).await,
    }
}

async fn try_change(
    state: &AppState,
    session: &Session,
    id: UserId,
    form: Option<UserForm>,
    typed: &Typed,
) -> Result<(), AppError> {
    let actor = session.actor()?;
    people::require_admin(&actor)?;
    let change = match form {
        None | Some(UserForm::Add) => {
            let words = "This page has no such form. Nothing was changed; please try again.";
            return Err(AppError::invalid("", words));
        }
        Some(UserForm::Name) => AccountChange::Rename(typed.name.clone()),
        Some(UserForm::Password) => AccountChange::SetPassword(typed.password.clone()),
        Some(UserForm::Enable) => AccountChange::Enable,
        Some(UserForm::Role) => AccountChange::SetRole(role(&typed.role)?),
        Some(UserForm::Disable) => AccountChange::Disable,
        Some(UserForm::Delete) => AccountChange::Delete,
    };
    people::change(&state.store, &actor, state.clock.now(), id, &change).await?;
    tracing::info!(by = actor.id.0, user = id.0, form = typed.form, "account changed");
    Ok(())
}

fn role(slug: &str) -> Result<Role, AppError> {
    slug.parse().map_err(|()| AppError::invalid("role", "Choose one of the roles."))
}

async fn again(
    state: &AppState,
    request: Parts,
    form: Option<UserForm>,
    typed: Typed,
    error: AppError,
) -> Response {
    let status = answer::code(&error);
    let Typed { email, name, role, .. } = typed;
    pages::page(state, request, status, UserAttempt { form, email, name, role, error }).await
}
