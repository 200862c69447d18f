//! Use cases of the organisation named in reports, for admins.

use crate::{Forbidden, Missing, ServiceError, error::During};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::{
    people::{Actor, Logo, Organisation, check_organisation_address, check_organisation_name},
    permission::may_manage_organisation,
    view::{OrganisationChange, OrganisationSettings},
};
use store::{OrganisationVersion, Store, keys};

/// Number of changes that are listed.
const LISTED: usize = 10;

/// Change of the logo when the organisation is saved.
#[derive(Clone, Debug)]
pub enum LogoChange {
    /// Keep the logo.
    Keep,
    /// Remove the logo.
    Remove,
    /// Replace the logo; with its PNG file.
    Replace(Logo, Bytes),
}

/// Checks that a person may manage the organisation.
///
/// # Errors
/// The person is not an admin.
pub fn require_manager(actor: &Actor) -> Result<(), ServiceError> {
    match may_manage_organisation(actor.role) {
        true => Ok(()),
        false => Err(Forbidden::ManageOrganisation.into()),
    }
}

/// Loads the organisation and its latest changes.
///
/// # Errors
/// The viewer is not an admin, or the database fails.
pub async fn settings(store: &Store, viewer: &Actor) -> Result<OrganisationSettings, ServiceError> {
    require_manager(viewer)?;
    let limit = i64::try_from(LISTED + 1).unwrap_or(i64::MAX);
    let versions = store.organisation_versions(limit).await;
    let versions = versions.during("load the organisation", viewer.id)?;
    let organisation = versions.first().map(|it| it.organisation.clone()).unwrap_or_default();
    let none = Organisation::default();
    let before = versions.iter().skip(1).map(|version| &version.organisation).chain([&none]);
    let changes = versions.iter().zip(before).take(LISTED);
    let changes = changes.map(|(version, before)| change(version, before)).collect();
    Ok(OrganisationSettings { organisation, changes })
}

fn change(version: &OrganisationVersion, before: &Organisation) -> OrganisationChange {
    let Organisation { name, address, logo } = &version.organisation;
    let parts = [
        ("name", *name != before.name),
        ("address", *address != before.address),
        ("logo", *logo != before.logo),
    ];
    let changed: Vec<_> =
        parts.iter().filter(|(_, is_new)| *is_new).map(|(part, _)| *part).collect();
    OrganisationChange {
        by: version.changed_by.clone(),
        at: version.changed_at,
        what: changed.join(", "),
    }
}

/// Saves the organisation. The file of a new logo is stored first.
///
/// # Errors
/// The actor is not an admin, a value is invalid, or the database or the object store fails.
pub async fn save(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
    (name, address): (&str, &str),
    logo: LogoChange,
) -> Result<(), ServiceError> {
    require_manager(actor)?;
    let operation = "save the organisation";
    let wrong = |field| move |message| ServiceError::Invalid { field, message };
    let name = check_organisation_name(name).map_err(wrong("name"))?;
    let address = check_organisation_address(address).map_err(wrong("address"))?;
    let logo = match logo {
        LogoChange::Keep => store.organisation().await.during(operation, actor.id)?.logo,
        LogoChange::Remove => None,
        LogoChange::Replace(logo, png) => {
            let kept = store.objects().put_once(&keys::logo(&logo.sha256), png).await;
            kept.during(operation, actor.id)?;
            Some(logo)
        }
    };
    let organisation = Organisation { name, address, logo };
    store.set_organisation(actor, &organisation, now).await.during(operation, actor.id)?;
    tracing::info!(by = actor.id.0, "the organisation was saved");
    Ok(())
}

/// Returns the PNG file of the current logo, if it has this SHA-256.
///
/// # Errors
/// The viewer is not an admin, the logo does not exist, or the database or the object store fails.
pub async fn logo(store: &Store, viewer: &Actor, sha256: &str) -> Result<Bytes, ServiceError> {
    require_manager(viewer)?;
    let operation = "load the logo";
    let logo = store.organisation().await.during(operation, viewer.id)?.logo;
    let logo = logo.filter(|logo| logo.sha256 == sha256).ok_or(Missing::Logo)?;
    let png = store.objects().get(&keys::logo(&logo.sha256)).await.during(operation, viewer.id)?;
    Ok(png.ok_or(Missing::Logo)?)
}
