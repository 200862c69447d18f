//! Server functions of the report panel.

#[cfg(feature = "ssr")]
use crate::{
    auth::{Caller, caller},
    error::for_plain_form,
    upload_error::{REFUSED, UploadError},
};
use crate::{error::AppError, wire::Compact};
use domain::{
    change::Change,
    id::{ChangeId, InspectionId},
    view::ReportInProgress,
};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use service::{
    Clock, ServiceError,
    reports::{self, Renderer, ReportMaker},
};
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
    let Caller { store, actor, .. } = caller()?;
    let (renderer, clock) = (expect_context::<Renderer>(), expect_context::<Clock>());
    let maker = ReportMaker { store: &store, renderer: &renderer, clock };
    let made = maker.make_in_background(&actor, (inspection, at), request).await;
    if for_plain_form() {
        leptos_axum::redirect(&panel_after(inspection, made.as_ref().err()));
    }
    Ok(made?)
}

/// Returns the address of an inspection's reports, after a plain form that failed with this error.
#[cfg(feature = "ssr")]
fn panel_after(inspection: InspectionId, error: Option<&ServiceError>) -> String {
    use domain::view::ReportError;
    let refused = error.map(|error| match error {
        ServiceError::Report(ReportError::Slow) => UploadError::SlowReport,
        _ => UploadError::Report,
    });
    let query = refused.map(|refused| format!("?{REFUSED}={}", refused.to_query()));
    format!("/inspections/{inspection}{}#reports", query.unwrap_or_default())
}

/// Returns the reports of an inspection in progress: the viewer's own and the final one.
#[server(output = Compact, endpoint = "reports_in_progress")]
pub async fn reports_in_progress(
    /// Inspection.
    inspection: InspectionId,
) -> Result<Vec<ReportInProgress>, AppError> {
    let Caller { store, actor, .. } = caller()?;
    let renderer = expect_context::<Renderer>();
    Ok(reports::in_progress(&store, &renderer, &actor, inspection).await?)
}

/// Cancels a report in progress of the signed-in person.
#[server(output = Compact, endpoint = "cancel_report")]
pub async fn cancel_report(
    /// Inspection.
    inspection: InspectionId,
    /// Request id of the report.
    request: Uuid,
) -> Result<(), AppError> {
    let Caller { store, actor, .. } = caller()?;
    let renderer = expect_context::<Renderer>();
    Ok(reports::cancel(&store, &renderer, &actor, inspection, request).await?)
}
