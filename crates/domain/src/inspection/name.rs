//! Name of an inspection.

use crate::id::InspectionId;
use serde::{Deserialize, Serialize};

/// An inspection by id, reference and name, for a filter or the heading of its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionName {
    /// Its id.
    pub id: InspectionId,
    /// Its reference.
    pub reference: String,
    /// Its name.
    pub name: String,
}
