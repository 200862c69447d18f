//! What the panel asks the server for.

use crate::{error::AppError, wire::Compact};
use domain::{Change, ChangeId, InspectionId};
use leptos::prelude::*;
use uuid::Uuid;

/// Renders the report of an inspection as it stands now, or as it stood after the change `at`, and
/// keeps it. Sent by a plain form it leads back to the page.
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
