//! Sentences about failed reports, which the pages show and the queue of final reports stores.

use crate::ServiceError;
use domain::view::ReportError;

/// Returns the sentence about a failed report. Failures without details for people share one.
pub(super) fn sentence_of(error: &ServiceError) -> String {
    match error {
        ServiceError::Report(error) => error.to_string(),
        ServiceError::Refused(refusal) => refusal.to_string(),
        ServiceError::Conflict(conflict) => conflict.to_string(),
        _ => ReportError::Failed.to_string(),
    }
}
