//! Use cases of an inspection's history and of single changes.

use super::name_of;
use crate::{Missing, ServiceError, error::During, inspections::visible};
use domain::{
    change::Change,
    id::{ChangeId, CommentId, InspectionId},
    people::Actor,
    view::{HistoryView, Verified},
};
use store::{Store, VerifyError};

/// Number of changes on a page of the history.
const PAGE: i64 = 50;

/// Loads a page of an inspection's history: the newest changes, or those older than `before`.
///
/// # Errors
/// The inspection does not exist, the viewer may not see it, or the database fails.
pub async fn history(
    store: &Store,
    viewer: &Actor,
    id: InspectionId,
    before: Option<ChangeId>,
) -> Result<HistoryView, ServiceError> {
    let operation = "read a history";
    let inspection = visible(store, viewer, id).await?;
    let changes = store.history(id, before, PAGE).await.during(operation, id)?;
    let next = changes.last().map(|change| change.id).filter(|oldest| oldest.0 > id.0);
    let titles =
        inspection.sections.iter().map(|section| (section.id, section.title.clone())).collect();
    let verified = match store.verify_shown(id, before, PAGE).await {
        Ok(changes) => Verified::Sound(changes),
        Err(VerifyError::Wrong(wrong)) => {
            tracing::error!(inspection = id.0, %wrong, "a record does not verify");
            Verified::Wrong(wrong.to_string())
        }
        Err(VerifyError::Failed(error)) => Err(error).during("verify an inspection", id)?,
    };
    let comments = store.comments_of(id).await.during(operation, id)?;
    let shown: Vec<_> = changes.iter().map(|change| change.id).collect();
    let undone = store.undone(&shown).await.during(operation, id)?;
    Ok(HistoryView {
        inspection: name_of(&inspection),
        status: inspection.status,
        removed: inspection.removed,
        changes,
        undone,
        next,
        titles,
        verified,
        comments,
        viewer: viewer.id,
    })
}

/// Finds a change for a viewer.
///
/// # Errors
/// The change does not exist, the viewer may not see its inspection, or the database fails.
pub async fn find(store: &Store, viewer: &Actor, id: ChangeId) -> Result<Change, ServiceError> {
    let found = store.change(id).await.during("find a change", id)?;
    let change = found.ok_or(Missing::Change(id))?.change;
    let seen = visible(store, viewer, change.inspection_id).await;
    seen.map_err(|error| error.instead(Missing::Change(id)))?;
    Ok(change)
}

/// Deletes a comment of the acting person.
///
/// # Errors
/// The comment does not exist or belongs to another person, or the database fails.
pub async fn delete_comment(
    store: &Store,
    actor: &Actor,
    id: CommentId,
) -> Result<(), ServiceError> {
    store.delete_comment(actor, id).await.during("delete a comment", actor.id)
}
