//! Everything that happens to an inspection on its page, one after the other: shown at once, sent, and
//! then replaced by what the server recorded. A queue outlives its page, so that what was on its way
//! still arrives.

use super::hold::Hold;
use crate::{error::AppError, inspections::api, request_id, ui::Saved};
use domain::{Change, Inspection, InspectionId, Mutation};
use leptos::{prelude::*, task::spawn_local};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How often a request that never got through is sent again before its failure is shown.
const TRIES: u32 = 3;

/// Told how it went: the change that was recorded, or none where nothing changed.
pub(super) type Done = Box<dyn FnOnce(Result<Option<Change>, AppError>) + Send>;

/// The queue of one opened inspection; cheap to clone.
#[derive(Clone)]
pub(super) struct Queue(Arc<Inner>);

struct Inner {
    id: InspectionId,
    inspection: ArcRwSignal<Inspection>,
    changes: ArcRwSignal<Vec<Change>>,
    saved: ArcRwSignal<Saved>,
    state: Mutex<State>,
}

struct State {
    /// The inspection as recorded, as far as this page knows.
    recorded: Inspection,
    jobs: VecDeque<Job>,
    /// There while jobs are being done.
    running: Option<Hold>,
    /// Whether a request was lost after it may have been performed.
    unsure: bool,
}

enum Job {
    Perform { mutation: Mutation, done: Done },
    CatchUp { done: Done },
}

impl Queue {
    /// Of an inspection as it was opened, with its latest changes, newest first.
    pub(super) fn new(inspection: Inspection, changes: Vec<Change>) -> Self {
        Self(Arc::new(Inner {
            id: inspection.id,
            inspection: ArcRwSignal::new(inspection.clone()),
            changes: ArcRwSignal::new(changes),
            saved: ArcRwSignal::new(Saved::Untouched),
            state: Mutex::new(State {
                recorded: inspection,
                jobs: VecDeque::new(),
                running: None,
                unsure: false,
            }),
        }))
    }

    /// The inspection as shown: what is recorded and, on top, what is on its way.
    pub(super) fn inspection(&self) -> &ArcRwSignal<Inspection> {
        &self.0.inspection
    }

    /// The inspection's latest changes, newest first.
    pub(super) fn changes(&self) -> &ArcRwSignal<Vec<Change>> {
        &self.0.changes
    }

    /// Whether anything is on its way, and whether the last that was arrived. Who asked for it is told
    /// why it did not, so this never says [`Failed`](Saved::Failed).
    pub(super) fn saved(&self) -> &ArcRwSignal<Saved> {
        &self.0.saved
    }

    /// Performs a mutation: shown at once, unless it adds something that the server has to name.
    pub(super) fn perform(&self, mutation: Mutation, done: Done) {
        let planned = self.0.inspection.with_untracked(|shown| shown.plan(&mutation));
        match planned {
            Err(refusal) => return done(Err(refusal.into())),
            // What was typed is what is shown; what is shown but not yet recorded is on its way.
            Ok(None) if !self.is_busy() => return done(Ok(None)),
            _ => {}
        }
        self.push(Job::Perform { mutation, done });
    }

