//! Threads that make pages and answers to readers, apart from those that record.
//!
//! A page of the dashboard takes some ten milliseconds of a core, an edit less than one. On the same
//! threads, a few people who read would keep everybody else from recording, so readers have threads
//! of their own with a lower priority, and a bounded number of them is served at once.

use crate::middleware::to_its_end_on;
use app::error::AppError;
use std::{future::Future, sync::LazyLock, thread, time::Duration};
use tokio::{
    runtime::{Builder, Runtime},
    sync::Semaphore,
    time::timeout,
};

/// The most readers that are served at once, because each may hold more than one of the eight
/// connections that read from SQLite, and a request that records needs one to look up its session.
/// Measured with eight writers and sixteen readers on two cores: writers keep 55 to 70 % of their rate
/// with three at once, and 3 to 4 % where readers are neither bounded nor on threads of their own.
const AT_ONCE: usize = 3;

/// How long a reader waits for a turn.
const PATIENCE: Duration = Duration::from_secs(3);

/// The number by which the threads' priority is lowered, as in nice(1): beside a busy thread of
/// normal priority they get a tenth of a core, and all of it where nobody records.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);

/// The threads. `None` where the system gives none, so that readers share those of everybody.
static THREADS: LazyLock<Option<Runtime>> = LazyLock::new(|| {
    let number = thread::available_parallelism().map_or(1, usize::from);
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(number).thread_name("reading").enable_all();
    builder.on_thread_start(lower_priority);
    match builder.build() {
        Ok(threads) => Some(threads),
        Err(error) => {
            tracing::error!(%error, "readers have no threads of their own");
            None
        }
    }
});

fn lower_priority() {
    // On Linux this concerns the calling thread alone; elsewhere it would concern the whole process.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::warn!(%error, "the priority of a thread cannot be lowered");
    }
}

/// Answers a reader on the readers' threads, to the end even when nobody waits for it any more.
///
/// # Errors
/// [`AppError::Unavailable`] where no turn came.
pub(crate) async fn in_turn<T: Send + 'static>(
    answer: impl Future<Output = T> + Send + 'static,
) -> Result<T, AppError> {
    let turn = match timeout(PATIENCE, TURNS.acquire()).await {
        Ok(Ok(turn)) => turn,
        Ok(Err(_)) | Err(_) => {
            tracing::warn!("more people read than can be served");
            return Err(AppError::Unavailable);
        }
    };
    let answer = async move {
        let answer = answer.await;
        drop(turn);
        answer
    };
    Ok(to_its_end_on(THREADS.as_ref().map(Runtime::handle), answer).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join_all;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn readers_are_served_a_few_at_a_time_on_threads_of_their_own() {
        static NOW: AtomicUsize = AtomicUsize::new(0);
        let here = thread::current().id();
        let reader = || async move {
            let together = NOW.fetch_add(1, Ordering::SeqCst) + 1;
            tokio::task::yield_now().await;
            NOW.fetch_sub(1, Ordering::SeqCst);
            (together, thread::current().id())
        };
        let answers = join_all((0..50).map(|_| in_turn(reader()))).await;
        for answer in answers {
            let (together, thread) = answer.expect("a turn");
            assert!(together <= AT_ONCE, "{together} at once");
            assert_ne!(thread, here);
        }
    }
}
