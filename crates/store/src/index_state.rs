//! State of the change index in this process.

use change_index::ChangeIndex;
use std::sync::atomic::AtomicI64;

/// The change index and the state of its builder.
#[derive(Debug, Default)]
pub(crate) struct IndexState {
    pub(crate) changes: ChangeIndex,
    /// Held while segments are built.
    pub(crate) building: tokio::sync::Mutex<()>,
    /// Number of the segment of the lowest level up to which this process has indexed.
    pub(crate) built: AtomicI64,
}
