//! Mutation queue of an inspection's page: mutations are applied optimistically, submitted to the
//! outbox, and replaced by the recorded changes. The queue outlives its page, so that pending
//! mutations are still handled.

use super::unload_guard::UnloadGuard;
use crate::{
    error::AppError,
    form::Typed,
    inspections::api,
    outbox::{self, Outcome, Submission},
    request_id,
    ui::Saved,
};
use domain::{
    change::{Change, Mutation},
    id::{ChangeId, InspectionId},
    inspection::Inspection,
};
use leptos::{prelude::*, task::spawn_local};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// Callback for the outcome: the recorded change, or `None` when nothing changed.
pub(super) type QueueOutcome = Box<dyn FnOnce(Result<Option<Change>, AppError>) + Send>;

/// Mutation queue of one inspection; cheap to clone.
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
    /// Recorded inspection, as far as this page knows.
    recorded: Inspection,
    /// Pending mutations in the order of submission.
    pending: Vec<(Uuid, Mutation)>,
    /// Callbacks waiting for the running load of changes.
    fetching: Vec<QueueOutcome>,
    /// Callbacks added while a load was running; they need another load.
    fetch_again: Vec<QueueOutcome>,
    /// Guard against closing the tab, while a mutation is pending.
    hold: Option<UnloadGuard>,
}

impl Queue {
    /// Creates the queue of a loaded inspection, with its latest changes, newest first.
    pub(super) fn new(inspection: Inspection, changes: Vec<Change>) -> Self {
        Self(Arc::new(Inner {
            id: inspection.id,
            inspection: ArcRwSignal::new(inspection.clone()),
            changes: ArcRwSignal::new(changes),
            saved: ArcRwSignal::new(Saved::Untouched),
            state: Mutex::new(State {
                recorded: inspection,
                pending: Vec::new(),
                fetching: Vec::new(),
                fetch_again: Vec::new(),
                hold: None,
            }),
        }))
    }

    /// Returns the inspection as shown: the recorded state with pending mutations applied.
    pub(super) fn inspection(&self) -> &ArcRwSignal<Inspection> {
        &self.0.inspection
    }

    /// Returns the latest changes, newest first.
    pub(super) fn changes(&self) -> &ArcRwSignal<Vec<Change>> {
        &self.0.changes
    }

    /// Returns whether mutations are pending or the last one was recorded. Errors go to the
    /// callback of the mutation, so this is never [`Failed`](Saved::Failed).
    pub(super) fn saved(&self) -> &ArcRwSignal<Saved> {
        &self.0.saved
    }

    /// Performs a mutation. It is shown optimistically, unless it adds an object whose id the
    /// server assigns. A refused mutation is dropped.
    pub(super) fn perform(&self, mutation: Mutation, done: QueueOutcome) {
        let planned = self.0.inspection.with_untracked(|shown| shown.plan(&mutation));
        match planned {
            Err(refusal) => return done(Err(refusal.into())),
            // Without pending mutations, an unchanged value is already recorded.
            Ok(None) if !self.is_busy() => return done(Ok(None)),
            _ => {}
        }
        let done = Mutex::new(Some(done));
        let id = request_id::new();
        self.submit(id, mutation, true, move |result| {
            // If the entry stays in the outbox, nothing on the page shows it any more.
            outbox::release(id);
            let done = done.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(done) = done {
                done(result);
            }
        });
    }

    /// Sends the draft that was [kept](Self::keep) under this id. A refused draft stays in the
    /// outbox, and `told` is called for each attempt.
    pub(super) fn send_kept(
        &self,
        id: Uuid,
        mutation: Mutation,
        told: impl Fn(Result<Option<Change>, AppError>) + Send + Sync + 'static,
    ) {
        self.submit(id, mutation, false, told);
    }

    /// Watches a refused draft in the outbox.
    pub(super) fn watch_kept(
        &self,
        id: Uuid,
        told: impl Fn(Result<Option<Change>, AppError>) + Send + Sync + 'static,
    ) {
        outbox::watch(id, self.watcher(id, told));
    }

    /// Stores a draft in the outbox, so that it survives the page.
    pub(super) fn keep(&self, id: Uuid, form: Typed) {
        outbox::draft(id, self.0.id, self.head(), form);
    }

