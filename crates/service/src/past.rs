//! Use cases of an inspection's past states: viewing one, and comparing two.

use crate::{Missing, ServiceError, error::During, inspections::visible};
use domain::{
    change::{Action, compare},
    id::InspectionId,
    inspection::Inspection,
    people::{Actor, Role},
    permission::may,
    view::{CompareView, PastView, Side},
};
use std::collections::BTreeMap;
use store::{Snapshot, Store};
use uuid::Uuid;

pub use store::At;

/// Start of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Newest change that the viewer reviewed; the first change if there is none.
    LastReview,
    /// Given state; by default the one after the first change.
    Moment(Option<At>),
}

/// Loads an inspection in a past state, by default the current one.
///
/// # Errors
/// The inspection does not exist, the viewer may not see it, the state does not exist, or the database fails.
pub async fn past(
    store: &Store,
    viewer: &Actor,
    id: InspectionId,
    at: Option<At>,
) -> Result<PastView, ServiceError> {
    let now = visible(store, viewer, id).await?;
    let moment = moment(store, &now, at.unwrap_or(At::Change(now.head))).await?;
    let Snapshot { inspection, change, step, steps, previous, next } = moment;
    let differs = !compare(&now, &inspection).is_empty();
    Ok(PastView {
        differs,
        may_report: may(viewer, Action::CreatePdf, &now).is_ok(),
        may_restore: differs && viewer.role != Role::Reviewer,
        request: Uuid::now_v7(),
        inspection,
        change,
        step,
        steps,
        previous,
        next,
    })
}

/// Compares two states of an inspection; the second is by default the current one.
///
/// # Errors
/// The inspection does not exist, the viewer may not see it, the state does not exist, or the database fails.
pub async fn comparison(
    store: &Store,
    viewer: &Actor,
    id: InspectionId,
    from: Since,
    to: Option<At>,
) -> Result<CompareView, ServiceError> {
    let now = visible(store, viewer, id).await?;
    let from_at = match from {
        Since::LastReview => {
            let reviewed = store.last_reviewed(id, viewer.id).await;
            reviewed.during("find the last review", id)?.map(At::Change)
        }
        Since::Moment(at) => at,
    };
    let never_reviewed = from == Since::LastReview && from_at.is_none();
    let from = moment(store, &now, from_at.unwrap_or(At::Step(1))).await?;
    let to = moment(store, &now, to.unwrap_or(At::Change(now.head))).await?;
    let sections = from.inspection.sections.iter().chain(&to.inspection.sections);
    let titles: BTreeMap<_, _> = sections.map(|it| (it.id, it.title.clone())).collect();
    Ok(CompareView {
        inspection: id,
        reference: now.reference,
        name: now.name,
        comparison: compare(&from.inspection, &to.inspection),
        steps: to.steps,
        never_reviewed,
        from: Side { change: from.change, step: from.step },
        to: Side { change: to.change, step: to.step },
        titles: titles.into_iter().collect(),
    })
}

/// Loads a past state of an inspection that the viewer may see.
pub(crate) async fn moment(
    store: &Store,
    now: &Inspection,
    at: At,
) -> Result<Snapshot, ServiceError> {
    let found = store.snapshot(now.id, at).await.during("rebuild a moment", now.id)?;
    found.ok_or_else(|| Missing::Moment(now.id).into())
}
