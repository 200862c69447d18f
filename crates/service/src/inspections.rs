//! Inspections: obtaining one, listing them, starting one, and changing one.

use crate::{Forbidden, Missing, ServiceError, error::During};
use chrono::{DateTime, Utc};
use domain::{
    Action, Actor, Change, ChangeFilter, ChangeId, Inspection, InspectionFilter, InspectionId,
    InspectionListPage, Mutation, Person, PhotoId, Role, Status, Values, may_create, may_see,
    view::InspectionView,
};
use store::{Store, User};
use uuid::Uuid;

/// The number of changes on the page of an inspection.
const LATEST_CHANGES: i64 = 15;

/// The number of changes that are read at once.
const BATCH: i64 = 100;

/// The most reports that are looked for among the changes of an inspection.
const MOST_REPORTS: usize = 50;

/// Obtains an inspection for a viewer. Every inspection that a page, a form or a route receives comes
/// from here, because it is the one place that asks whether the viewer may see it.
///
/// # Errors
/// There is no such inspection, or the viewer may not see it; and where the database fails.
pub async fn visible(
    store: &Store,
    viewer: &Actor,
    id: InspectionId,
) -> Result<Inspection, ServiceError> {
    let found = store.inspection(id).await.during("load an inspection", id)?;
    let found = found.filter(|inspection| may_see(viewer, inspection));
    found.ok_or_else(|| Missing::Inspection(id).into())
}

/// Lists the inspections that match a filter, as far as the viewer may see them.
///
/// # Errors
/// Where the database fails.
pub async fn list(
    store: &Store,
    viewer: &Actor,
    filter: &InspectionFilter,
) -> Result<InspectionListPage, ServiceError> {
    store.inspections(viewer, filter).await.during("list inspections", viewer.id)
}

/// The people whom the viewer may name as the inspector of a new inspection; empty for viewers who start
/// only their own.
///
/// # Errors
/// The viewer may not start an inspection; and where the database fails.
pub async fn assignees_of_new(store: &Store, viewer: &Actor) -> Result<Vec<Person>, ServiceError> {
    require_may_start(viewer)?;
    assignees(store, viewer, None).await
}

/// Starts an inspection with these values.
///
/// # Errors
/// The person may not, a value cannot be accepted; and where the database fails.
pub async fn start(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
    request: Uuid,
    values: Values,
) -> Result<InspectionId, ServiceError> {
    require_may_start(actor)?;
    let operation = "start an inspection";
    let mut work = store.begin(actor, request, now).await.during(operation, actor.id)?;
    let change = work.create(values).await.during(operation, actor.id)?;
    work.commit().await.during(operation, actor.id)?;
    Ok(change.inspection_id)
}

/// Loads an inspection with all that its page shows.
///
/// # Errors
/// There is no such inspection, or the viewer may not see it; and where the database fails.
pub async fn open(
    store: &Store,
    viewer: &Actor,
    id: InspectionId,
) -> Result<InspectionView, ServiceError> {
    let inspection = visible(store, viewer, id).await?;
    let operation = "load the page of an inspection";
    let changes = store.history(id, None, LATEST_CHANGES).await.during(operation, id)?;
    let sent_back = match inspection.status {
        Status::Draft => last_sent_back(store, id).await?,
        _ => None,
    };
    let people = assignees(store, viewer, inspection.inspector.as_ref()).await?;
    let made_reports = latest_of(store, id, Action::CreatePdf, MOST_REPORTS).await?;
    let comments = store.comments_of(id).await.during(operation, id)?;
    let viewer = viewer.clone();
    Ok(InspectionView { inspection, changes, comments, sent_back, made_reports, people, viewer })
}

/// Performs a mutation, for the state of the inspection after the change `expected` where one is named.
/// Returns the change, or `None` where nothing would have changed.
///
/// # Errors
/// The mutation is not one that people perform directly, the person may not, a value cannot be accepted,
/// someone else changed the same; and where the database fails.
pub async fn perform(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
    request: Uuid,
    (id, expected): (InspectionId, Option<ChangeId>),
    mutation: Mutation,
) -> Result<Option<Change>, ServiceError> {
    require_direct(&mutation)?;
    let operation = "change an inspection";
    let mut work = store.begin(actor, request, now).await.during(operation, id)?;
    let change = work.perform(id, expected, mutation).await.during(operation, id)?;
    work.commit().await.during(operation, id)?;
    Ok(change)
}

