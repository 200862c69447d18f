//! Use cases of reports in progress: listing them, and cancelling one.

use super::renderer::Renderer;
use crate::{ServiceError, error::During, inspections::visible};
use domain::{
    change::Action,
    id::InspectionId,
    inspection::Inspection,
    people::Actor,
    permission::may,
    view::{ReportInProgress, ReportStage},
};
use store::{QueueState, Store};
use uuid::Uuid;

/// Returns the reports of an inspection in progress: the viewer's own and the final one; empty if the
/// viewer may not create reports.
///
/// # Errors
/// The inspection does not exist, the viewer may not see it, or the database fails.
pub async fn in_progress(
    store: &Store,
    renderer: &Renderer,
    viewer: &Actor,
    id: InspectionId,
) -> Result<Vec<ReportInProgress>, ServiceError> {
    let inspection = visible(store, viewer, id).await?;
    in_progress_of(store, renderer, viewer, &inspection).await
}

/// Does the same as [`in_progress`] for an inspection that was loaded for the viewer.
///
/// # Errors
/// The database fails.
pub async fn in_progress_of(
    store: &Store,
    renderer: &Renderer,
    viewer: &Actor,
    inspection: &Inspection,
) -> Result<Vec<ReportInProgress>, ServiceError> {
    if may(viewer, Action::CreatePdf, inspection).is_err() {
        return Ok(Vec::new());
    }
    let mut all = renderer.jobs().of(inspection.id, viewer.id, renderer.turns());
    let is_made = all.iter().any(|report| report.is_automatic);
    if !is_made && inspection.lacks_final_report() {
        let state = store.final_report_state(inspection.id).await;
        let state = state.during("find the queued report of an inspection", inspection.id)?;
        all.extend(state.map(queued));
    }
    Ok(all)
}

/// Cancels a report of a person. Does nothing if it is no longer in progress.
///
/// # Errors
/// The inspection does not exist, the person may not see it, or the database fails.
pub async fn cancel(
    store: &Store,
    renderer: &Renderer,
    actor: &Actor,
    id: InspectionId,
    request: Uuid,
) -> Result<(), ServiceError> {
    visible(store, actor, id).await?;
    renderer.jobs().cancel(actor.id, id, request);
    Ok(())
}

fn queued(state: QueueState) -> ReportInProgress {
    let stage = match state {
        QueueState::Waiting { before } => {
            ReportStage::Queued { before: u32::try_from(before).unwrap_or(u32::MAX) }
        }
        QueueState::Retrying(at) => ReportStage::Retrying(at),
        QueueState::Failed(why) => ReportStage::Failed(why),
    };
    ReportInProgress { request: None, is_automatic: true, stage, seconds: 0 }
}
