//! Locking what is short-lived.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks, even where a thread that had locked it panicked, because each use leaves what is locked whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
