//! Threads that make pages and answers to readers, apart from those that record.
//!
//! A page of the dashboard takes some tens of milliseconds of a core, an edit less than one. On the
//! same threads, a few people who read would keep everybody else from recording. So readers have
//! threads of their own with a lower priority, as do the connections by which these read from SQLite,
//! and a bounded number of readers is served at once. A priority alone is not enough, because it gives
//! no core back in the middle of a time slice and shares caches and memory all the same: as long as
//! people wait for each other to record, readers also leave pauses between them.
//!
//! `cargo xtask bench load` measures it.

use crate::middleware::to_its_end_on;
use app::error::AppError;
use std::{
    future::Future,
    sync::LazyLock,
    thread,
    time::{Duration, Instant},
};
use store::read_in_background;
use tokio::{
    runtime::{Builder, Runtime},
    sync::Semaphore,
    time::{sleep, timeout},
};

/// The most readers that are served at once, because each may hold more than one of the eight
/// connections that read from SQLite.
const AT_ONCE: usize = 3;

/// How long a reader waits for a turn. With sixteen readers beside people who record without a pause,
/// most wait two seconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// The number by which the threads' priority is lowered, as in nice(1): beside a busy thread of
/// normal priority they get a tenth of a core, and all of it where nobody records.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// A turn in which people waited for each other to record is followed by a pause of so many times its
/// length.
const PAUSE: u32 = 6;

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);

/// The threads. `None` where the system gives none, so that readers share those of everybody.
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
    // On Linux this concerns the calling thread alone; elsewhere it would concern the whole process.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::warn!(%error, "the priority of a thread cannot be lowered");
    }
}

/// Answers a reader on the readers' threads, to the end even when nobody waits for it any more. How
/// often people had to wait for others to record is asked of `recorder_waits`.
///
/// # Errors
/// [`AppError::Unavailable`] where no turn came.
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
        let (began, waits) = (Instant::now(), recorder_waits());
        let answer = answer.await;
        if recorder_waits() == waits {
            drop(turn);
        } else {
            let pause = (began.elapsed() * PAUSE).min(LONGEST_PAUSE);
            tokio::spawn(async move {
                sleep(pause).await;
                drop(turn);
            });
        }
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

    // One test, because the turns are those of the process.
    #[tokio::test]
    async fn readers_are_served_a_few_at_a_time_on_threads_of_their_own_and_pause_for_recorders() {
        static NOW: AtomicUsize = AtomicUsize::new(0);
        let here = thread::current().id();
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
            assert_ne!(thread, here);
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