    /// Fetches what was recorded since, by whoever.
    pub(super) fn catch_up(&self, done: Done) {
        self.push(Job::CatchUp { done });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_busy(&self) -> bool {
        self.state().running.is_some()
    }

    fn push(&self, job: Job) {
        let start = {
            let mut state = self.state();
            state.jobs.push_back(job);
            let start = state.running.is_none();
            if start {
                state.running = Some(Hold::new());
            }
            start
        };
        self.show();
        if start {
            self.0.saved.set(Saved::Saving);
            spawn_local(self.clone().run());
        }
    }

    /// Shows what is recorded with what is on its way on top.
    fn show(&self) {
        let mut shown = self.state().recorded.clone();
        for job in &self.state().jobs {
            if let Job::Perform { mutation, .. } = job
                && !adds_unnamed(mutation)
                && let Ok(Some(record)) = shown.plan(mutation)
                && let Ok(mutation) = record.mutation()
            {
                shown.apply(&mutation);
            }
        }
        if self.0.inspection.with_untracked(|before| *before != shown) {
            self.0.inspection.set(shown);
        }
    }

    async fn run(self) {
        let mut saved = Saved::Saved;
        loop {
            let mutation = match self.state().jobs.front() {
                None => break,
                Some(Job::Perform { mutation, .. }) => Some(mutation.clone()),
                Some(Job::CatchUp { .. }) => None,
            };
            let result = match mutation {
                Some(mutation) => self.send(mutation).await,
                None => self.fetch().await.map(|()| None),
            };
            if result.is_err() {
                saved = Saved::Untouched;
            }
            let job = self.state().jobs.pop_front();
            self.show();
            match job {
                Some(Job::Perform { done, .. } | Job::CatchUp { done }) => done(result),
                None => break,
            }
        }
        self.state().running = None;
        self.0.saved.set(saved);
    }

    async fn send(&self, mutation: Mutation) -> Result<Option<Change>, AppError> {
        let unsure = self.state().unsure;
        if unsure {
            self.fetch().await?;
        }
        let planned = self.state().recorded.plan(&mutation)?;
        if planned.is_none() {
            return Ok(None);
        }
        let request = request_id::new();
        let mut tries = 0;
        loop {
            let expected = self.state().recorded.head;
            match api::perform(self.0.id, expected, request, mutation.clone()).await {
                Ok(news) => {
                    let own =
                        news.iter().rev().find(|change| change.request_id == request).cloned();
                    self.absorb(news)?;
                    return Ok(own);
                }
                Err(AppError::Offline) if tries < TRIES => {
                    tries += 1;
                    pause(Duration::from_secs(1 << tries)).await;
                }
                Err(error) => return Err(self.refused(error).await),
            }
        }
    }

    /// What stood in the way is fetched, so that the page shows it and the next try starts from there.
    async fn refused(&self, error: AppError) -> AppError {
        self.state().unsure |= error.is_passing();
        let newer = matches!(error, AppError::Conflict { .. } | AppError::Forbidden(_));
        let fetched = newer && self.fetch().await.is_ok();
        match error {
            AppError::Conflict { message, who, head } if fetched => AppError::Conflict {
                message: format!("{message} The page shows it now."),
                who,
                head,
            },
            error => error,
        }
    }

    async fn fetch(&self) -> Result<(), AppError> {
        let head = self.state().recorded.head;
        let news = api::news(self.0.id, head).await?;
        self.absorb(news)?;
        self.state().unsure = false;
        Ok(())
    }

    fn absorb(&self, news: Vec<Change>) -> Result<(), AppError> {
        let mut state = self.state();
        let news: Vec<_> =
            news.into_iter().filter(|change| change.id > state.recorded.head).collect();
        for change in &news {
            state.recorded.replay(change).map_err(|_| AppError::Internal)?;
        }
        drop(state);
        if !news.is_empty() {
            self.0.changes.update(|changes| {
                changes.splice(0..0, news.into_iter().rev());
            });
        }
        Ok(())
    }
}

/// Whether the mutation adds something that has no id before the server gives it one.
fn adds_unnamed(mutation: &Mutation) -> bool {
    match mutation {
        Mutation::AddSection { section, .. } => section.id.0 == 0,
        Mutation::AddEquipment { equipment } => equipment.id.0 == 0,
        Mutation::AddPhoto { photo } => photo.id.0 == 0,
        _ => false,
    }
}

/// Waits in the browser.
async fn pause(time: Duration) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let Some(window) = web_sys::window() else { return };
        let millis = i32::try_from(time.as_millis()).unwrap_or(i32::MAX);
        drop(window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis));
    });
    drop(wasm_bindgen_futures::JsFuture::from(promise).await);
}
