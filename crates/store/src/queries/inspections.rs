//! Queries for one inspection and for lists of them.

use super::WhereClause;
use crate::{
    Error, Store, boxed,
    rows::{self, person},
    sql::{sql, timestamp},
};
use domain::{
    id::InspectionId,
    inspection::{
        Inspection, InspectionFilter, InspectionListPage, InspectionRow, PageKey, Sort, Status,
    },
    people::{Actor, Role},
};

/// A row of the query that [`listed`] builds.
#[derive(sqlx::FromRow)]
pub(super) struct ListRow {
    pub(super) id: i64,
    reference: String,
    name: String,
    address: String,
    client: String,
    status: String,
    inspector_id: Option<i64>,
    inspector_name: Option<String>,
    scheduled_on: Option<String>,
    hazards: i64,
    changed_at: i64,
}

impl TryFrom<ListRow> for InspectionRow {
    type Error = Error;

    fn try_from(row: ListRow) -> Result<Self, Error> {
        let scheduled_on = row.scheduled_on.as_deref();
        Ok(Self {
            id: InspectionId(row.id),
            status: rows::word("inspections", "status", row.id, &row.status)?,
            scheduled_on: scheduled_on
                .map(|day| rows::word("inspections", "scheduled_on", row.id, day))
                .transpose()?,
            reference: row.reference,
            name: row.name,
            address: row.address,
            client: row.client,
            inspector: person(row.inspector_id, row.inspector_name),
            hazards: row.hazards,
            changed_at: timestamp("inspections", "changed_at", row.id, row.changed_at)?,
        })
    }
}

/// A row of a list with all its sort keys.
#[derive(sqlx::FromRow)]
struct KeyedRow {
    #[sqlx(flatten)]
    row: ListRow,
    change_id: i64,
}

impl KeyedRow {
    /// Returns the key of a page whose last row this is.
    fn key(&self, sort: Sort) -> PageKey {
        match sort {
            Sort::Changed => PageKey { id: self.change_id, by: None },
            Sort::Scheduled => PageKey { id: self.row.id, by: self.row.scheduled_on.clone() },
            Sort::Reference => PageKey { id: self.row.id, by: None },
            Sort::Name => PageKey { id: self.row.id, by: Some(self.row.name.clone()) },
        }
    }
}

impl WhereClause {
    /// Adds the condition that a row comes after the last of a page, in the [`order`] of the list.
    fn after(&mut self, sort: Sort, PageKey { id, by }: &PageKey) {
        let id = self.value(*id);
        match (sort, by) {
            (Sort::Changed, _) => self.all.push(format!("i.change_id < ${id}")),
            (Sort::Reference, _) => self.all.push(format!("i.id < ${id}")),
            (Sort::Scheduled, None) => {
                self.all.push(format!("i.scheduled_on is null and i.id < ${id}"));
            }
            (Sort::Scheduled, Some(by)) => self.about(by.as_str(), |_, by| {
                format!(
                    "(i.scheduled_on is null or i.scheduled_on > ${by} \
                     or (i.scheduled_on = ${by} and i.id < ${id}))"
                )
            }),
            (Sort::Name, by) => self.about(by.clone().unwrap_or_default(), |_, by| {
                format!(
                    "(lower(i.name) > lower(${by}) \
                     or (lower(i.name) = lower(${by}) and i.id > ${id}))"
                )
            }),
        }
    }
}

/// Builds the list query, sorted by `order`, over the inspections selected by `these`, which must
/// select all their columns. `more` names further columns of it. Hazards are counted for these
/// inspections only.
pub(super) fn listed(these: &str, more: &str, order: &str) -> String {
    format!(
        "select i.id, i.reference, i.name, i.address, i.client, i.status, i.inspector_id, \
         i.inspector_name, i.scheduled_on, \
         (select count(*) from sections as s where s.inspection_id = i.id and not s.removed \
         and s.condition = 'unsafe') \
         + (select count(*) from equipment as e where e.inspection_id = i.id and not e.removed \
         and e.condition = 'unsafe') as hazards, c.created_at as changed_at{more} \
         from ({these}) as i join changes as c on c.id = i.change_id order by {order}"
    )
}

impl Store {
    /// Returns all inspections without their contents, including removed ones, in the order of
    /// their ids.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn heads(&self) -> Result<Vec<Inspection>, Error> {
        let mut tx = self.db().read().await?;
        let mut heads = rows::heads_between(&mut tx, i64::MIN, i64::MAX).await?;
        heads.sort_unstable_by_key(|loaded| loaded.inspection.id);
        Ok(heads.into_iter().map(|loaded| loaded.inspection).collect())
    }

    /// Returns an inspection with its contents, even if it is removed. It does not check who may
    /// see it.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn inspection(&self, id: InspectionId) -> Result<Option<Inspection>, Error> {
        let loaded = rows::load(&mut self.db().read().await?, id).await?;
        Ok(loaded.map(|loaded| loaded.inspection))
    }

    /// Returns a page of the inspections that the viewer may see, without removed ones.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn inspections(
        &self,
        viewer: &Actor,
        filter: &InspectionFilter,
    ) -> Result<InspectionListPage, Error> {
        let mut tx = self.db().read().await?;
        let mut conditions = WhereClause::new(tx.dialect());
        conditions.all.push("not i.removed".into());
        if viewer.role == Role::Inspector {
            conditions.about(viewer.id, |_, bind| format!("i.inspector_id = ${bind}"));
        }
        conditions.words(&filter.words, None);
        let text = format!(
            "select i.status, count(*) from inspections as i{} group by i.status",
            conditions.clause()
        );
        let counts = sql(text).bind_all(conditions.values.clone());
        let counts: Vec<(String, i64)> = counts.all(&mut tx).await?;

        if let Some(status) = filter.status {
            conditions.about(status.slug(), |_, bind| format!("i.status = ${bind}"));
        }
        if let Some(after) = &filter.after {
            conditions.after(filter.sort, after);
        }
        let page = i64::from(InspectionFilter::PAGE);
        let limit = conditions.value(page + 1);
        let order = order(filter.sort);
        let these = format!(
            "select * from inspections as i{} order by {order} limit ${limit}",
            conditions.clause()
        );
        let text = listed(&these, ", i.change_id", order);
        let mut rows: Vec<KeyedRow> = sql(text).bind_all(conditions.values).all(&mut tx).await?;
        let most = usize::try_from(page).unwrap_or(usize::MAX);
        let more = rows.len() > most;
        rows.truncate(most);
        let next = rows.last().filter(|_| more).map(|last| last.key(filter.sort));
        let rows = rows.into_iter().map(|keyed| InspectionRow::try_from(keyed.row));
        let rows: Vec<InspectionRow> = rows.collect::<Result<_, _>>()?;
        let count = |status: Status| {
            let found = counts.iter().find(|(slug, _)| slug == status.slug());
            (status, found.map_or(0, |(_, count)| *count))
        };
        Ok(InspectionListPage { rows, counts: Status::ALL.into_iter().map(count).collect(), next })
    }
}

/// Returns the ORDER BY of a list. References are given in the order of ids.
const fn order(sort: Sort) -> &'static str {
    match sort {
        Sort::Changed => "i.change_id desc",
        Sort::Scheduled => "i.scheduled_on is null, i.scheduled_on, i.id desc",
        Sort::Reference => "i.id desc",
        Sort::Name => "lower(i.name), i.id",
    }
}
