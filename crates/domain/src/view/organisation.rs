//! The settings of the organisation that reports are from.

use crate::Organisation;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// All that the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationSettings {
    /// The organisation as it is now.
    pub organisation: Organisation,
    /// Its last changes, newest first.
    pub changes: Vec<OrganisationChange>,
}

/// A change of the organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationChange {
    /// Who made it, by the name they had.
    pub by: String,
    /// When, in UTC.
    pub at: DateTime<Utc>,
    /// What was changed, as in "name, logo".
    pub what: String,
}
