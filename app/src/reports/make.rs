//! Making a report: from the inspection and its photos to a PDF that is kept and recorded.

use crate::{
    auth::actor,
    error::{AppError, for_plain_form},
};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::{
    Action, Actor, Change, ChangeId, Inspection, InspectionId, Mutation, Refusal, Report, may,
};
use futures::{StreamExt, TryStreamExt, stream};
use leptos::prelude::expect_context;
use leptos_axum::redirect;
use report::{Input, Pdf};
use std::collections::BTreeMap;
use store::{
    At, Clock, Hash, Store,
    keys::{self, PhotoSize},
};
use tokio::{sync::Semaphore, task::spawn_blocking};
use uuid::Uuid;

/// How often it starts over when the inspection changes under it.
const TRIES: usize = 3;

/// How many are rendered at once: each takes a core, and holds all of its photos.
static RENDERERS: Semaphore = Semaphore::const_new(2);

/// How many photos are fetched at once.
const FETCHES: usize = 4;

pub(super) async fn create(
    id: InspectionId,
    at: Option<ChangeId>,
    request: Uuid,
) -> Result<Change, AppError> {
    let actor = actor()?;
    let (store, clock) = (expect_context::<Store>(), expect_context::<Clock>());
    let made = make(&store, clock, &actor, (id, at), request).await;
    if for_plain_form() {
        let query = if made.is_err() { "?refused=report" } else { "" };
        redirect(&format!("/inspections/{id}{query}#reports"));
    }
    made
}

/// Makes the report of an inspection as it stands now, or as it stood after a change, keeps it, and
/// records that. The same request makes it once.
///
/// # Errors
/// There is no such inspection, the actor may not, the inspection changed again and again meanwhile,
/// or something of ours failed.
pub async fn make(
    store: &Store,
    clock: Clock,
    actor: &Actor,
    (id, at): (InspectionId, Option<ChangeId>),
    request: Uuid,
) -> Result<Change, AppError> {
    if let Some(done) = done_before(store, actor, id, request).await? {
        return Ok(done);
    }
    let mut tries = 1;
    loop {
        match attempt(store, clock, actor, (id, at), request).await {
            Err(AppError::Conflict { .. }) if tries < TRIES => tries += 1,
            made => return made,
        }
    }
}

/// What a request made before: its answer may have been lost, and a new report would show the
/// record of the old one.
async fn done_before(
    store: &Store,
    actor: &Actor,
    id: InspectionId,
    request: Uuid,
) -> Result<Option<Change>, AppError> {
    const RECENT: i64 = 50;
    let recent = store.history(id, None, RECENT).await?;
    Ok(recent.into_iter().find(|change| {
        change.request_id == request
            && change.user_id == Some(actor.id)
            && change.record.action == Action::CreatePdf
    }))
}

async fn attempt(
    store: &Store,
    clock: Clock,
    actor: &Actor,
    (id, at): (InspectionId, Option<ChangeId>),
    request: Uuid,
) -> Result<Change, AppError> {
    let none = || AppError::NotFound("There is no such inspection.".into());
    let inspection = store.inspection(id).await?.ok_or_else(none)?;
    may(actor, Action::CreatePdf, &inspection).map_err(Refusal::from)?;

    // One of an earlier point is of that point, whatever happens meanwhile.
    let (inspection, shown, expected) = match at {
        Some(at) => {
            let moment = store.moment(id, At::Change(at)).await?.ok_or_else(no_moment)?;
            (moment.inspection, moment.change, None)
        }
        None => {
            let shown = store.change(inspection.head).await?.ok_or(AppError::Internal)?.change;
            let head = inspection.head;
            (inspection, shown, Some(head))
        }
    };
    let hash = store.change_hash(shown.id).await?.ok_or(AppError::Internal)?;
    let photos = photos(store, &inspection).await?;
    let (inspection, pdf) = render(inspection, photos, (shown, hash), clock.now()).await?;
    let bytes = Bytes::from(pdf.bytes);
    let report = Report {
        name: file_name(&inspection),
        shows: inspection.head,
        sha256: keys::sha256(&bytes),
        bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        pages: i64::try_from(pdf.pages).unwrap_or(i64::MAX),
        ..Report::default()
    };
    let key = keys::report(&report.sha256);
    store.objects().put_once(&key, bytes).await.map_err(store::Error::from)?;

    let mut work = store.begin(actor, request, clock.now()).await?;
    let change = work.perform(id, expected, Mutation::CreateReport { report }).await?;
    work.commit().await?;
    change.ok_or(AppError::Internal)
}

fn no_moment() -> AppError {
    AppError::NotFound("This inspection has no such change.".into())
}

/// The pictures for print, by the hash of their photo. A report without one that is lost would claim to show
/// the inspection, so it is an error.
async fn photos(
    store: &Store,
    inspection: &Inspection,
) -> Result<BTreeMap<String, Bytes>, AppError> {
    let hashes: Vec<String> = inspection.photos.iter().map(|it| it.sha256.clone()).collect();
    let fetched = stream::iter(hashes).map(|sha256| async move {
        let bytes = store.objects().get(&keys::photo(&sha256, PhotoSize::Large)).await;
        let bytes = bytes.map_err(store::Error::from)?;
        let Some(bytes) = bytes else {
            tracing::error!(sha256, "the picture of a photo is gone");
            return Err(AppError::Internal);
        };
        Ok((sha256, bytes))
    });
    fetched.buffer_unordered(FETCHES).try_collect().await
}

async fn render(
    inspection: Inspection,
    photos: BTreeMap<String, Bytes>,
    (shown, hash): (Change, Hash),
    made_at: DateTime<Utc>,
) -> Result<(Inspection, Pdf), AppError> {
    let turn = RENDERERS.acquire().await.map_err(|_| AppError::Internal)?;
    let rendered = spawn_blocking(move || {
        let _turn = turn;
        let input = Input {
            inspection: &inspection,
            photos: &photos,
            shows_at: shown.created_at,
            shows_by: &shown.user_name,
            shows_hash: &keys::hex(&hash),
            made_at,
        };
        report::render(&input).map(|pdf| (inspection, pdf))
    });
    let rendered = rendered.await.map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "rendering a report panicked");
        AppError::Internal
    })?;
    rendered.map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "a report cannot be rendered");
        AppError::Internal
    })
}

/// As in `BI-2026-0001 Riverside House.pdf`: nothing in it that a file system minds.
fn file_name(inspection: &Inspection) -> String {
    const LONGEST: usize = 100;
    let name: String = format!("{} {}", inspection.reference, inspection.name)
        .chars()
        .map(|it| if it.is_control() || "/\\:*?\"<>|".contains(it) { ' ' } else { it })
        .collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = name.chars().take(LONGEST).collect();
    format!("{}.pdf", short.trim_end_matches(['.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> String {
        file_name(&Inspection {
            reference: "BI-2026-0001".into(),
            name: name.into(),
            ..Inspection::default()
        })
    }

    #[test]
    fn a_file_is_named_after_its_inspection() {
        assert_eq!(named("Riverside House"), "BI-2026-0001 Riverside House.pdf");
        assert_eq!(named("Haus Größe 1"), "BI-2026-0001 Haus Größe 1.pdf");
    }

    #[test]
    fn no_file_system_minds_the_name() {
        assert_eq!(named("../a\\b: \"c\"?\n*."), "BI-2026-0001 .. a b c.pdf");
        assert_eq!(named(&"x".repeat(300)).chars().count(), 104);
    }
}
