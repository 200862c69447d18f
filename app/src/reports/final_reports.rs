//! Worker that creates the final reports of completed inspections, one at a time.

use super::{make::Maker, renderer::Renderer};
use crate::error::AppError;
use chrono::TimeDelta;
use domain::{change::Change, inspection::Status, people::Actor};
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
                    () = told(&mut notices) => {}
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
    pub async fn make_next(&self) -> Result<bool, AppError> {
        let Some(queued) = self.claim().await? else { return Ok(false) };
        self.settle(&queued).await.map(|()| true)
    }

    async fn claim(&self) -> Result<Option<QueuedReport>, AppError> {
        Ok(self.store.claim_final_report(self.clock.now(), LEASE).await?)
    }

    /// Creates a report; after a failure, stores the time of the next attempt.
    async fn settle(&self, queued: &QueuedReport) -> Result<(), AppError> {
        let error = match self.make(queued).await {
            Ok(Some(change)) => {
                tracing::info!(report = change.id.0, "a final report was made");
                return Ok(());
            }
            Ok(None) => return Ok(self.store.drop_final_report(queued).await?),
            Err(error) => error,
        };
        let pause = usize::try_from(queued.tries - 1).ok().and_then(|tries| PAUSES.get(tries));
        let is_final = matches!(error, AppError::Forbidden(_) | AppError::NotFound(_));
        let due = pause
            .filter(|_| !is_final)
            .map(|minutes| self.clock.now() + TimeDelta::minutes(*minutes));
        tracing::error!(
            %error,
            inspection = queued.inspection.0,
            tries = queued.tries,
            again = due.is_some(),
            "a final report was not made"
        );
        Ok(self.store.retry_final_report(queued, due, &error.to_string()).await?)
    }

    /// Creates a report; `None` if it is no longer needed.
    async fn make(&self, queued: &QueuedReport) -> Result<Option<Change>, AppError> {
        let actor = self.person(queued).await?;
        let id = queued.inspection;
        let inspection = service::inspections::visible(&self.store, &actor, id).await?;
        let wants_one = !inspection.removed
            && inspection.status == Status::Complete
            && inspection.final_report().is_none();
        if !wants_one {
            return Ok(None);
        }
        let maker = Maker { store: &self.store, renderer: &self.renderer, clock: self.clock };
        maker.make_final(&actor, id, queued.request).await.map(Some)
    }

    /// Loads the person who completed the inspection, with their current name and role.
    async fn person(&self, queued: &QueuedReport) -> Result<Actor, AppError> {
        let user = match queued.user {
            Some(id) => self.store.user(id).await?,
            None => None,
        };
        let has_access = user.filter(|user| user.disabled_at.is_none());
        has_access.map(|user| user.actor()).ok_or_else(|| {
            let why = "The person who completed it has no access any more.";
            AppError::Forbidden(why.into())
        })
    }
}

/// Waits for a change, then for [`REST`].
async fn told(notices: &mut Option<Notices>) {
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
