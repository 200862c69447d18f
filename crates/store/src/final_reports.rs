//! Queue of final reports. Each completed inspection gets one, in the name of the person who
//! completed it.
//!
//! The transaction that completes an inspection adds it to the queue, and the transaction that
//! records its final report removes it, so that no report is lost when the server stops. A server
//! leases an entry for some minutes before it makes the report. If that server stops meanwhile, the
//! lease expires and another claims the entry.

use crate::{
    Error, Store, boxed,
    bulk_insert::{BulkInsert, Cell},
    dialect::Dialect,
    sql::{Sql, numbers, sql},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::id::{InspectionId, UserId};
use uuid::Uuid;

/// A queued final report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedReport {
    /// The inspection.
    pub inspection: InspectionId,
    /// The person who completed it; `None` if their account was deleted.
    pub user: Option<UserId>,
    /// The request id under which the report is recorded, the same for every attempt.
    pub request: Uuid,
    /// Number of attempts, including this one.
    pub tries: i64,
}

/// The state of an inspection's queued final report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueState {
    /// It waits behind others.
    Waiting {
        /// Number of entries that are due earlier.
        before: i64,
    },
    /// It failed and is retried at this time.
    Retrying(DateTime<Utc>),
    /// It failed for this reason and is not retried automatically.
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
    /// Claims the final report that has been due for the longest. No other process claims it for
    /// the duration `lease`.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn claim_final_report(
        &self,
        now: DateTime<Utc>,
        lease: TimeDelta,
    ) -> Result<Option<QueuedReport>, Error> {
        // The queue is usually empty, and then nothing is written.
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

    /// Returns a claimed report that could not be made to the queue. It becomes due again at `due`;
    /// with `None` it is not retried automatically.
    ///
    /// # Errors
    /// If the database fails.
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

    /// Releases a claim without counting the attempt, because the server is stopping.
    ///
    /// # Errors
    /// If the database fails.
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

    /// Removes a report that is no longer wanted from the queue.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn drop_final_report(&self, report: &QueuedReport) -> Result<(), Error> {
        let text = "delete from final_report_queue where inspection_id = $1 and request_id = $2";
        self.alter_queue(sql(text).bind(report.inspection).bind(report.request)).await
    }

    /// Empties the queue, for callers that want no reports of the inspections completed so far.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn drop_all_final_reports(&self) -> Result<(), Error> {
        self.alter_queue(sql("delete from final_report_queue")).await
    }

    /// Returns the state of an inspection's final report; `None` if it is not in the queue.
    ///
    /// # Errors
    /// If the database fails.
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

/// Returns the statement that queues the final reports of inspections that were just completed, each
/// with the user who completed it and the time; `None` if there are none. Each report has a request
/// id of its own, because the key of its change is that id and an ordinal.
pub(crate) fn enqueue(
    dialect: Dialect,
    completed: &[(InspectionId, Option<UserId>, DateTime<Utc>)],
) -> Result<Option<Sql>, Error> {
    if completed.is_empty() {
        return Ok(None);
    }
    let rows = completed.iter().map(|(id, user, at)| {
        [
            ("inspection_id", id.0.into()),
            ("user_id", Cell::Number(user.map(|user| user.0))),
            ("request_id", Cell::Uuid(Uuid::now_v7())),
            ("due_at", at.timestamp_micros().into()),
        ]
    });
    let (table, values) = BulkInsert::new(rows).table(dialect, 1)?;
    let text = format!(
        "insert into final_report_queue (inspection_id, user_id, request_id, due_at) \
         select inspection_id, user_id, request_id, due_at from {table} where true \
         on conflict (inspection_id) do update set user_id = excluded.user_id, \
         request_id = excluded.request_id, due_at = excluded.due_at, tries = 0, problem = ''"
    );
    Ok(Some(sql(text).bind_all(values)))
}

/// Returns the statement that removes inspections with a recorded final report from the queue;
/// `None` if there are none.
pub(crate) fn dequeue(dialect: Dialect, reported: &[InspectionId]) -> Option<Sql> {
    let these = dialect.any("inspection_id", 1);
    let text = format!("delete from final_report_queue where {these}");
    (!reported.is_empty()).then(|| sql(text).bind(numbers(reported.iter().copied())))
}
