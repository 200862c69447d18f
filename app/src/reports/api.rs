//! What the panel asks the server for.

use super::progress::ReportInProgress;
use crate::{error::AppError, wire::Compact};
use domain::{Change, ChangeId, InspectionId};
use leptos::prelude::*;
use uuid::Uuid;

/// Renders the report of an inspection as it stands now, or as it stood after the change `at`, and
/// keeps it. It goes on where the browser leaves. Sent by a plain form it leads back to the page.
#[server(output = Compact)]
pub async fn create_report(
    /// Of which inspection.
    inspection: InspectionId,
    /// The press of the button, however often it is sent.
    request: Uuid,
    /// The change after which it stood so; none for now.
    #[server(default)]
    at: Option<ChangeId>,
) -> Result<Change, AppError> {
    super::make::create(inspection, at, request).await
}

/// The reports of an inspection that are being made: one's own, and the final one.
#[server(output = Compact)]
pub async fn reports_in_progress(
    /// Of which inspection.
    inspection: InspectionId,
) -> Result<Vec<ReportInProgress>, AppError> {
    super::make::in_progress(inspection).await
}

/// Cancels a report that one is having made.
#[server(output = Compact)]
pub async fn cancel_report(
    /// Of which inspection.
    inspection: InspectionId,
    /// The request that asked for it.
    request: Uuid,
) -> Result<(), AppError> {
    super::make::cancel(inspection, request).await
}