    /// Loads the changes recorded since, by any person.
    pub(super) fn catch_up(&self, done: QueueOutcome) {
        let mut state = self.state();
        if !state.fetching.is_empty() {
            return state.fetch_again.push(done);
        }
        state.fetching.push(done);
        drop(state);
        spawn_local(self.clone().fetch());
    }

    /// Returns the last change that this page knows.
    pub(super) fn head(&self) -> ChangeId {
        self.state().recorded.head
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_busy(&self) -> bool {
        !self.state().pending.is_empty()
    }

    fn submit(
        &self,
        id: Uuid,
        mutation: Mutation,
        form_is_open: bool,
        told: impl Fn(Result<Option<Change>, AppError>) + Send + Sync + 'static,
    ) {
        let trunk = {
            let mut state = self.state();
            state.pending.push((id, mutation.clone()));
            state.hold.get_or_insert_with(UnloadGuard::new);
            state.recorded.head
        };
        self.show();
        self.0.saved.set(Saved::Saving);
        let submission = Submission { id, inspection: self.0.id, trunk, mutation, form_is_open };
        outbox::submit(submission, self.watcher(id, told));
    }

    /// Returns the callback for the outcomes of an entry.
    fn watcher(
        &self,
        id: Uuid,
        told: impl Fn(Result<Option<Change>, AppError>) + Send + Sync + 'static,
    ) -> impl Fn(&Outcome) + 'static {
        let (queue, told) = (self.clone(), Arc::new(told));
        move |outcome| match outcome {
            Outcome::Recorded { news, own } => {
                let absorbed = queue.absorb(news.clone());
                queue.over(id, Saved::Saved);
                told(absorbed.map(|()| own.as_deref().cloned()));
            }
            Outcome::Refused(error) => queue.refused(id, error.clone(), told.clone()),
            Outcome::Replaced => queue.over(id, Saved::Saving),
        }
    }

    /// Removes a mutation that is no longer pending.
    fn over(&self, id: Uuid, saved: Saved) {
        let mut state = self.state();
        state.pending.retain(|(pending, _)| *pending != id);
        let rests = state.pending.is_empty();
        if rests {
            state.hold = None;
        }
        drop(state);
        self.show();
        if rests {
            self.0.saved.set(saved);
        }
    }

    /// Handles a refusal: loads the conflicting changes, so that the page shows them and a retry is
    /// based on them.
    fn refused(
        &self,
        id: Uuid,
        error: AppError,
        told: Arc<impl Fn(Result<Option<Change>, AppError>) + Send + Sync + 'static>,
    ) {
        if !matches!(error, AppError::Conflict { .. } | AppError::Forbidden(_)) {
            self.over(id, Saved::Untouched);
            return told(Err(error));
        }
        // The mutation stays applied until the load has finished.
        let queue = self.clone();
        self.catch_up(Box::new(move |fetched| {
            queue.over(id, Saved::Untouched);
            told(Err(match error {
                AppError::Conflict { message, who, head, fields }
                    if fetched.is_ok() && fields.is_empty() =>
                {
                    let message = format!("{message} The page shows it now.");
                    AppError::Conflict { message, who, head, fields }
                }
                error => error,
            }));
        }));
    }

    /// Shows the recorded state with the pending mutations applied.
    fn show(&self) {
        let mut shown = self.state().recorded.clone();
        for (_, mutation) in &self.state().pending {
            if !adds_unnamed(mutation)
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

    async fn fetch(self) {
        loop {
            let head = self.head();
            let fetched = match api::news(self.0.id, head).await {
                Ok(news) => self.absorb(news),
                Err(error) => Err(error),
            };
            let told = {
                let mut state = self.state();
                let again = std::mem::take(&mut state.fetch_again);
                std::mem::replace(&mut state.fetching, again)
            };
            self.show();
            for done in told {
                done(fetched.clone().map(|()| None));
            }
            if self.state().fetching.is_empty() {
                return;
            }
        }
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

/// Returns whether the mutation adds an object whose id the server assigns.
fn adds_unnamed(mutation: &Mutation) -> bool {
    match mutation {
        Mutation::AddSection { section, .. } => section.id.0 == 0,
        Mutation::AddEquipment { equipment } => equipment.id.0 == 0,
        Mutation::AddPhoto { photo } => photo.id.0 == 0,
        _ => false,
    }
}
