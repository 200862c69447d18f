//! What the panel asks the server for.

use crate::{error::AppError, wire::Compact};
use domain::{Change, InspectionId};
use leptos::prelude::*;
use uuid::Uuid;

/// Renders the report of an inspection as it stands now and keeps it. Sent by a plain form it leads
/// back to the page.
#[server(output = Compact)]
pub async fn create_report(inspection: InspectionId, request: Uuid) -> Result<Change, AppError> {
    super::make::create(inspection, request).await
}
