//! The organisation that reports are from, as a list of versions. Each version has its author and
//! its time; the last one is the present one.

use crate::{
    Error, Store, boxed,
    sql::{sql, timestamp},
};
use chrono::{DateTime, Utc};
use domain::people::{
    Actor, Logo, Organisation, check_organisation_address, check_organisation_name,
};

/// A version of the organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationVersion {
    /// The organisation.
    pub organisation: Organisation,
    /// Name of the person who saved it, as it was then.
    pub changed_by: String,
    /// Time at which it was saved, in UTC.
    pub changed_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    id: i64,
    changed_at: i64,
    user_name: String,
    name: String,
    address: String,
    logo_sha256: Option<String>,
    logo_width: Option<i64>,
    logo_height: Option<i64>,
}

impl TryFrom<VersionRow> for OrganisationVersion {
    type Error = Error;

    fn try_from(row: VersionRow) -> Result<Self, Error> {
        let logo = row.logo_sha256.zip(row.logo_width).zip(row.logo_height);
        let logo = logo.map(|((sha256, width), height)| Logo { sha256, width, height });
        Ok(Self {
            organisation: Organisation { name: row.name, address: row.address, logo },
            changed_by: row.user_name,
            changed_at: timestamp("organisation_versions", "changed_at", row.id, row.changed_at)?,
        })
    }
}

impl Store {
    /// Returns the present organisation; an empty one if none was saved yet.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn organisation(&self) -> Result<Organisation, Error> {
        let latest = self.organisation_versions(1).await?.pop();
        Ok(latest.map(|version| version.organisation).unwrap_or_default())
    }

    /// Returns the last versions of the organisation, newest first.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn organisation_versions(
        &self,
        limit: i64,
    ) -> Result<Vec<OrganisationVersion>, Error> {
        let text = "select id, changed_at, user_name, name, address, logo_sha256, logo_width, logo_height \
             from organisation_versions order by id desc limit $1";
        let rows: Vec<VersionRow> = sql(text).bind(limit).all(self.db()).await?;
        rows.into_iter().map(OrganisationVersion::try_from).collect()
    }

    /// Saves a new version of the organisation, unless it equals the present one. The file of its
    /// logo must already be in the object store.
    ///
    /// # Errors
    /// [`Error::Unfit`] for an invalid `name` or `address`.
    #[boxed]
    pub async fn set_organisation(
        &self,
        actor: &Actor,
        organisation: &Organisation,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let Organisation { name, address, logo } = organisation;
        let name = check_organisation_name(name).map_err(Error::unfit("name"))?;
        let address = check_organisation_address(address).map_err(Error::unfit("address"))?;
        let fitting = Organisation { name, address, logo: logo.clone() };
        if self.organisation().await? == fitting {
            return Ok(());
        }
        let Organisation { name, address, logo } = fitting;
        let (width, height) = (logo.as_ref().map(|it| it.width), logo.as_ref().map(|it| it.height));
        let text = "insert into organisation_versions \
             (changed_at, user_id, user_name, name, address, logo_sha256, logo_width, logo_height) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)";
        let mut tx = self.db().write().await?;
        sql(text)
            .bind(now)
            .bind(actor.id)
            .bind(actor.name.as_str())
            .bind(name)
            .bind(address)
            .bind(logo.map(|it| it.sha256))
            .bind(width)
            .bind(height)
            .run(&mut tx)
            .await?;
        tx.commit().await
    }
}
