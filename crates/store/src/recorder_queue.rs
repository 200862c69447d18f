//! Queue of the tasks that record changes, which counts how often one had to wait.

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

/// The tasks of this process that record changes or wait to. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecorderQueue(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    now: AtomicUsize,
    waits: AtomicU64,
}

/// A place in the queue, released on drop.
#[derive(Debug)]
pub(crate) struct RecorderPlace(RecorderQueue);

impl RecorderQueue {
    /// Takes a place.
    pub(crate) fn join(&self) -> RecorderPlace {
        if self.0.now.fetch_add(1, Ordering::Relaxed) > 0 {
            self.0.waits.fetch_add(1, Ordering::Relaxed);
        }
        RecorderPlace(self.clone())
    }

    /// Returns how often a task found others in the queue, since the process began.
    pub(crate) fn waits(&self) -> u64 {
        self.0.waits.load(Ordering::Relaxed)
    }
}

impl Drop for RecorderPlace {
    fn drop(&mut self) {
        self.0.0.now.fetch_sub(1, Ordering::Relaxed);
    }
}
