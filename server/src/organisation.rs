//! Form of `/settings/organisation` with a logo, and the route that serves the logo.

use crate::{
    answer,
    completion::to_its_end,
    pages,
    photos::{broken, not_spooled, pass_over, spooled, text},
    state::AppState,
};
use app::{auth::Session, error::AppError, organisation::OrganisationAttempt};
use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Extension, Multipart, Path, State},
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use domain::{
    inspection::{MAX_PHOTO_BYTES, PhotoError},
    people::Actor,
};
use service::{
    organisation::{self, LogoChange},
    photos::ReadLogo,
};

/// Maximum size of the form, in bytes: a logo and its text fields.
const MAX_BYTES: usize = MAX_PHOTO_BYTES as usize + 100_000;

/// Returns the routes. The page is one of `pages`, at the same address as its form.
pub(crate) fn routes(pages: Router) -> Router<AppState> {
    let form = post(save).layer(DefaultBodyLimit::max(MAX_BYTES));
    Router::new()
        .route("/settings/organisation", form.get_service(pages))
        .route("/settings/organisation/logo/{sha256}", get(logo))
}

/// Content of the form.
#[derive(Default)]
struct Sent {
    name: String,
    address: String,
    removes_logo: bool,
    logo: Option<Result<ReadLogo, PhotoError>>,
}

async fn save(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    request: Parts,
    mut form: Multipart,
) -> Response {
    let permitted = session.actor().and_then(|actor| {
        organisation::require_manager(&actor)?;
        Ok(actor)
    });
    let mut sent = Sent::default();
    let saved = match permitted {
        Ok(actor) => match receive(&mut form, &mut sent).await {
            Ok(()) => try_save(&state, &actor, &sent).await,
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    let Err(error) = saved else {
        return Redirect::to("/settings/organisation?done=save").into_response();
    };
    // The form is read to its end, because the browser shows the response only afterwards.
    pass_over(form).await;
    let Sent { name, address, logo, .. } = sent;
    let status = answer::code(&error);
    let attempt = OrganisationAttempt { name, address, had_logo: logo.is_some(), error };
    to_its_end(async move { pages::page(&state, request, status, attempt).await }).await
}

async fn receive(form: &mut Multipart, sent: &mut Sent) -> Result<(), AppError> {
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        match field.name().unwrap_or_default() {
            "name" => sent.name = text(field).await?,
            "address" => sent.address = text(field).await?,
            "remove_logo" => sent.removes_logo = !text(field).await?.is_empty(),
            "logo" => {
                sent.logo = match spooled(field).await? {
                    Some(Ok((name, file))) => {
                        let bytes = file.into_bytes().await.map_err(|error| not_spooled(&error))?;
                        Some(ReadLogo::read(name, bytes).await)
                    }
                    Some(Err(trouble)) => Some(Err(trouble)),
                    None => None,
                };
            }
            _ => {}
        }
    }
    Ok(())
}

async fn try_save(state: &AppState, actor: &Actor, sent: &Sent) -> Result<(), AppError> {
    let logo = match &sent.logo {
        Some(Ok(ReadLogo { logo, png })) => LogoChange::Replace(logo.clone(), png.clone()),
        Some(Err(trouble)) => return Err(AppError::invalid("logo", trouble.to_string())),
        None if sent.removes_logo => LogoChange::Remove,
        None => LogoChange::Keep,
    };
    let (now, texts) = (state.clock.now(), (&*sent.name, &*sent.address));
    Ok(organisation::save(&state.store, actor, now, texts, logo).await?)
}

/// Cache header: a logo is addressed by its hash, so its file never changes.
const KEEP: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

async fn logo(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    Path(sha256): Path<String>,
    request: Parts,
) -> Response {
    match find_logo(&state, &session, &sha256).await {
        Ok(png) => {
            let kind = HeaderValue::from_static("image/png");
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, KEEP)], png).into_response()
        }
        Err(error) => pages::instead(&state, request, error).await,
    }
}

async fn find_logo(state: &AppState, session: &Session, sha256: &str) -> Result<Body, AppError> {
    Ok(organisation::logo(&state.store, &session.actor()?, sha256).await?.into())
}
