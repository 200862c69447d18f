//! Progress of a report job.

use super::mutex::lock;
use domain::view::ReportStage;
use std::sync::{Arc, Mutex};

/// Ticket in the queue of waiting jobs, ordered by turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(pub(super) Queue, pub(super) u64);

/// Reason for waiting. Jobs that wait for a free slot come before jobs that wait for another report of the
/// same person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Queue {
    Slot,
    OwnReport,
}

/// Tracker of a job's stage. Cheap to clone.
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
    /// Sets the stage to waiting, with the given ticket.
    pub(super) fn set_waiting(&self, ticket: Ticket) {
        *lock(&self.0) = Stage::Waiting(ticket);
    }

    /// Sets the stage to loading the inspection.
    pub(super) fn set_preparing(&self) {
        *lock(&self.0) = Stage::Preparing;
    }

    /// Sets the stage to copying `all` photos.
    pub(super) fn set_photos(&self, all: usize) {
        let all = u32::try_from(all).unwrap_or(u32::MAX);
        *lock(&self.0) = Stage::Photos { done: 0, all };
    }

    /// Counts one more copied photo.
    pub(super) fn add_photo(&self) {
        if let Stage::Photos { done, .. } = &mut *lock(&self.0) {
            *done += 1;
        }
    }

    /// Sets the stage to laying out the pages.
    pub(super) fn set_rendering(&self) {
        *lock(&self.0) = Stage::Rendering;
    }

    /// Returns the ticket of a waiting job.
    #[cfg(test)]
    pub(super) fn ticket(&self) -> Option<Ticket> {
        match *lock(&self.0) {
            Stage::Waiting(ticket) => Some(ticket),
            _ => None,
        }
    }

    /// Returns the stage for the page; `place` looks up the position of a ticket.
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
