//! Inspections that wait for somebody: their drafts and those in review, each with the status
//! change that led to its status.

use super::{
    WhereClause,
    inspections::{ListRow, listed},
};
use crate::{
    Error, Store, boxed,
    sql::{sql, timestamp},
};
use chrono::{DateTime, Utc};
use domain::{
    id::UserId,
    inspection::{InspectionRow, Status},
    people::{Actor, Role},
};

/// An inspection that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The inspection.
    pub row: InspectionRow,
    /// The status change that led to its status; `None` for a draft that never had another status.
    pub reached: Option<Reached>,
}

/// The status change that led to an inspection's status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// Id of the person who made it.
    pub by: UserId,
    /// Their name, as recorded.
    pub name: String,
    /// The reason, if one was given.
    pub reason: Option<String>,
    /// When it was made, in UTC.
    pub at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct WaitingRow {
    #[sqlx(flatten)]
    row: ListRow,
    reached_by: Option<i64>,
    reached_name: Option<String>,
    reached_reason: Option<String>,
    reached_at: Option<i64>,
}

impl TryFrom<WaitingRow> for Waiting {
    type Error = Error;

    fn try_from(row: WaitingRow) -> Result<Self, Error> {
        let (by, name, at) = (row.reached_by, row.reached_name, row.reached_at);
        let id = row.row.id;
        let reached = by.zip(name).zip(at).map(|((by, name), at)| {
            let at = timestamp("inspections", "reached_at", id, at)?;
            Ok::<_, Error>(Reached { by: UserId(by), name, reason: row.reached_reason, at })
        });
        let reached = reached.transpose()?;
        Ok(Self { row: row.row.try_into()?, reached })
    }
}

/// SELECT for the last status change of the inspection `i`. It reads the changes backwards up to
/// there, or all of them if there is none. An index on status changes would save that but slow down
/// every status change.
const LAST_STEP: &str = "select s.id from changes as s where s.inspection_id = i.id \
                         and s.action in ('status-review', 'status-complete', 'status-draft') \
                         order by s.id desc limit 1";

impl Store {
    /// Returns the inspections in review that the viewer may see, the longest waiting first and at
    /// most `limit`, and the number of all of them.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn in_review(
        &self,
        viewer: &Actor,
        limit: i64,
    ) -> Result<(Vec<Waiting>, i64), Error> {
        let whose = (viewer.role == Role::Inspector).then_some(viewer.id);
        self.waiting(Status::Review, whose, "i.step", limit).await
    }

    /// Returns an inspector's own drafts, at most `limit`: those that somebody else sent back
    /// first, then by the next visit. Also returns the number of all of them.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn drafts(&self, of: UserId, limit: i64) -> Result<(Vec<Waiting>, i64), Error> {
        let order = "case when i.reached_by <> i.inspector_id then 0 else 1 end, \
                     i.scheduled_on is null, i.scheduled_on, i.id desc";
        self.waiting(Status::Draft, Some(of), order, limit).await
    }

    async fn waiting(
        &self,
        status: Status,
        whose: Option<UserId>,
        order: &str,
        limit: i64,
    ) -> Result<(Vec<Waiting>, i64), Error> {
        let mut tx = self.db().read().await?;
        let mut conditions = WhereClause::new(tx.dialect());
        conditions.all.push("not i.removed".into());
        conditions.about(status.slug(), |_, bind| format!("i.status = ${bind}"));
        if let Some(whose) = whose {
            conditions.about(whose, |_, bind| format!("i.inspector_id = ${bind}"));
        }
        let clause = conditions.clause();
        let text = format!("select count(*) from inspections as i{clause}");
        let count = sql(text).bind_all(conditions.values.clone());
        let (count,): (i64,) = count.one(&mut tx).await?;

        let limit = conditions.value(limit);
        let these = format!(
            "select * from (\
             select i.*, s.author_id as reached_by, s.user_name as reached_name, \
             s.related_data ->> 'reason' as reached_reason, s.created_at as reached_at \
             from (select i.*, ({LAST_STEP}) as step from inspections as i{clause}) as i \
             left join changes as s on s.id = i.step) as i order by {order} limit ${limit}"
        );
        let more = ", i.reached_by, i.reached_name, i.reached_reason, i.reached_at";
        let rows = sql(listed(&these, more, order)).bind_all(conditions.values);
        let rows: Vec<WaitingRow> = rows.all(&mut tx).await?;
        let rows = rows.into_iter().map(Waiting::try_from).collect::<Result<_, _>>()?;
        Ok((rows, count))
    }
}
