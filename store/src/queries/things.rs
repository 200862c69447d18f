//! A photo or a report by its id, whichever inspection it is of.

use crate::{
    Error, Store,
    rows::{Tracked, select},
    sql::{Row, sql},
};
use domain::{InspectionId, Photo, PhotoId, Report, ReportId};

#[derive(sqlx::FromRow)]
struct Of<T> {
    inspection_id: i64,
    #[sqlx(flatten)]
    thing: T,
}

impl Store {
    /// A photo and the inspection it is of, a removed one too: the history still shows it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn photo(&self, id: PhotoId) -> Result<Option<(InspectionId, Photo)>, Error> {
        self.thing(id.0).await
    }

    /// A report and the inspection it is of.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn report(&self, id: ReportId) -> Result<Option<(InspectionId, Report)>, Error> {
        self.thing(id.0).await
    }

    async fn thing<T: Tracked>(&self, id: i64) -> Result<Option<(InspectionId, T)>, Error>
    where
        Of<T::Row>: Row,
    {
        let text = format!("{} where id = $1", select::<T>("inspection_id, "));
        let row: Option<Of<T::Row>> = sql(text).bind(id).optional(self.db()).await?;
        row.map(|row| Ok((InspectionId(row.inspection_id), T::try_from(row.thing)?))).transpose()
    }
}
