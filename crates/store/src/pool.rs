//! Options of connection pools.

use sqlx::{Connection, Database, pool::PoolOptions};

/// Returns options for a pool of this many connections. A connection whose transaction did not end
/// as the driver counts is closed instead of being used again, because SQLite ends a transaction by
/// itself when the disk is full or fails, and every later transaction on that connection would be
/// refused.
pub(crate) fn pool<D: Database>(max_connections: u32) -> PoolOptions<D> {
    PoolOptions::new()
        .max_connections(max_connections)
        .test_before_acquire(false)
        // A rollback that was queued when the connection was released has run by now.
        .before_acquire(|connection: &mut D::Connection, _| {
            let is_clean = !connection.is_in_transaction();
            Box::pin(async move { Ok(is_clean) })
        })
}
