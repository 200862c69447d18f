//! `/settings/organisation`: the organisation that reports are from, for admins. The form is a plain one that the
//! server answers with a page; one that did not succeed comes back as it was typed.

mod page;

pub use page::OrganisationPage;

#[cfg(feature = "ssr")]
use crate::auth::{Caller, caller};
use crate::{error::AppError, wire::Compact};
use domain::view::OrganisationSettings;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A form that did not succeed: what it shows again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationAttempt {
    /// The name as it was typed.
    pub name: String,
    /// The address as it was typed.
    pub address: String,
    /// Whether a logo was chosen, which a browser does not keep.
    pub had_logo: bool,
    /// Why it did not succeed.
    pub error: AppError,
}

/// The organisation and its last changes.
#[server(name = AskOrganisationSettings, output = Compact)]
pub async fn organisation_settings() -> Result<OrganisationSettings, AppError> {
    let Caller { store, actor, .. } = caller()?;
    Ok(service::organisation::settings(&store, &actor).await?)
}
