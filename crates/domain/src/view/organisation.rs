//! View model of the organisation's settings.

use crate::people::Organisation;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Data of the settings page.
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
    /// Name of the person who made it, as it was then.
    pub by: String,
    /// Time at which it was made, in UTC.
    pub at: DateTime<Utc>,
    /// The changed fields, as in "name, logo".
    pub what: String,
}
