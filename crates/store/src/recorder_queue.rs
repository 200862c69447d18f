//! Those who record changes, one after the other, and whether somebody had to wait.

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

/// Those of this process who record or wait for their turn to. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecorderQueue(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    now: AtomicUsize,
    waits: AtomicU64,
}

/// A place in the queue, given up when it is dropped.
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

    /// How many times somebody met others in the queue, since the process began.
    pub(crate) fn waits(&self) -> u64 {
        self.0.waits.load(Ordering::Relaxed)
    }
}

impl Drop for RecorderPlace {
    fn drop(&mut self) {
        self.0.0.now.fetch_sub(1, Ordering::Relaxed);
    }
}
