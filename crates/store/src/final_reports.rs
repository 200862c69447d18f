//! The queue of final reports: each inspection that was completed gets one, in the name of the person who completed
//! it.
//!
//! The transaction that completes an inspection adds it to the queue, and the one that records its final report
//! removes it, so that none is lost when the server ends. A server claims an entry for some minutes before it makes
//! the report; one that ends meanwhile leaves the entry to be claimed again.

use crate::{
    Error, Store, boxed,
    bulk_insert::{BulkInsert, Cell},
    dialect::Dialect,
    sql::{Sql, sql},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{InspectionId, UserId};
use uuid::Uuid;

/// A final report that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedReport {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// The person who completed it; none where their account was deleted.
    pub user: Option<UserId>,
    /// The request under which the report is recorded, however often it is tried.
    pub request: Uuid,
    /// How often it was tried, this time included.
    pub tries: i64,
}

/// The state of an inspection's final report that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueState {
    /// It waits for its turn: so many are made before it.
    Waiting {
        /// How many entries of the queue are due earlier.
        before: i64,
    },
    /// It failed and is tried again, at this time.
    Retrying(DateTime<Utc>),
    /// It failed and is not tried again by itself, for this reason.
    Failed(String),
}

#[derive(sqlx::FromRow)]
struct QueueRow {
    inspection_id: i64,
    user_id: Option<i64>,
    request_id: Uuid,
    tries: i64,
}

impl From<QueueRow> for QueuedReport {
    fn from(row: QueueRow) -> Self {
        Self {
            inspection: InspectionId(row.inspection_id),
            user: row.user_id.map(UserId),
            request: row.request_id,
            tries: row.tries,
        }
    }
}

impl Store {
    /// Claims the final report that has been due for the longest, for as long as `lease`: no other process claims it
    /// meanwhile.
    ///
    /// # Errors
    /// Where the database fails.
    #[boxed]
    pub async fn claim_final_report(
        &self,
        now: DateTime<Utc>,
        lease: TimeDelta,
    ) -> Result<Option<QueuedReport>, Error> {
        // As a rule there is none, and then nothing is written.
        let first = "select inspection_id, request_id from final_report_queue where due_at <= $1 \
             order by due_at, inspection_id limit 1";
        let first: Option<(i64, Uuid)> = sql(first).bind(now).optional(self.db()).await?;
        let Some((inspection, request)) = first else { return Ok(None) };
        let mut tx = self.db().write().await?;
        let claim = "update final_report_queue set due_at = $3, tries = tries + 1 \
             where inspection_id = $1 and request_id = $2 and due_at <= $4 \
             returning inspection_id, user_id, request_id, tries";
        let claim = sql(claim).bind(inspection).bind(request).bind(now + lease).bind(now);
        let claimed: Option<QueueRow> = claim.optional(&mut tx).await?;
        tx.commit().await?;
        Ok(claimed.map(QueuedReport::from))
    }

    /// Puts a claimed report that could not be made back: it is due again at `due`, or with none left to people.
    ///
    /// # Errors
    /// Where the database fails.
    #[boxed]
    pub async fn retry_final_report(
        &self,
        report: &QueuedReport,
        due: Option<DateTime<Utc>>,
        problem: &str,
    ) -> Result<(), Error> {
        let text = "update final_report_queue set due_at = $3, problem = $4 \
             where inspection_id = $1 and request_id = $2";
        let statement = sql(text).bind(report.inspection).bind(report.request);
        self.alter_queue(statement.bind(due).bind(problem)).await
    }

    /// Gives a claim back untried, because the server ends.
    ///
    /// # Errors
    /// Where the database fails.
    #[boxed]
    pub async fn release_final_report(
        &self,
        report: &QueuedReport,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let text = "update final_report_queue set due_at = $3, tries = tries - 1 \
             where inspection_id = $1 and request_id = $2";
        let statement = sql(text).bind(report.inspection).bind(report.request);
        self.alter_queue(statement.bind(now)).await
    }

    /// Removes a report that is no longer to be made.
    ///
    /// # Errors
    /// Where the database fails.
    #[boxed]
    pub async fn drop_final_report(&self, report: &QueuedReport) -> Result<(), Error> {
        let text = "delete from final_report_queue where inspection_id = $1 and request_id = $2";
        self.alter_queue(sql(text).bind(report.inspection).bind(report.request)).await
    }

    /// Empties the queue, where nobody waits for the reports of what was completed.
    ///
    /// # Errors
    /// Where the database fails.
    #[boxed]
    pub async fn drop_all_final_reports(&self) -> Result<(), Error> {
        self.alter_queue(sql("delete from final_report_queue")).await
    }

    /// The state of an inspection's final report; none where none is to be made.
    ///
    /// # Errors
    /// Where the database fails.
    #[boxed]
    pub async fn final_report_state(&self, id: InspectionId) -> Result<Option<QueueState>, Error> {
        let text = "select due_at, problem, (select count(*) from final_report_queue as other \
             where other.due_at < own.due_at \
             or other.due_at = own.due_at and other.inspection_id < own.inspection_id) \
             from final_report_queue as own where own.inspection_id = $1";
        let found: Option<(Option<i64>, String, i64)> =
            sql(text).bind(id).optional(self.db()).await?;
        found
            .map(|(due, problem, before)| match due {
                None => Ok(QueueState::Failed(problem)),
                Some(_) if problem.is_empty() => Ok(QueueState::Waiting { before }),
                Some(due) => {
                    let due = crate::sql::timestamp("final_report_queue", "due_at", id.0, due)?;
                    Ok(QueueState::Retrying(due))
                }
            })
            .transpose()
    }

    async fn alter_queue(&self, statement: Sql) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        statement.run(&mut tx).await?;
        tx.commit().await
    }
}

/// The statement that queues the final reports of inspections that one person has just completed; none where none
/// was.
pub(crate) fn enqueue(
    dialect: Dialect,
    completed: &[InspectionId],
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Option<Sql>, Error> {
    if completed.is_empty() {
        return Ok(None);
    }
    let rows = completed.iter().map(|id| [Cell::from(id.0)]);
    let (table, values) = BulkInsert::new(["inspection_id"], rows).table(dialect, 4)?;
    let text = format!(
        "insert into final_report_queue (inspection_id, user_id, request_id, due_at) \
         select inspection_id, $1, $2, $3 from {table} where true \
         on conflict (inspection_id) do update set user_id = excluded.user_id, \
         request_id = excluded.request_id, due_at = excluded.due_at, tries = 0, problem = ''"
    );
    Ok(Some(sql(text).bind(user).bind(Uuid::now_v7()).bind(now).bind_all(values)))
}

/// The statement that takes an inspection whose final report is recorded off the queue.
pub(crate) fn dequeue(id: InspectionId) -> Sql {
    sql("delete from final_report_queue where inspection_id = $1").bind(id)
}
