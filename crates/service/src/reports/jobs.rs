//! Running report jobs of this process. Each runs in its own task, so that the person may leave the page and
//! return to it, or cancel the report.

use super::{failure::sentence_of, mutex::lock, tracker::ProgressTracker, turns::Turns};
use crate::ServiceError;
use domain::{
    change::Change,
    id::{InspectionId, UserId},
    view::{ReportError, ReportInProgress, ReportStage},
};
use std::{
    future::Future,
    sync::Mutex,
    time::{Duration, Instant},
};
use tokio::{sync::watch, task::AbortHandle};
use uuid::Uuid;

/// Maximum number of reports that a person may have waiting at once.
const MAX_WAITING: usize = 5;

/// Time for which a failure is shown to a person who returns to the page.
const TOLD: Duration = Duration::from_secs(600);

/// Maximum number of failures that are kept.
const MAX_FAILURES: usize = 100;

/// Identity of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct JobKey {
    /// Person for whom the report is created.
    pub(super) person: UserId,
    /// Inspection.
    pub(super) inspection: InspectionId,
    /// Id of the request.
    pub(super) request: Uuid,
    /// Whether it is an automatically created final report.
    pub(super) is_automatic: bool,
}

type Outcome = Result<Change, ServiceError>;

/// Handle for waiting for the outcome of a job; any number of tasks may wait.
#[derive(Clone, Debug)]
pub(super) struct Awaited(watch::Receiver<Option<Outcome>>);

impl Awaited {
    /// Waits for the outcome.
    pub(super) async fn outcome(mut self) -> Outcome {
        match self.0.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().unwrap_or(Err(ReportError::Failed.into())),
            // The task ended without an outcome.
            Err(_) => Err(ReportError::Cancelled.into()),
        }
    }
}

#[derive(Debug)]
struct Job {
    key: JobKey,
    began: Instant,
    progress: ProgressTracker,
    task: AbortHandle,
    outcome: watch::Receiver<Option<Outcome>>,
}

impl Job {
    fn is_running(&self) -> bool {
        self.outcome.borrow().is_none() && !self.task.is_finished()
    }

    fn failure(&self) -> Option<String> {
        match &*self.outcome.borrow() {
            Some(Err(error)) => Some(sentence_of(error)),
            _ => None,
        }
    }
}

/// Jobs of this process.
#[derive(Debug, Default)]
pub(super) struct Jobs(Mutex<Vec<Job>>);

impl Jobs {
    /// Starts a job, unless one with the same key is running.
    ///
    /// # Errors
    /// The person already has the maximum number of reports waiting.
    pub(super) fn start<Making>(
        &self,
        key: JobKey,
        make: impl FnOnce(ProgressTracker) -> Making,
    ) -> Result<Awaited, ReportError>
    where
        Making: Future<Output = Outcome> + Send + 'static,
    {
        let mut jobs = lock(&self.0);
        forget_ended(&mut jobs);
        if let Some(same) = jobs.iter().find(|job| job.key == key && job.is_running()) {
            return Ok(Awaited(same.outcome.clone()));
        }
        let is_own = |job: &&Job| job.key.person == key.person && !job.key.is_automatic;
        let own = jobs.iter().filter(is_own).filter(|job| job.is_running()).count();
        if !key.is_automatic && own >= MAX_WAITING {
            return Err(ReportError::TooMany(MAX_WAITING));
        }
        // A failure is shown until the next attempt.
        jobs.retain(|job| {
            job.is_running() || (job.key.person, job.key.inspection) != (key.person, key.inspection)
        });
        let (progress, (sender, outcome)) = (ProgressTracker::default(), watch::channel(None));
        let making = make(progress.clone());
        let task = tokio::spawn(async move {
            sender.send_replace(Some(making.await));
        });
        let awaited = Awaited(outcome.clone());
        let task = task.abort_handle();
        jobs.push(Job { key, began: Instant::now(), progress, task, outcome });
        Ok(awaited)
    }

    /// Aborts a job of a person. Does nothing if the job no longer exists.
    pub(super) fn cancel(&self, person: UserId, inspection: InspectionId, request: Uuid) {
        lock(&self.0).retain(|job| {
            let key = JobKey { person, inspection, request, is_automatic: false };
            if job.key != key {
                return true;
            }
            job.task.abort();
            false
        });
    }

