//! Use cases of finding a report, and of downloading it, which is recorded.

use crate::{Missing, ServiceError, error::During, inspections::visible};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::{
    change::Mutation,
    id::{InspectionId, ReportId},
    inspection::Report,
    people::Actor,
};
use store::{Authorship, MutationRequest, Store, keys};
use uuid::Uuid;

/// Finds a report and its inspection for a viewer.
///
/// # Errors
/// The report does not exist, the viewer may not see its inspection, or the database fails.
pub async fn find(
    store: &Store,
    viewer: &Actor,
    id: ReportId,
) -> Result<(InspectionId, Report), ServiceError> {
    let found = store.report(id).await.during("find a report", id)?;
    let (inspection, report) = found.ok_or(Missing::Report(id))?;
    visible(store, viewer, inspection).await.map_err(|error| error.instead(Missing::Report(id)))?;
    Ok((inspection, report))
}

/// Records the download of a report that [`find`] returned, and reads its file.
///
/// # Errors
/// The file is missing, the person may not download it, or the database or the object store fails.
pub async fn download(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
    request: Uuid,
    (inspection, report): (InspectionId, &Report),
) -> Result<Bytes, ServiceError> {
    let operation = "download a report";
    // The file is read first, so that a failed read is not recorded as a download.
    let key = keys::report(&report.sha256);
    let bytes = store.objects().get(&key).await.during(operation, report.id)?;
    let bytes = bytes.ok_or_else(|| {
        tracing::error!(report = report.id.0, key, "the file of a report is gone");
        Missing::ReportFile(report.id)
    })?;
    let author = Authorship { actor: actor.clone(), request_id: request, now };
    let mutation = Mutation::DownloadReport { report: report.id };
    let request = MutationRequest { author, ordinal: 1, inspection, expected: None, mutation };
    store.record(request).await.during(operation, report.id)?;
    Ok(bytes)
}
