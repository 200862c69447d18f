//! Use cases of changes: the dashboard, the history of an inspection, and the actions on both.

mod act;
mod dashboard;
mod history;

pub use act::act;
pub use dashboard::{activity, dashboard, entry, filter_values, inspections_called, start_filter};
pub use history::{delete_comment, find, history};

use crate::{Forbidden, ServiceError};
use domain::{
    inspection::Inspection, people::Actor, permission::may_review_changes, view::InspectionName,
};

/// Checks that a person may review changes.
///
/// # Errors
/// The person may not.
pub fn require_reviewer(actor: &Actor) -> Result<(), ServiceError> {
    match may_review_changes(actor.role) {
        true => Ok(()),
        false => Err(Forbidden::ReviewChanges.into()),
    }
}

fn name_of(inspection: &Inspection) -> InspectionName {
    let Inspection { id, reference, name, .. } = inspection;
    InspectionName { id: *id, reference: reference.clone(), name: name.clone() }
}