/// Performs a mutation as [`perform`] does, and returns all changes that were recorded since the change
/// `expected`, oldest first, the mutation's own change last.
///
/// # Errors
/// As for [`perform`].
pub async fn perform_and_catch_up(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
    request: Uuid,
    (id, expected): (InspectionId, ChangeId),
    mutation: Mutation,
) -> Result<Vec<Change>, ServiceError> {
    perform(store, actor, now, request, (id, Some(expected)), mutation).await?;
    since(store, id, expected).await
}

/// The changes of an inspection after the change `after`, oldest first.
///
/// # Errors
/// There is no such inspection, or the viewer may not see it; and where the database fails.
pub async fn changes_since(
    store: &Store,
    viewer: &Actor,
    id: InspectionId,
    after: ChangeId,
) -> Result<Vec<Change>, ServiceError> {
    visible(store, viewer, id).await?;
    since(store, id, after).await
}

async fn since(
    store: &Store,
    id: InspectionId,
    after: ChangeId,
) -> Result<Vec<Change>, ServiceError> {
    let mut since: Vec<Change> = Vec::new();
    let mut limit = 10;
    loop {
        let before = since.last().map(|oldest| oldest.id);
        let batch = store.history(id, before, limit).await.during("read a history", id)?;
        let last = batch.len() < usize::try_from(limit).unwrap_or_default();
        let known = batch.iter().any(|change| change.id <= after);
        since.extend(batch.into_iter().filter(|change| change.id > after));
        if last || known {
            break;
        }
        limit = BATCH;
    }
    since.reverse();
    Ok(since)
}

fn require_may_start(actor: &Actor) -> Result<(), ServiceError> {
    match may_create(actor.role) {
        true => Ok(()),
        false => Err(Forbidden::StartInspection.into()),
    }
}

/// Refuses mutations that have use cases of their own: new photos and reports, because the server
/// computes their hashes, and corrections, which are made on the command line.
fn require_direct(mutation: &Mutation) -> Result<(), ServiceError> {
    let direct = match mutation {
        Mutation::Edit { .. }
        | Mutation::SetStatus { .. }
        | Mutation::AddSection { .. }
        | Mutation::RemoveSection { .. }
        | Mutation::AddEquipment { .. }
        | Mutation::Remove { .. } => true,
        // A removed photo is brought back; the store knows whether it was ever there.
        Mutation::AddPhoto { photo } => photo.id != PhotoId(0),
        _ => false,
    };
    match direct {
        true => Ok(()),
        false => Err(ServiceError::invalid("", "This cannot be done from here.")),
    }
}

/// The people to whom the viewer may give an inspection: those who may start one, and its inspector.
async fn assignees(
    store: &Store,
    viewer: &Actor,
    inspector: Option<&Person>,
) -> Result<Vec<Person>, ServiceError> {
    if viewer.role != Role::Admin {
        return Ok(Vec::new());
    }
    let has_it = |user: &User| inspector.is_some_and(|it| it.id == user.id);
    let may = |user: &User| user.disabled_at.is_none() && may_create(user.role);
    let users = store.users().await.during("list people", viewer.id)?;
    Ok(users.iter().filter(|user| may(user) || has_it(user)).map(User::person).collect())
}

async fn last_sent_back(store: &Store, id: InspectionId) -> Result<Option<Change>, ServiceError> {
    // Few steps back in a row are but undone ones.
    let latest = latest_of(store, id, Action::StatusDraft, 20).await?;
    Ok(latest.into_iter().find(|change| !change.record.is_revert()))
}

async fn latest_of(
    store: &Store,
    id: InspectionId,
    action: Action,
    most: usize,
) -> Result<Vec<Change>, ServiceError> {
    let (actions, inspections) = (vec![action], vec![id]);
    let filter = ChangeFilter { actions, inspections, ..ChangeFilter::default() };
    let rows = store.latest_changes(&filter, most).await;
    let rows = rows.during("find changes of an inspection", id)?;
    Ok(rows.into_iter().map(|row| row.change).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Photo;

    #[test]
    fn removed_photos_come_back_and_new_ones_have_a_use_case_of_their_own() {
        let is_direct = |id| {
            let photo = Photo { id: PhotoId(id), ..Photo::default() };
            require_direct(&Mutation::AddPhoto { photo }).is_ok()
        };
        assert!(is_direct(5));
        assert!(!is_direct(0));
        assert!(require_direct(&Mutation::BringBack).is_err());
    }
}
