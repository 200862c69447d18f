//! Photos and reports by their ids.

use crate::{
    Error, Store, boxed,
    chain::Hash,
    rows::{self, Tracked, select},
    sql::{Row, sql, timestamp},
};
use chrono::{DateTime, Utc};
use domain::{
    id::{ChangeId, InspectionId, PhotoId, ReportId},
    inspection::{Photo, Report},
};
use std::collections::BTreeMap;

#[derive(sqlx::FromRow)]
struct Of<T> {
    inspection_id: i64,
    #[sqlx(flatten)]
    thing: T,
}

impl Store {
    /// Returns a photo and its inspection, even if it is removed, because the history still shows
    /// it.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn photo(&self, id: PhotoId) -> Result<Option<(InspectionId, Photo)>, Error> {
        self.thing(id.0).await
    }

    /// Returns a report and its inspection.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn report(&self, id: ReportId) -> Result<Option<(InspectionId, Report)>, Error> {
        self.thing(id.0).await
    }

    /// Returns the time at which each photo of an inspection was added, including removed ones.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn photo_times(
        &self,
        inspection: InspectionId,
    ) -> Result<BTreeMap<PhotoId, DateTime<Utc>>, Error> {
        let statement = sql(
            "select photos.id, changes.created_at from photos join changes on changes.id = photos.id \
             where photos.inspection_id = $1",
        );
        let rows: Vec<(i64, i64)> = statement.bind(inspection).all(self.db()).await?;
        let added = |(id, at)| Ok((PhotoId(id), timestamp("changes", "created_at", id, at)?));
        rows.into_iter().map(added).collect()
    }

    /// Returns the report whose file has this SHA-256, and its inspection.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn report_with(&self, sha256: &str) -> Result<Option<(InspectionId, Report)>, Error> {
        let statement = sql("select max(id) from reports where sha256 = $1").bind(sha256);
        let (id,): (Option<i64>,) = statement.one(self.db()).await?;
        match id {
            Some(id) => self.report(ReportId(id)).await,
            None => Ok(None),
        }
    }

    /// Returns the stored hash of a change.
    ///
    /// # Errors
    /// If the database fails, or the hash is not 32 bytes long.
    #[boxed]
    pub async fn change_hash(&self, id: ChangeId) -> Result<Option<Hash>, Error> {
        let statement = sql("select hash from changes where id = $1").bind(id);
        let found: Option<(Vec<u8>,)> = statement.optional(self.db()).await?;
        found.map(|(hash,)| rows::hash("changes", id.0, &hash)).transpose()
    }

    async fn thing<T: Tracked>(&self, id: i64) -> Result<Option<(InspectionId, T)>, Error>
    where
        Of<T::Row>: Row,
    {
        let text = format!("{} where id = $1", select::<T>("inspection_id, "));
        let row: Option<Of<T::Row>> = sql(text).bind(id).optional(self.db()).await?;
        row.map(|row| Ok((InspectionId(row.inspection_id), T::read(row.thing)?))).transpose()
    }
}
