//! The forms of `/users`: each does one thing, then leads back to a page; one that did not succeed
//! gets its page back as it was.

use crate::{pages, state::AppState};
use app::{
    auth::Session,
    error::AppError,
    users::{UserAttempt, UserForm, refuse_unless_admin},
};
use axum::{
    Form, Router,
    extract::{Extension, Path, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use domain::{Actor, Role, UserId, may_restrict_user};
use serde::Deserialize;
use store::NewUser;

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
        Err(error) => again(&state, request, UserForm::Add, typed, error).await,
    }
}

async fn try_add(state: &AppState, session: &Session, typed: &Typed) -> Result<UserId, AppError> {
    refuse_unless_admin(&session.actor()?)?;
    let new = NewUser {
        email: typed.email.clone(),
        name: typed.name.clone(),
        role: role(&typed.role)?,
        password: typed.password.clone(),
    };
    Ok(state.store.add_user(&new, state.clock.now()).await?.id)
}

async fn change(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    Path(id): Path<i64>,
    request: Parts,
    Form(typed): Form<Typed>,
) -> Response {
    let Some(form) = UserForm::from_slug(&typed.form) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match try_change(&state, &session, UserId(id), form, &typed).await {
        Ok(()) if form == UserForm::Delete => Redirect::to("/users?done=delete").into_response(),
        Ok(()) => Redirect::to(&format!("/users/{id}?done={}", form.slug())).into_response(),
        Err(error) => again(&state, request, form, typed, error).await,
    }
}

async fn try_change(
    state: &AppState,
    session: &Session,
    id: UserId,
    form: UserForm,
    typed: &Typed,
) -> Result<(), AppError> {
    let actor = session.actor()?;
    refuse_unless_admin(&actor)?;
    let (store, now) = (&state.store, state.clock.now());
    match form {
        UserForm::Add => return Err(AppError::NotFound("There is no such form.".into())),
        UserForm::Name => store.rename(id, &typed.name).await?,
        UserForm::Password => store.set_password(id, &typed.password).await?,
        UserForm::Enable => store.set_disabled(id, false, now).await?,
        UserForm::Role => {
            refuse_own(&actor, id)?;
            store.set_role(id, role(&typed.role)?).await?;
        }
        UserForm::Disable => {
            refuse_own(&actor, id)?;
            store.set_disabled(id, true, now).await?;
        }
        UserForm::Delete => {
            refuse_own(&actor, id)?;
            store.delete_user(id).await?;
        }
    }
    tracing::info!(by = actor.id.0, user = id.0, form = form.slug(), "account changed");
    Ok(())
}

fn refuse_own(actor: &Actor, id: UserId) -> Result<(), AppError> {
    if may_restrict_user(actor, id) {
        return Ok(());
    }
    Err(AppError::Forbidden("This is your own account. Ask another admin to do that.".into()))
}

fn role(slug: &str) -> Result<Role, AppError> {
    slug.parse().map_err(|()| AppError::invalid("role", "Choose one of the roles."))
}

async fn again(
    state: &AppState,
    request: Parts,
    form: UserForm,
    typed: Typed,
    error: AppError,
) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::FORBIDDEN);
    let Typed { email, name, role, .. } = typed;
    pages::page(state, request, status, UserAttempt { form, email, name, role, error }).await
}
