//! The server's side of `api`.

use super::{Again, Opened};
use crate::{
    auth::actor,
    error::{AppError, for_plain_form},
    inspections::{
        door,
        form::{self, DO, Typed},
        trouble::{REFUSED, Trouble},
    },
    request_id,
};
use domain::{
    Action, Actor, Change, ChangeFilter, ChangeId, Conflict, Inspection, InspectionFilter,
    InspectionId, InspectionPage, Mutation, Person, Refusal, Role, Status, Target, conflicts, may,
    may_create, may_see,
};
use leptos::prelude::expect_context;
use leptos_axum::redirect;
use std::collections::BTreeMap;
use store::{Clock, Store, User};
use uuid::Uuid;

/// How many changes stand beside an inspection at first.
const BESIDE: i64 = 15;

/// How many changes are read at once.
const BATCH: i64 = 100;

pub(super) async fn inspections(query: &str) -> Result<InspectionPage, AppError> {
    let viewer = actor()?;
    let filter = InspectionFilter::from_query(query);
    Ok(expect_context::<Store>().inspections(&viewer, &filter).await?)
}

pub(super) async fn create(form: Typed) -> Result<(), AppError> {
    let actor = actor()?;
    match start(&actor, &form).await {
        Ok(id) => redirect(&format!("/inspections/{id}")),
        Err(AppError::Invalid { .. }) if for_plain_form() => {
            redirect(&format!("/inspections/new?{}", typed_again(form)));
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

async fn start(actor: &Actor, form: &Typed) -> Result<InspectionId, AppError> {
    if !may_create(actor.role) {
        return Err(AppError::Forbidden("Reviewers do not start inspections.".into()));
    }
    let values = form::values(form, Inspection::EDITABLE)?;
    let (store, clock) = (expect_context::<Store>(), expect_context::<Clock>());
    let mut work = store.begin(actor, request_of(form), clock.now()).await?;
    let change = work.create(values).await?;
    work.commit().await?;
    Ok(change.inspection_id)
}

pub(super) async fn open(id: InspectionId, query: &str) -> Result<Opened, AppError> {
    let viewer = actor()?;
    let store = expect_context::<Store>();
    let inspection = visible(&store, &viewer, id).await?;
    let changes = store.history(id, None, BESIDE).await?;
    let sent_back = match inspection.status {
        Status::Draft => last_sent_back(&store, id).await?,
        _ => None,
    };
    let people = match viewer.role {
        Role::Admin => inspectors(&store, &inspection).await?,
        _ => Vec::new(),
    };
    let made_reports = made_reports(&store, id).await?;
    let comments = store.comments_of(id).await?;
    let again = again(&viewer, &inspection, &changes, query);
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
        .ok_or_else(|| AppError::NotFound("There is no such inspection.".into()))
}

/// Who can be given the inspection: whoever may start one, and whoever has it.
async fn inspectors(store: &Store, inspection: &Inspection) -> Result<Vec<Person>, AppError> {
    let has_it = |user: &User| inspection.inspector.as_ref().is_some_and(|it| it.id == user.id);
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

/// What a refused form said, and why it is still refused; `None` once nothing speaks against it.
fn again(viewer: &Actor, now: &Inspection, changes: &[Change], query: &str) -> Option<Again> {
    let typed: Typed =
        form_urlencoded::parse(query.trim_start_matches('?').as_bytes()).into_owned().collect();
    if !typed.contains_key(DO) {
        return refused_files(query);
    }
    let error = judge(viewer, now, changes, &typed).err()?;
    let message = error.to_string();
    let fields = match error {
        AppError::Invalid { fields, .. } => fields,
        _ => BTreeMap::new(),
    };
    Some(Again { typed, message, fields })
}

/// What was wrong with the files that a plain form sent.
fn refused_files(query: &str) -> Option<Again> {
    let sentences: Vec<_> = form_urlencoded::parse(query.trim_start_matches('?').as_bytes())
        .filter(|(name, _)| name == REFUSED)
        .filter_map(|(_, trouble)| Some(Trouble::from_query(&trouble)?.sentence()))
        .collect();
    let message = sentences.join(" ");
    (!message.is_empty()).then(|| Again { message, ..Again::default() })
}

fn judge(
    viewer: &Actor,
    now: &Inspection,
    changes: &[Change],
    typed: &Typed,
) -> Result<(), AppError> {
    let mutation = form::mutation(typed)?;
    if let Some(action) = mutation.action(now.status) {
        may(viewer, action, now).map_err(Refusal::from)?;
    }
    now.plan(&mutation)?;
    let Some(expected) = typed.get("expected").and_then(|head| head.parse().ok()) else {
        return Ok(());
    };
    let since: Vec<_> = changes
        .iter()
        .rev()
        .filter(|change| change.id > expected && conflicts(&mutation, viewer.id, change))
        .cloned()
        .collect();
    if since.is_empty() {
        return Ok(());
    }
    Err(store::Error::from(Box::new(Conflict { expected, head: now.head, since })).into())
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

pub(super) async fn send_form(form: Typed) -> Result<(), AppError> {
    let actor = actor()?;
    let id: InspectionId = form
        .get("inspection")
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| AppError::NotFound("There is no such inspection.".into()))?;
    match send(&actor, id, &form).await {
        Ok(place) => redirect(&place),
        Err(error @ (AppError::NotFound(_) | AppError::Internal)) => return Err(error),
        Err(_) => redirect(&format!("/inspections/{id}?{}", typed_again(form))),
    }
    Ok(())
}

/// Performs it; answers with the place on the page where it shows.
async fn send(actor: &Actor, id: InspectionId, form: &Typed) -> Result<String, AppError> {
    let (store, clock) = (expect_context::<Store>(), expect_context::<Clock>());
    let mutation = form::mutation(form)?;
    let expected = form.get("expected").and_then(|head| head.parse().ok());
    let mut work = store.begin(actor, request_of(form), clock.now()).await?;
    let change = work.perform(id, expected, mutation.clone()).await?;
    work.commit().await?;
    Ok(match (&mutation, change) {
        (Mutation::Remove { target: Target::Inspection }, _) => "/inspections".into(),
        (Mutation::AddSection { .. }, Some(change)) => {
            format!("/inspections/{id}#section-{}", change.id)
        }
        (Mutation::AddEquipment { .. }, Some(change)) => {
            format!("/inspections/{id}#equipment-{}", change.id)
        }
        (Mutation::Edit { target, .. }, _) => {
            format!("/inspections/{id}#{}", crate::inspections::target::slug(*target))
        }
        _ => format!("/inspections/{id}"),
    })
}

/// The form's own request id, so that sending it twice performs it once.
pub(in crate::inspections) fn request_of(form: &Typed) -> Uuid {
    let given = form.get("request").and_then(|id| id.parse().ok());
    let Some(given) = given else { return request_id::new() };
    given
}

/// What was typed, as the query string of the page that shows it again.
fn typed_again(mut form: Typed) -> String {
    form.remove("request");
    form.remove("inspection");
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}