    /// Returns the jobs of an inspection that a person may see: their own and the automatic ones.
    pub(super) fn of(
        &self,
        inspection: InspectionId,
        person: UserId,
        turns: &Turns,
    ) -> Vec<ReportInProgress> {
        let mut jobs = lock(&self.0);
        forget_ended(&mut jobs);
        let stages = jobs.iter().filter(|job| {
            let (key, is_running) = (&job.key, job.is_running());
            key.inspection == inspection
                && (if key.is_automatic { is_running } else { key.person == person })
        });
        stages
            .map(|job| ReportInProgress {
                request: Some(job.key.request),
                is_automatic: job.key.is_automatic,
                stage: match job.failure() {
                    Some(failure) => ReportStage::Failed(failure),
                    None => job.progress.stage(|ticket| turns.place(ticket)),
                },
                seconds: job.began.elapsed().as_secs(),
            })
            .collect()
    }
}

/// Removes finished jobs, except recent failures.
fn forget_ended(jobs: &mut Vec<Job>) {
    jobs.retain(|job| {
        job.is_running()
            || (!job.key.is_automatic && job.failure().is_some() && job.began.elapsed() < TOLD)
    });
    let failures = jobs.iter().filter(|job| !job.is_running()).count();
    let mut surplus = failures.saturating_sub(MAX_FAILURES);
    jobs.retain(|job| {
        let is_surplus = surplus > 0 && !job.is_running();
        surplus -= usize::from(is_surplus);
        !is_surplus
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;

    fn key(person: i64, request: u128) -> JobKey {
        JobKey {
            person: UserId(person),
            inspection: InspectionId(7),
            request: Uuid::from_u128(request),
            is_automatic: false,
        }
    }

    fn stages(jobs: &Jobs, person: i64) -> Vec<ReportStage> {
        let all = jobs.of(InspectionId(7), UserId(person), &Turns::default());
        all.into_iter().map(|it| it.stage).collect()
    }

    #[tokio::test]
    async fn a_job_is_told_to_its_person_until_it_is_cancelled() {
        let jobs = Jobs::default();
        let making = jobs
            .start(key(1, 1), |progress| {
                progress.set_photos(3);
                progress.add_photo();
                pending()
            })
            .expect("started");
        assert_eq!(stages(&jobs, 1), [ReportStage::Photos { done: 1, all: 3 }]);
        assert!(stages(&jobs, 2).is_empty());
        jobs.cancel(UserId(2), InspectionId(7), Uuid::from_u128(1));
        assert_eq!(stages(&jobs, 1).len(), 1, "others cannot cancel it");
        jobs.cancel(UserId(1), InspectionId(7), Uuid::from_u128(1));
        assert!(making.outcome().await.is_err());
        assert!(stages(&jobs, 1).is_empty());
    }

    #[tokio::test]
    async fn a_failure_is_told_until_the_next_try() {
        let jobs = Jobs::default();
        let failing = jobs.start(key(1, 1), |_| async { Err(ReportError::Slow.into()) });
        let failed = failing.expect("started").outcome().await;
        assert!(matches!(failed, Err(ServiceError::Report(ReportError::Slow))), "{failed:?}");
        assert!(matches!(stages(&jobs, 1)[..], [ReportStage::Failed(_)]));
        drop(jobs.start(key(1, 2), |_| pending()).expect("started"));
        assert_eq!(stages(&jobs, 1), [ReportStage::Preparing], "nobody waits, and it goes on");
    }

    #[tokio::test]
    async fn the_same_request_is_one_job_and_a_person_has_few() {
        let jobs = Jobs::default();
        for request in [1, 1, 2, 3, 4, 5] {
            jobs.start(key(1, request), |_| pending()).expect("started");
        }
        assert_eq!(stages(&jobs, 1).len(), MAX_WAITING);
        let more = jobs.start(key(1, 6), |_| pending());
        assert!(matches!(more, Err(ReportError::TooMany(MAX_WAITING))), "{more:?}");
        assert!(jobs.start(key(2, 6), |_| pending()).is_ok());
    }
}
