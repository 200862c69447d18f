//! Mutations of one inspection's page as a state machine without I/O: they are shown before they are
//! recorded, and replaced by the recorded changes.
//!
//! [`MutationQueue::step`] takes a [`MutationEvent`] and returns the [`MutationEffect`]s that its
//! caller carries out. Its rules: the page shows the recorded state with the pending mutations
//! applied in their order; each recorded change is applied once, in the order of the ids, whoever
//! made it and whichever answer brought it; one load of changes runs at a time, and a caller that
//! asks during it waits for a further one.

use crate::{error::AppError, ui::Saved};
use domain::{
    change::{Change, Mutation},
    id::ChangeId,
    inspection::Inspection,
};
use uuid::Uuid;

/// Recorded inspection with the mutations that are pending on it.
#[derive(Clone, Debug, Default)]
pub(super) struct MutationQueue {
    /// Recorded inspection, as far as this page knows.
    recorded: Inspection,
    /// Pending mutations in the order of submission.
    pending: Vec<(Uuid, Mutation)>,
    /// Callers that wait for the running load of changes.
    loading: Vec<u32>,
    /// Callers that asked while a load was running; they need another one.
    load_again: Vec<u32>,
}

/// Input of the state machine.
#[derive(Clone, Debug)]
pub(super) enum MutationEvent {
    /// A mutation was submitted under this id.
    Submitted(Uuid, Mutation),
    /// It is recorded, with these changes since its trunk, oldest first.
    Recorded(Uuid, Vec<Change>),
    /// It is refused, and no longer shown.
    Refused(Uuid),
    /// A newer one has replaced it.
    Replaced(Uuid),
    /// A caller needs the changes that were recorded since.
    LoadRequested(u32),
    /// The running load ended: the changes recorded since, oldest first.
    Loaded(Result<Vec<Change>, AppError>),
}

/// Output of the state machine, to be carried out by its caller in order.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum MutationEffect {
    /// Show [`MutationQueue::shown`].
    Show,
    /// Add these changes to the list, oldest first.
    ShowChanges(Vec<Change>),
    /// Show the state of saving.
    ShowSaved(Saved),
    /// Guard the tab against closing, or no longer.
    Guard(bool),
    /// Load the changes since this one, and send [`MutationEvent::Loaded`].
    Load(ChangeId),
    /// Tell the submitter that the mutation is recorded and shown, or an error about the latter.
    ReportRecorded(Uuid, Result<(), AppError>),
    /// Tell a caller that the changes are loaded.
    ReportLoaded(u32, Result<(), AppError>),
}

impl MutationQueue {
    /// Returns the queue of a loaded inspection.
    pub(super) const fn new(recorded: Inspection) -> Self {
        Self { recorded, pending: Vec::new(), loading: Vec::new(), load_again: Vec::new() }
    }

    /// Returns the last change that this page knows.
    pub(super) const fn head(&self) -> ChangeId {
        self.recorded.head
    }

    /// Returns whether mutations are pending.
    pub(super) const fn is_busy(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Returns the recorded state with the pending mutations applied. One that adds an object is
    /// left out while the server has not assigned its id.
    pub(super) fn shown(&self) -> Inspection {
        let mut shown = self.recorded.clone();
        for (_, mutation) in &self.pending {
            if !adds_unnamed(mutation)
                && let Ok(Some(record)) = shown.plan(mutation)
                && let Ok(mutation) = record.mutation()
            {
                shown.apply(&mutation);
            }
        }
        shown
    }

    /// Processes an event and returns the new state with the effects to carry out.
    #[must_use]
    pub(super) fn step(mut self, event: MutationEvent) -> (Self, Vec<MutationEffect>) {
        let mut effects = Vec::new();
        let out = &mut effects;
        match event {
            MutationEvent::Submitted(id, mutation) => {
                self.pending.push((id, mutation));
                out.push(MutationEffect::Guard(true));
                out.push(MutationEffect::Show);
                out.push(MutationEffect::ShowSaved(Saved::Saving));
            }
            MutationEvent::Recorded(id, news) => {
                let absorbed = self.absorb(news, out);
                self.settle(id, Saved::Saved, out);
                out.push(MutationEffect::ReportRecorded(id, absorbed));
            }
            MutationEvent::Refused(id) => self.settle(id, Saved::Untouched, out),
            MutationEvent::Replaced(id) => self.settle(id, Saved::Saving, out),
            MutationEvent::LoadRequested(caller) if self.loading.is_empty() => {
                self.loading.push(caller);
                out.push(MutationEffect::Load(self.head()));
            }
            MutationEvent::LoadRequested(caller) => self.load_again.push(caller),
            MutationEvent::Loaded(result) => {
                let absorbed = result.and_then(|news| self.absorb(news, out));
                out.push(MutationEffect::Show);
                let again = std::mem::take(&mut self.load_again);
                let callers = std::mem::replace(&mut self.loading, again);
                if !self.loading.is_empty() {
                    out.push(MutationEffect::Load(self.head()));
                }
                for caller in callers {
                    out.push(MutationEffect::ReportLoaded(caller, absorbed.clone()));
                }
            }
        }
        (self, effects)
    }

    /// Removes a mutation that is no longer pending.
    fn settle(&mut self, id: Uuid, saved: Saved, out: &mut Vec<MutationEffect>) {
        self.pending.retain(|(pending, _)| *pending != id);
        out.push(MutationEffect::Show);
        if self.pending.is_empty() {
            out.push(MutationEffect::Guard(false));
            out.push(MutationEffect::ShowSaved(saved));
        }
    }

    /// Applies the changes that the page does not know yet.
    fn absorb(
        &mut self,
        mut news: Vec<Change>,
        out: &mut Vec<MutationEffect>,
    ) -> Result<(), AppError> {
        news.retain(|change| change.id > self.recorded.head);
        for change in &news {
            self.recorded.replay(change).map_err(|_| AppError::Internal)?;
        }
        if !news.is_empty() {
            out.push(MutationEffect::ShowChanges(news));
        }
        Ok(())
    }
}

/// Returns whether the mutation adds an object whose id the server assigns.
const fn adds_unnamed(mutation: &Mutation) -> bool {
    match mutation {
        Mutation::AddSection { section, .. } => section.id.0 == 0,
        Mutation::AddEquipment { equipment } => equipment.id.0 == 0,
        Mutation::AddPhoto { photo } => photo.id.0 == 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
