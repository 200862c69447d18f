//! The server's side of `api`.

use super::{Again, Blank, Opened};
use crate::{
    auth::actor,
    error::AppError,
    inspections::{
        door,
        form::Typed,
        plain,
        trouble::{REFUSED, Trouble},
    },
    request_id,
};
use domain::{
    Action, Actor, Change, ChangeFilter, ChangeId, Inspection, InspectionFilter, InspectionId,
    InspectionPage, Mutation, Person, Role, Status, may_create, may_see,
};
use leptos::prelude::{expect_context, use_context};
use leptos_axum::redirect;
use store::{Clock, Store, User};
use uuid::Uuid;

/// How many changes stand beside an inspection at first.
const BESIDE: i64 = 15;

/// How many changes are read at once.
const BATCH: i64 = 100;

pub(super) async fn inspections(query: &str) -> Result<InspectionPage, AppError> {
    let viewer = actor()?;
    let (filter, problem) = InspectionFilter::from_query(query);
    if let Some(problem) = problem {
        return Err(AppError::Unreadable(problem));
    }
    Ok(expect_context::<Store>().inspections(&viewer, &filter).await?)
}

pub(super) async fn blank() -> Result<Blank, AppError> {
    let viewer = actor()?;
    plain::may_start(&viewer)?;
    let people = match viewer.role {
        Role::Admin => inspectors(&expect_context::<Store>(), None).await?,
        _ => Vec::new(),
    };
    Ok(Blank { request: request_id::new(), viewer: viewer.id, people })
}

pub(super) async fn create(form: Typed) -> Result<(), AppError> {
    let actor = actor()?;
    let (store, clock) = (expect_context::<Store>(), expect_context::<Clock>());
    let id = plain::start(&store, &actor, clock.now(), &form).await?;
    redirect(&format!("/inspections/{id}"));
    Ok(())
}

pub(super) async fn open(id: InspectionId, query: &str) -> Result<Opened, AppError> {
    let viewer = actor()?;
    let (store, again) = (expect_context::<Store>(), use_context::<Again>());
    let inspection = visible(&store, &viewer, id).await?;
    let changes = store.history(id, None, BESIDE).await?;
    let sent_back = match inspection.status {
        Status::Draft => last_sent_back(&store, id).await?,
        _ => None,
    };
    let people = match viewer.role {
        Role::Admin => inspectors(&store, inspection.inspector.as_ref()).await?,
        _ => Vec::new(),
    };
    let made_reports = made_reports(&store, id).await?;
    let comments = store.comments_of(id).await?;
    let again = again.or_else(|| refused_files(query));
    let request = request_id::new();
    Ok(Opened {
        inspection,
        changes,
        comments,
        sent_back,
        made_reports,
        people,
        viewer,
        request,
        again,
    })
}

/// An inspection that the viewer may see.
///
/// # Errors
/// There is no such inspection, not for them.
pub(in crate::inspections) async fn visible(
    store: &Store,
    viewer: &Actor,
    id: InspectionId,
) -> Result<Inspection, AppError> {
    let found = store.inspection(id).await?;
    found
        .filter(|inspection| may_see(viewer, inspection))
        .ok_or_else(|| AppError::NotFound("Inspection not found.".into()))
}

/// Who can be given an inspection: whoever may start one, and whoever has it.
async fn inspectors(store: &Store, now: Option<&Person>) -> Result<Vec<Person>, AppError> {
    let has_it = |user: &User| now.is_some_and(|it| it.id == user.id);
    let may = |user: &User| user.disabled_at.is_none() && may_create(user.role);
    let users = store.users().await?;
    Ok(users.iter().filter(|user| may(user) || has_it(user)).map(User::person).collect())
}

/// How many of an inspection's reports are looked for among its changes.
const REPORTS: usize = 50;

async fn made_reports(store: &Store, id: InspectionId) -> Result<Vec<Change>, AppError> {
    let actions = vec![Action::CreatePdf];
    let filter = ChangeFilter { actions, inspections: vec![id], ..ChangeFilter::default() };
    let rows = store.latest_changes(&filter, REPORTS).await?;
    Ok(rows.into_iter().map(|row| row.change).collect())
}

async fn last_sent_back(store: &Store, id: InspectionId) -> Result<Option<Change>, AppError> {
    let actions = vec![Action::StatusDraft];
    let filter = ChangeFilter { actions, inspections: vec![id], ..ChangeFilter::default() };
    // Few steps back in a row are but undone ones.
    let rows = store.latest_changes(&filter, 20).await?;
    Ok(rows.into_iter().map(|row| row.change).find(|change| !change.record.leads_back()))
}

/// What was wrong with the files that a plain form sent.
fn refused_files(query: &str) -> Option<Again> {
    let sentences: Vec<_> = form_urlencoded::parse(query.trim_start_matches('?').as_bytes())
        .filter(|(name, _)| name == REFUSED)
        .filter_map(|(_, trouble)| Some(Trouble::from_query(&trouble)?.sentence()))
        .collect();
    let message = sentences.join(" ");
    (!message.is_empty())
        .then(|| Again { typed: Typed::default(), error: AppError::invalid("", message) })
}

pub(super) async fn perform(
    id: InspectionId,
    expected: ChangeId,
    request: Uuid,
    mutation: Mutation,
) -> Result<Vec<Change>, AppError> {
    let actor = actor()?;
    door::admit(&mutation)?;
    let (store, clock) = (expect_context::<Store>(), expect_context::<Clock>());
    let mut work = store.begin(&actor, request, clock.now()).await?;
    work.perform(id, Some(expected), mutation).await?;
    work.commit().await?;
    since(&store, id, expected).await
}

pub(super) async fn news(id: InspectionId, after: ChangeId) -> Result<Vec<Change>, AppError> {
    let viewer = actor()?;
    let store = expect_context::<Store>();
    visible(&store, &viewer, id).await?;
    since(&store, id, after).await
}

/// The changes after `after`, oldest first.
async fn since(store: &Store, id: InspectionId, after: ChangeId) -> Result<Vec<Change>, AppError> {
    let mut news: Vec<Change> = Vec::new();
    let mut limit = 10;
    loop {
        let before = news.last().map(|oldest| oldest.id);
        let batch = store.history(id, before, limit).await?;
        let last = batch.len() < usize::try_from(limit).unwrap_or_default();
        let known = batch.iter().any(|change| change.id <= after);
        news.extend(batch.into_iter().filter(|change| change.id > after));
        if last || known {
            break;
        }
        limit = BATCH;
    }
    news.reverse();
    Ok(news)
}
