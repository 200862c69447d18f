//! Inspections that changes or comments are about, with their inspectors.

use crate::{
    Error, Store, boxed,
    sql::{numbers, sql},
};
use domain::id::{ChangeId, InspectionId, UserId};

/// An inspection affected by changes or comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concerned {
    /// Id of the inspection.
    pub inspection: InspectionId,
    /// Its present inspector.
    pub inspector: UserId,
    /// Its newest change among those asked about; `None` if it was looked up by its own id.
    pub last: Option<ChangeId>,
}

#[derive(sqlx::FromRow)]
struct Row {
    inspection_id: i64,
    inspector_id: i64,
    last: Option<i64>,
}

impl From<Row> for Concerned {
    fn from(row: Row) -> Self {
        let (inspection, inspector) = (InspectionId(row.inspection_id), UserId(row.inspector_id));
        Self { inspection, inspector, last: row.last.map(ChangeId) }
    }
}

impl Store {
    /// Returns the inspections that the changes from `first` to `last` are about.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn concerned_by_changes(
        &self,
        first: ChangeId,
        last: ChangeId,
    ) -> Result<Vec<Concerned>, Error> {
        let text = "select c.inspection_id, i.inspector_id, max(c.id) as last from changes as c \
             join inspections as i on i.id = c.inspection_id where c.id between $1 and $2 \
             group by c.inspection_id, i.inspector_id";
        let rows: Vec<Row> = sql(text).bind(first).bind(last).all(self.db()).await?;
        Ok(rows.into_iter().map(Concerned::from).collect())
    }

    /// Returns the inspections with these ids. Unknown ids are left out.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn concerned(&self, inspections: &[InspectionId]) -> Result<Vec<Concerned>, Error> {
        let these = self.db().dialect().any("id", 1);
        let text = format!(
            "select id as inspection_id, inspector_id, cast(null as bigint) as last \
             from inspections where {these}"
        );
        let ids = numbers(inspections.iter().map(|inspection| inspection.0));
        let rows: Vec<Row> = sql(text).bind(ids).all(self.db()).await?;
        Ok(rows.into_iter().map(Concerned::from).collect())
    }

    /// Returns the newest change of all.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn newest_change(&self) -> Result<Option<ChangeId>, Error> {
        let (newest,): (Option<i64>,) = sql("select max(id) from changes").one(self.db()).await?;
        Ok(newest.map(ChangeId))
    }
}
