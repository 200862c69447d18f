//! The stage that the making of a report has reached.

use super::{mutex::lock, progress::ReportStage};
use std::sync::{Arc, Mutex};

/// A place among those who wait for their turns, in the order in which they get them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(pub(super) Queue, pub(super) u64);

/// What is waited for. Those who wait for a free slot are before those who wait for a report of their own to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Queue {
    Slot,
    OwnReport,
}

/// The stage that the making of a report has reached. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct ProgressTracker(Arc<Mutex<Stage>>);

#[derive(Clone, Copy, Debug, Default)]
enum Stage {
    #[default]
    Preparing,
    Waiting(Ticket),
    Photos {
        done: u32,
        all: u32,
    },
    Rendering,
}

impl ProgressTracker {
    /// It waits for its turn.
    pub(super) fn set_waiting(&self, ticket: Ticket) {
        *lock(&self.0) = Stage::Waiting(ticket);
    }

    /// The inspection is read.
    pub(super) fn set_preparing(&self) {
        *lock(&self.0) = Stage::Preparing;
    }

    /// So many photos are copied.
    pub(super) fn set_photos(&self, all: usize) {
        let all = u32::try_from(all).unwrap_or(u32::MAX);
        *lock(&self.0) = Stage::Photos { done: 0, all };
    }

    /// One more of them has been.
    pub(super) fn add_photo(&self) {
        if let Stage::Photos { done, .. } = &mut *lock(&self.0) {
            *done += 1;
        }
    }

    /// The pages are laid out.
    pub(super) fn set_rendering(&self) {
        *lock(&self.0) = Stage::Rendering;
    }

    /// The ticket with which it waits.
    #[cfg(test)]
    pub(super) fn ticket(&self) -> Option<Ticket> {
        match *lock(&self.0) {
            Stage::Waiting(ticket) => Some(ticket),
            _ => None,
        }
    }

    /// The stage as the page tells it, with the place of a ticket looked up by `place`.
    pub(super) fn stage(&self, place: impl FnOnce(Ticket) -> usize) -> ReportStage {
        let stage = *lock(&self.0);
        match stage {
            Stage::Preparing => ReportStage::Preparing,
            Stage::Waiting(ticket) => {
                ReportStage::Waiting { place: u32::try_from(place(ticket)).unwrap_or(u32::MAX) }
            }
            Stage::Photos { done, all } => ReportStage::Photos { done, all },
            Stage::Rendering => ReportStage::Rendering,
        }
    }
}
