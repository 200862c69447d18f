//! `/settings/organisation`: settings of the organisation named in reports, for admins. The form is a plain
//! form whose response is a page; a rejected form is shown again with the typed values.

mod page;

pub use page::OrganisationPage;

#[cfg(feature = "ssr")]
use crate::auth::{Caller, caller};
use crate::{error::AppError, wire::Compact};
use domain::view::OrganisationSettings;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Rejected form with the values to show again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationAttempt {
    /// Typed name.
    pub name: String,
    /// Typed address.
    pub address: String,
    /// Whether a logo was chosen; browsers do not keep chosen files.
    pub had_logo: bool,
    /// Reason for the rejection.
    pub error: AppError,
}

/// Loads the organisation and its latest changes.
#[server(name = AskOrganisationSettings, output = Compact, endpoint = "organisation_settings")]
pub async fn organisation_settings() -> Result<OrganisationSettings, AppError> {
    let Caller { store, actor, .. } = caller()?;
    Ok(service::organisation::settings(&store, &actor).await?)
}
