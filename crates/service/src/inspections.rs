//! Use cases of inspections: loading, listing, creating and changing them.

use crate::{Forbidden, Missing, ServiceError, error::During};
use chrono::{DateTime, Utc};
use domain::{
    change::{Action, Change, Mutation, MutationEntry},
    feed::ChangeFilter,
    id::{ChangeId, InspectionId, PhotoId},
    inspection::{Inspection, InspectionFilter, InspectionListPage, Status, Values},
    people::{Actor, Person, Role},
    permission::{may_create, may_see},
    view::InspectionView,
};
use store::{Authorship, MutationRequest, Store, User};
use uuid::Uuid;

/// Number of changes on the page of an inspection.
const LATEST_CHANGES: i64 = 15;

/// Number of changes that are read at once.
const BATCH: i64 = 100;

/// Maximum number of reports that are read from the changes of an inspection.
const MAX_REPORTS: usize = 50;

/// Loads an inspection for a viewer. All pages, forms and routes load inspections through this function,
/// because it is the only place that checks whether the viewer may see them.
///
/// # Errors
/// The inspection does not exist, the viewer may not see it, or the database fails.
pub async fn visible(
    store: &Store,
    viewer: &Actor,
    id: InspectionId,
) -> Result<Inspection, ServiceError> {
    let found = store.inspection(id).await.during("load an inspection", id)?;
    let found = found.filter(|inspection| may_see(viewer, inspection));
    found.ok_or_else(|| Missing::Inspection(id).into())
}

/// Lists the inspections that match a filter and that the viewer may see.
///
/// # Errors
/// The database fails.
pub async fn list(
    store: &Store,
    viewer: &Actor,
    filter: &InspectionFilter,
) -> Result<InspectionListPage, ServiceError> {
    store.inspections(viewer, filter).await.during("list inspections", viewer.id)
}

/// Returns the people whom the viewer may name as inspector of a new inspection; empty if the viewer may
/// create only their own.
///
/// # Errors
/// The viewer may not create inspections, or the database fails.
pub async fn assignees_of_new(store: &Store, viewer: &Actor) -> Result<Vec<Person>, ServiceError> {
    require_may_start(viewer)?;
    assignees(store, viewer, None).await
}

/// Creates an inspection with these values.
///
/// # Errors
/// The person may not create inspections, a value is invalid, or the database fails.
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

/// Loads an inspection with all data for its page.
///
/// # Errors
/// The inspection does not exist, the viewer may not see it, or the database fails.
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
    let made_reports = latest_of(store, id, Action::CreatePdf, MAX_REPORTS).await?;
    let comments = store.comments_of(id).await.during(operation, id)?;
    let viewer = viewer.clone();
    Ok(InspectionView { inspection, changes, comments, sent_back, made_reports, people, viewer })
}

/// Performs a mutation, based on the state after the change `expected`, if given. Returns the recorded
/// change, or `None` if nothing changed.
///
/// # Errors
/// The mutation has another use case, the person may not perform it, a value is invalid, another change
/// conflicts, or the database fails.
pub async fn perform(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
    request: Uuid,
    (id, expected): (InspectionId, Option<ChangeId>),
    mutation: Mutation,
) -> Result<Option<Change>, ServiceError> {
    require_direct(&mutation)?;
    let author = Authorship { actor: actor.clone(), request_id: request, now };
    let request = MutationRequest { author, ordinal: 1, inspection: id, expected, mutation };
    store.record(request).await.during("change an inspection", id)
}

/// Performs a mutation like [`perform`] and returns all changes recorded since the change `expected`, oldest
/// first; the mutation's own change is last.
///
/// # Errors
/// The errors of [`perform`].
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

/// Returns the changes of an inspection after the change `after`, oldest first.
///
/// # Errors
/// The inspection does not exist, the viewer may not see it, or the database fails.
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

/// Rejects mutations that have other use cases: new photos and reports, because the server computes their
/// hashes, and corrections, which are made on the command line.
fn require_direct(mutation: &Mutation) -> Result<(), ServiceError> {
    let is_direct = match (mutation.kind().entry(), mutation) {
        (MutationEntry::Direct, _) => true,
        // A photo with an id restores a removed one; the store checks that it existed.
        (MutationEntry::ById, Mutation::AddPhoto { photo }) => photo.id != PhotoId(0),
        (MutationEntry::ById | MutationEntry::Indirect, _) => false,
    };
    match is_direct {
        true => Ok(()),
        false => Err(ServiceError::invalid("", "This cannot be done from here.")),
    }
}

/// Returns the people to whom the viewer may assign an inspection: those who may create one, and its
/// inspector.
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
    // The last 20 returns to draft are enough, because few consecutive ones are reverts.
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
    use domain::inspection::Photo;

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
