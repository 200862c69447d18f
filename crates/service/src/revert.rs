//! Use cases of undoing a change of an inspection and restoring an earlier state.

use crate::{Missing, ServiceError, error::During, inspections::visible, past};
use chrono::{DateTime, Utc};
use domain::{
    change::{Change, Refusal, compare},
    id::{ChangeId, InspectionId},
    inspection::Inspection,
    people::{Actor, Denied},
    revert::{Choices, RevertPlan, Skipped, Undo, UndoConflict},
    view::{RevertChoice, RevertView},
};
use std::collections::{BTreeMap, BTreeSet};
use store::{At, Store};
use uuid::Uuid;

/// Change to undo, or state to restore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// Undo a change.
    Undo {
        /// The change.
        change: ChangeId,
        /// Whether to undo all changes that its request made to the inspection.
        all: bool,
    },
    /// Restore the state after a change.
    Restore {
        /// The change.
        to: ChangeId,
    },
}

/// Previews an undo or a restore with the choices made so far.
///
/// # Errors
/// The inspection does not exist, the viewer may not see it, the change does not exist, or the database
/// fails.
pub async fn preview(
    store: &Store,
    viewer: &Actor,
    id: InspectionId,
    aim: Aim,
    choices: &Choices,
) -> Result<RevertView, ServiceError> {
    let now = visible(store, viewer, id).await?;
    let planned = match aim {
        Aim::Undo { change, all } => undo(store, &now, change, all, choices).await?,
        Aim::Restore { to } => restore(store, &now, to).await?,
    };
    let Planned { subject, plan, conflicts, skipped, refused } = planned;
    let denied = plan.allowed(viewer, &now).err().map(in_words);
    let sections = now.sections.iter().chain(&plan.end.sections);
    let titles: BTreeMap<_, _> = sections.map(|it| (it.id, it.title.clone())).collect();
    Ok(RevertView {
        inspection: id,
        head: now.head,
        subject,
        steps: plan.steps.iter().map(domain::change::Record::description).collect(),
        comparison: compare(&now, &plan.end),
        titles: titles.into_iter().collect(),
        conflicts,
        skipped,
        refused: refused.or(denied),
        failed: None,
        request: Uuid::now_v7(),
        reference: now.reference,
        name: now.name,
    })
}

/// Undoes a change or restores a state, based on the inspection's state after the change `expected`. Returns
/// the last recorded change.
///
/// # Errors
/// The person may not revert it, another change conflicts, a conflict is unresolved, or the database fails.
pub async fn perform_revert(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
    request: Uuid,
    (id, expected): (InspectionId, ChangeId),
    aim: Aim,
    choices: &Choices,
) -> Result<Option<ChangeId>, ServiceError> {
    let operation = "undo or restore";
    let mut work = store.begin(actor, request, now).await.during(operation, id)?;
    let done = match aim {
        Aim::Undo { change, all } => work.undo(id, expected, (change, all), choices).await,
        Aim::Restore { to } => work.restore(id, expected, to).await,
    };
    let done = done.during(operation, id)?;
    work.commit().await.during(operation, id)?;
    Ok(done.last().map(|last| last.id))
}

/// Plan of an undo or a restore.
struct Planned {
    subject: RevertChoice,
    plan: RevertPlan,
    conflicts: Vec<UndoConflict>,
    skipped: Vec<String>,
    refused: Option<String>,
}

async fn undo(
    store: &Store,
    now: &Inspection,
    change: ChangeId,
    all: bool,
    choices: &Choices,
) -> Result<Planned, ServiceError> {
    // The whole request is loaded even to undo one change, because the page also offers to undo all of it.
    let whole = store.to_undo(now.id, change, true).await;
    let whole = whole.during("load the changes to undo", change)?;
    let whole = whole.ok_or(Missing::Moment(now.id))?;
    let alters = |change: &&Change| whole.undoes(change) && change.record.action.alters();
    let request: Vec<Change> = whole.since.iter().rev().filter(alters).cloned().collect();
    let pointed = whole.change.clone();
    let to_undo = store::ToUndo { whole_request: all, ..whole };
    let planned = to_undo.plan(now, choices);
    let (Undo { plan, conflicts, skipped }, refused) = match planned {
        Ok(undo) => (undo, None),
        Err(refusal) => (Undo::nothing(now), Some(refusal.to_string())),
    };
    let why: BTreeSet<String> = skipped.iter().map(|Skipped { why, .. }| why.to_string()).collect();
    let touched = store.touched_by(pointed.request_id).await;
    let elsewhere = touched.during("count the inspections of a request", pointed.request_id)? > 1;
    let subject = RevertChoice::Undo { change: pointed, all, request, elsewhere };
    Ok(Planned { subject, plan, conflicts, skipped: why.into_iter().collect(), refused })
}

async fn restore(store: &Store, now: &Inspection, to: ChangeId) -> Result<Planned, ServiceError> {
    let point = past::moment(store, now, At::Change(to)).await?;
    let (plan, refused) = match now.restore(&point.inspection) {
        Ok(plan) => (plan, None),
        Err(refusal) => (Undo::nothing(now).plan, Some(refusal.to_string())),
    };
    let skipped = match plan.steps.is_empty() {
        true => vec!["Already in that state.".to_owned()],
        false => Vec::new(),
    };
    let subject = RevertChoice::Restore { change: point.change };
    Ok(Planned { subject, plan, conflicts: Vec::new(), skipped, refused })
}

/// Returns the reason for a refusal, with a preceding step that would help, if any.
pub(crate) fn in_words(denied: Denied) -> String {
    match denied {
        Denied::Locked => {
            "This inspection is no longer a draft, so it is locked. Reopen it first, then undo."
                .into()
        }
        denied => Refusal::from(denied).to_string(),
    }
}
