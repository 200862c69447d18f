//! Worker that creates the final reports of completed inspections, one at a time.

use super::{failure::sentence_of, making::ReportMaker, renderer::Renderer};
use crate::{ServiceError, Subject, error::During, inspections::visible};
use chrono::TimeDelta;
use domain::{
    change::Change,
    people::{Actor, Role},
    view::ReportError,
};
use std::{future::Future, pin::pin, time::Duration};
use store::{Clock, Notice, Notices, QueuedReport, Store};

/// Duration of a claim on a report, longer than the usual wait for a turn and the rendering together.
const LEASE: TimeDelta = TimeDelta::minutes(5);

/// Delays after each failed attempt, in minutes; after the last one a person has to create the report.
const PAUSES: [i64; 4] = [1, 5, 30, 120];

/// Polling interval of the queue without a notice, because retries are due by the clock.
const TICK: Duration = Duration::from_secs(20);

/// Delay between a change and the check of the queue, because changes often come in groups.
const REST: Duration = Duration::from_millis(300);

/// Worker for queued final reports.
#[derive(Clone, Debug)]
pub struct FinalReports {
    /// Store with the queue and the reports.
    pub store: Store,
    /// Renderer of the PDFs.
    pub renderer: Renderer,
    /// Clock for due times and records.
    pub clock: Clock,
}

impl FinalReports {
    /// Creates queued reports until the server stops. An unfinished report is released and created after the
    /// next start.
    pub async fn run(self, stopping: impl Future<Output = ()>) {
        let mut stopping = pin!(stopping);
        let mut notices = None;
        loop {
            if notices.is_none() {
                notices = self.store.notices().await.ok();
            }
            let claimed = match self.claim().await {
                Ok(claimed) => claimed,
                Err(error) => {
                    tracing::error!(%error, "the queue of final reports cannot be read");
                    None
                }
            };
            let Some(queued) = claimed else {
                tokio::select! {
                    () = notified(&mut notices) => {}
                    () = tokio::time::sleep(TICK) => {}
                    () = &mut stopping => return,
                }
                continue;
            };
            tokio::select! {
                made = self.settle(&queued) => if let Err(error) = made {
                    tracing::error!(%error, inspection = queued.inspection.0, "a final report is tried again later");
                },
                () = &mut stopping => {
                    if let Err(error) = self.store.release_final_report(&queued, self.clock.now()).await {
                        tracing::warn!(%error, "a final report is made some minutes after the next start");
                    }
                    return;
                }
            }
        }
    }

    /// Creates the report that has been due the longest. Returns whether there was one.
    ///
    /// # Errors
    /// The database fails. An error of the report itself is stored with it.
    pub async fn make_next(&self) -> Result<bool, ServiceError> {
        let Some(queued) = self.claim().await? else { return Ok(false) };
        self.settle(&queued).await.map(|()| true)
    }

    async fn claim(&self) -> Result<Option<QueuedReport>, ServiceError> {
        let claimed = self.store.claim_final_report(self.clock.now(), LEASE).await;
        claimed.during("claim a final report", Subject::FinalReports)
    }

    /// Creates a report; after a failure, stores the time of the next attempt.
    async fn settle(&self, queued: &QueuedReport) -> Result<(), ServiceError> {
        let error = match self.make(queued).await {
            Ok(Some(change)) => {
                tracing::info!(report = change.id.0, "a final report was made");
                return Ok(());
            }
            Ok(None) => {
                let dropped = self.store.drop_final_report(queued).await;
                return dropped.during("drop a final report", queued.inspection);
            }
            Err(error) => error,
        };
        let pause = usize::try_from(queued.tries - 1).ok().and_then(|tries| PAUSES.get(tries));
        let due = pause
            .filter(|_| !error.is_permanent())
            .map(|minutes| self.clock.now() + TimeDelta::minutes(*minutes));
        tracing::error!(
            error = &error as &dyn std::error::Error,
            inspection = queued.inspection.0,
            tries = queued.tries,
            again = due.is_some(),
            "a final report was not made"
        );
        let kept = self.store.retry_final_report(queued, due, &sentence_of(&error)).await;
        kept.during("queue a final report again", queued.inspection)
    }

    /// Creates a report; `None` if it is no longer needed.
    async fn make(&self, queued: &QueuedReport) -> Result<Option<Change>, ServiceError> {
        let actor = self.person(queued).await?;
        let id = queued.inspection;
        let inspection = visible(&self.store, &actor, id).await?;
        if inspection.removed || !inspection.lacks_final_report() {
            return Ok(None);
        }
        let maker = ReportMaker { store: &self.store, renderer: &self.renderer, clock: self.clock };
        maker.make_final(&actor, id, queued.request).await.map(Some)
    }

    /// Returns the person who completed the inspection, with the permissions that this required. Their
    /// account may be disabled or have another role by now, which does not undo what they did.
    async fn person(&self, queued: &QueuedReport) -> Result<Actor, ServiceError> {
        let id = queued.user.ok_or(ReportError::AccountDeleted)?;
        let user = self.store.user(id).await.during("load a person", id)?;
        let user = user.ok_or(ReportError::AccountDeleted)?;
        Ok(Actor { role: Role::Reviewer, ..user.actor() })
    }
}

/// Waits for a change, then for [`REST`].
async fn notified(notices: &mut Option<Notices>) {
    let Some(open) = notices else { return std::future::pending().await };
    loop {
        match open.next().await {
            Some(Notice::Changed { .. } | Notice::Missed) => break,
            Some(_) => {}
            None => {
                *notices = None;
                break;
            }
        }
    }
    tokio::time::sleep(REST).await;
}
