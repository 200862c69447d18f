//! Everything that happens to an inspection on its page: shown at once, handed to the outbox, and then
//! replaced by what the server recorded. A queue outlives its page, so that what was on its way still
//! arrives.

use super::hold::Hold;
use crate::{
    error::AppError,
    inspections::{Typed, api},
    outbox::{self, Outcome, Submission},
    request_id,
    ui::Saved,
};
use domain::{Change, ChangeId, Inspection, InspectionId, Mutation};
use leptos::{prelude::*, task::spawn_local};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

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
    /// What the outbox has not had recorded yet, in the order it was asked for.
    pending: Vec<(Uuid, Mutation)>,
    /// Whoever waits for what was recorded to be fetched.
    fetching: Vec<Done>,
    /// Those who asked while it was already being fetched.
    fetch_again: Vec<Done>,
    /// There while anything is on its way.
    hold: Option<Hold>,
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
                pending: Vec::new(),
                fetching: Vec::new(),
                fetch_again: Vec::new(),
                hold: None,
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

    /// Performs a mutation: shown at once, unless it adds something that the server has to name. Where
    /// it is refused, that is the end of it.
    pub(super) fn perform(&self, mutation: Mutation, done: Done) {
        let planned = self.0.inspection.with_untracked(|shown| shown.plan(&mutation));
        match planned {
            Err(refusal) => return done(Err(refusal.into())),
            // What was typed is what is shown; what is shown but not yet recorded is on its way.
            Ok(None) if !self.is_busy() => return done(Ok(None)),
            _ => {}
        }
        let done = Mutex::new(Some(done));
        let id = request_id::new();
        self.submit(id, mutation, true, move |result| {
            // Where it stays all the same, nothing on the page tells of it any more.
            outbox::release(id);
            let done = done.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(done) = done {
                done(result);
            }
        });
    }

    /// Sends a text that was [kept](Self::keep) under this id. Where it is refused it stays in the
    /// outbox, and `told` hears of it each time it is sent.
    pub(super) fn send_kept(
        &self,
        id: Uuid,
        mutation: Mutation,
        told: impl Fn(Result<Option<Change>, AppError>) + Send + Sync + 'static,
    ) {
        self.submit(id, mutation, false, told);
    }

    /// Hears how it goes on with a refused text that the outbox still holds.
    pub(super) fn watch_kept(
        &self,
        id: Uuid,
        told: impl Fn(Result<Option<Change>, AppError>) + Send + Sync + 'static,
    ) {
        outbox::watch(id, self.watcher(id, told));
    }

    /// Keeps what is being typed, so that nothing is lost with the page.
    pub(super) fn keep(&self, id: Uuid, form: Typed) {
        outbox::draft(id, self.0.id, self.head(), form);
    }

    /// Fetches what was recorded since, by whoever.
    pub(super) fn catch_up(&self, done: Done) {
        let mut state = self.state();
        if !state.fetching.is_empty() {
            return state.fetch_again.push(done);
        }
        state.fetching.push(done);
        drop(state);
        spawn_local(self.clone().fetch());
    }

    /// The last change that this page knows to be recorded.
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
            state.hold.get_or_insert_with(Hold::new);
            state.recorded.head
        };
        self.show();
        self.0.saved.set(Saved::Saving);
        let submission = Submission { id, inspection: self.0.id, trunk, mutation, form_is_open };
        outbox::submit(submission, self.watcher(id, told));
    }

    /// What is told to the page of an entry's fate.
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

    /// Something is on its way no more.
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

    /// What stood in the way is fetched, so that the page shows it and the next try starts from there.
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
        // Until then it is shown as it was typed.
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

    /// Shows what is recorded with what is on its way on top.
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

/// Whether the mutation adds something that has no id before the server gives it one.
fn adds_unnamed(mutation: &Mutation) -> bool {
    match mutation {
        Mutation::AddSection { section, .. } => section.id.0 == 0,
        Mutation::AddEquipment { equipment } => equipment.id.0 == 0,
        Mutation::AddPhoto { photo } => photo.id.0 == 0,
        _ => false,
    }
}
