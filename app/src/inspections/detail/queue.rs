//! Mutation queue of an inspection's page: submits mutations to the outbox, and carries out the
//! effects of its [`MutationQueue`]. It outlives its page, so that pending mutations are still
//! handled.

use super::{
    mutation_queue::{MutationEffect, MutationEvent, MutationQueue},
    unload_guard::UnloadGuard,
};
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
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
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

#[derive(Default)]
struct State {
    mutations: MutationQueue,
    /// Callbacks waiting for a load of changes, by their number.
    callers: BTreeMap<u32, QueueOutcome>,
    last_caller: u32,
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
                mutations: MutationQueue::new(inspection),
                ..State::default()
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
            Ok(None) if !self.state().mutations.is_busy() => return done(Ok(None)),
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
        on_result: impl Fn(Result<Option<Change>, AppError>) + Send + Sync + 'static,
    ) {
        self.submit(id, mutation, false, on_result);
    }

    /// Watches a refused draft in the outbox.
    pub(super) fn watch_kept(
        &self,
        id: Uuid,
        on_result: impl Fn(Result<Option<Change>, AppError>) + Send + Sync + 'static,
    ) {
        outbox::watch(id, self.watcher(id, on_result));
    }

    /// Stores a draft in the outbox, so that it survives the page.
    pub(super) fn keep(&self, id: Uuid, form: Typed) {
        outbox::draft(id, self.0.id, self.head(), form);
    }

    /// Loads the changes recorded since, by any person.
    pub(super) fn catch_up(&self, done: QueueOutcome) {
        let mut state = self.state();
        state.last_caller += 1;
        let caller = state.last_caller;
        state.callers.insert(caller, done);
        drop(state);
        drop(self.dispatch(MutationEvent::LoadRequested(caller)));
    }

    /// Returns the last change that this page knows.
    pub(super) fn head(&self) -> ChangeId {
        self.state().mutations.head()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn submit(
        &self,
        id: Uuid,
        mutation: Mutation,
        form_is_open: bool,
        on_result: impl Fn(Result<Option<Change>, AppError>) + Send + Sync + 'static,
    ) {
        let trunk = self.head();
        drop(self.dispatch(MutationEvent::Submitted(id, mutation.clone())));
        let submission = Submission { id, inspection: self.0.id, trunk, mutation, form_is_open };
        outbox::submit(submission, self.watcher(id, on_result));
    }

    /// Returns the callback for the outcomes of an entry.
    fn watcher(
        &self,
        id: Uuid,
        on_result: impl Fn(Result<Option<Change>, AppError>) + Send + Sync + 'static,
    ) -> impl Fn(&Outcome) + 'static {
        let (queue, on_result) = (self.clone(), Arc::new(on_result));
        move |outcome| match outcome {
            Outcome::Recorded { news, own } => {
                let recorded = queue.dispatch(MutationEvent::Recorded(id, news.clone()));
                on_result(recorded.map(|()| own.as_deref().cloned()));
            }
            Outcome::Refused(error) => queue.refused(id, error.clone(), on_result.clone()),
            Outcome::Replaced => drop(queue.dispatch(MutationEvent::Replaced(id))),
        }
    }

    /// Handles a refusal: loads the conflicting changes, so that the page shows them and a retry is
    /// based on them.
    fn refused(
        &self,
        id: Uuid,
        error: AppError,
        on_result: Arc<impl Fn(Result<Option<Change>, AppError>) + Send + Sync + 'static>,
    ) {
        if !matches!(error, AppError::Conflict { .. } | AppError::Forbidden(_)) {
            drop(self.dispatch(MutationEvent::Refused(id)));
            return on_result(Err(error));
        }
        // The mutation stays applied until the load has finished.
        let queue = self.clone();
        self.catch_up(Box::new(move |fetched| {
            drop(queue.dispatch(MutationEvent::Refused(id)));
            on_result(Err(match error {
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

    /// Processes an event and carries out its effects. Returns the error if the changes of a
    /// recorded mutation could not be applied.
    fn dispatch(&self, event: MutationEvent) -> Result<(), AppError> {
        let effects = {
            let mut state = self.state();
            let (mutations, effects) = std::mem::take(&mut state.mutations).step(event);
            state.mutations = mutations;
            effects
        };
        let mut recorded = Ok(());
        for effect in effects {
            match effect {
                MutationEffect::Show => self.show(),
                MutationEffect::ShowChanges(news) => self.0.changes.update(|changes| {
                    changes.splice(0..0, news.into_iter().rev());
                }),
                MutationEffect::ShowSaved(saved) => self.0.saved.set(saved),
                MutationEffect::Guard(true) => {
                    self.state().hold.get_or_insert_with(UnloadGuard::new);
                }
                MutationEffect::Guard(false) => self.state().hold = None,
                MutationEffect::Load(head) => spawn_local(self.clone().load(head)),
                MutationEffect::ReportRecorded(_, result) => recorded = result,
                MutationEffect::ReportLoaded(caller, result) => {
                    let done = self.state().callers.remove(&caller);
                    if let Some(done) = done {
                        done(result.map(|()| None));
                    }
                }
            }
        }
        recorded
    }

    fn show(&self) {
        let shown = self.state().mutations.shown();
        if self.0.inspection.with_untracked(|before| *before != shown) {
            self.0.inspection.set(shown);
        }
    }

    async fn load(self, head: ChangeId) {
        let loaded = api::news(self.0.id, head).await;
        drop(self.dispatch(MutationEvent::Loaded(loaded)));
    }
}
