//! Read-only connections to SQLite.

use crate::pool::pool;
use sqlx::pool::PoolOptions;
use sqlx_sqlite::{Sqlite, SqliteConnectOptions, SqlitePool};
use std::cell::Cell;

/// Maximum number of connections in each pool.
const CONNECTIONS: u32 = 8;

thread_local! {
    static IN_BACKGROUND: Cell<bool> = const { Cell::new(false) };
}

/// Makes this thread read from SQLite through connections that only background threads use. Each
/// connection has a thread, which inherits the priority of the thread that opened it, so threads of
/// different priorities must not share connections. Call it once the thread's priority is set.
pub fn read_in_background() {
    IN_BACKGROUND.set(true);
}

/// The connections that read from SQLite: a pool for the threads that called
/// [`read_in_background`], and one for all other threads.
#[derive(Clone, Debug)]
pub(crate) struct Readers {
    ordinary: SqlitePool,
    background: SqlitePool,
}

impl Readers {
    /// Creates pools whose connections are opened on first use.
    pub(crate) fn new(options: SqliteConnectOptions) -> Self {
        let ordinary = Self::pool().connect_lazy_with(options.clone());
        let background = Self::pool().connect_lazy_with(options);
        Self { ordinary, background }
    }

    /// Creates readers that use the same connections for all threads.
    pub(crate) fn shared(pool: SqlitePool) -> Self {
        Self { ordinary: pool.clone(), background: pool }
    }

    /// Returns the options for one of the pools.
    pub(crate) fn pool() -> PoolOptions<Sqlite> {
        pool(CONNECTIONS)
    }

    /// Returns the pool for this thread.
    pub(crate) fn pool_of_core(&self) -> &SqlitePool {
        if IN_BACKGROUND.get() { &self.background } else { &self.ordinary }
    }
}
