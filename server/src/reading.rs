//! Separate threads for read requests, so that they do not delay recording.
//!
//! A page of the dashboard takes some tens of milliseconds of CPU time, an edit less than one. On shared
//! threads, a few readers would block everybody who records. Reads therefore run on threads with a lower
//! priority, as do the connections by which they read from SQLite, a limited number runs at once, and they pause
//! between turns while recorders wait for each other.
//!
//! `cargo xtask bench load` measures the effect.

use crate::completion::to_its_end_on;
use app::error::AppError;
use service::PauseRule;
use std::{future::Future, sync::LazyLock, thread, time::Duration};
use store::read_in_background;
use tokio::{
    runtime::{Builder, Runtime},
    sync::Semaphore,
    time::timeout,
};

/// Maximum number of concurrent reads, because each may use more than one of the eight connections that read
/// from SQLite.
const AT_ONCE: usize = 3;

/// Maximum wait for a turn. With sixteen readers during continuous recording, most wait four seconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// Amount by which the threads' priority is lowered, as in nice(1). Against a busy thread of normal priority
/// they get a tenth of a core; without recording, a whole one.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Pause after a turn.
const PAUSE: PauseRule = PauseRule::new(6, Duration::from_millis(900));

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);

/// Threads for reads; `None` if the system refuses them, in which case reads use the shared threads.
static THREADS: LazyLock<Option<Runtime>> = LazyLock::new(|| {
    let number = thread::available_parallelism().map_or(1, usize::from);
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(number).thread_name("reading").enable_all();
    builder.on_thread_start(|| {
        lower_priority();
        read_in_background();
    });
    match builder.build() {
        Ok(threads) => Some(threads),
        Err(error) => {
            tracing::error!(%error, "readers have no threads of their own");
            None
        }
    }
});

fn lower_priority() {
    // On Linux this affects only the calling thread; elsewhere it would affect the whole process.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::warn!(%error, "the priority of a thread cannot be lowered");
    }
}

/// Runs a read on the readers' threads, to its end even when the caller is dropped. `recorder_waits` returns
/// how often recorders have had to wait for each other.
///
/// # Errors
/// [`AppError::Unavailable`] if no turn is free in time.
pub(crate) async fn in_turn<T: Send + 'static>(
    recorder_waits: impl Fn() -> u64 + Send + 'static,
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
        let work = PAUSE.begin(recorder_waits);
        let answer = answer.await;
        work.end(turn);
        answer
    };
    Ok(to_its_end_on(THREADS.as_ref().map(Runtime::handle), answer).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join_all;
    use std::sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    };
    use tokio::time::sleep;

    // This is a single test, because the turns are shared by the whole process.
    #[tokio::test]
    async fn readers_are_served_a_few_at_a_time_on_threads_of_their_own_and_pause_for_recorders() {
        static NOW: AtomicUsize = AtomicUsize::new(0);
        let own_thread = thread::current().id();
        let reader = || async move {
            let together = NOW.fetch_add(1, Ordering::SeqCst) + 1;
            tokio::task::yield_now().await;
            NOW.fetch_sub(1, Ordering::SeqCst);
            (together, thread::current().id())
        };
        let answers = join_all((0..50).map(|_| in_turn(|| 0, reader()))).await;
        for answer in answers {
            let (together, thread) = answer.expect("a turn");
            assert!(together <= AT_ONCE, "{together} at once");
            assert_ne!(thread, own_thread);
        }
        assert_eq!(TURNS.available_permits(), AT_ONCE);

        let waits = Arc::<AtomicU64>::default();
        let (asked, waited) = (waits.clone(), waits.clone());
        let reader = async move {
            sleep(Duration::from_millis(20)).await;
            waited.fetch_add(1, Ordering::SeqCst);
        };
        in_turn(move || asked.load(Ordering::SeqCst), reader).await.expect("a turn");
        assert_eq!(TURNS.available_permits(), AT_ONCE - 1, "its turn goes on as a pause");
        let all = u32::try_from(AT_ONCE).expect("a few");
        drop(timeout(PATIENCE, TURNS.acquire_many(all)).await.expect("the pause ends"));
    }
}
