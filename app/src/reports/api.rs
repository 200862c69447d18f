//! Server functions of the report panel.

use super::progress::ReportInProgress;
use crate::{error::AppError, wire::Compact};
use domain::{
    change::Change,
    id::{ChangeId, InspectionId},
};
use leptos::prelude::*;
use uuid::Uuid;

/// Creates and stores the report of an inspection in its current state, or in the state after the change
/// `at`. It continues when the browser disconnects. After a plain form it redirects to the page.
#[server(output = Compact, endpoint = "create_report")]
pub async fn create_report(
    /// Inspection.
    inspection: InspectionId,
    /// Request id, the same for each repeated submission.
    request: Uuid,
    /// Change whose state to show; `None` for the current state.
    #[server(default)]
    at: Option<ChangeId>,
) -> Result<Change, AppError> {
    super::make::create(inspection, at, request).await
}

/// Returns the reports of an inspection in progress: the viewer's own and the final one.
#[server(output = Compact, endpoint = "reports_in_progress")]
pub async fn reports_in_progress(
    /// Inspection.
    inspection: InspectionId,
) -> Result<Vec<ReportInProgress>, AppError> {
    super::make::in_progress(inspection).await
}

/// Cancels a report in progress of the signed-in person.
#[server(output = Compact, endpoint = "cancel_report")]
pub async fn cancel_report(
    /// Inspection.
    inspection: InspectionId,
    /// Request id of the report.
    request: Uuid,
) -> Result<(), AppError> {
    super::make::cancel(inspection, request).await
}
