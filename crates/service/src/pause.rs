//! Pauses of work that runs beside recording, such as reading pages and making reports.
//!
//! A low priority alone does not keep such work from slowing recorders down, because it does not free a core
//! within a time slice, and a busy core slows down the other ones where they share caches or are threads of one
//! physical core. While recorders wait for each other, such work therefore pauses between turns.

use std::time::{Duration, Instant};
use tokio::time::sleep;

/// Length of the pause after work during which recorders waited for each other.
#[derive(Clone, Copy, Debug)]
pub struct PauseRule {
    ratio: u32,
    max: Duration,
}

impl PauseRule {
    /// Creates a rule by which the pause is `ratio` times as long as the work before it, at most `max`.
    pub const fn new(ratio: u32, max: Duration) -> Self {
        Self { ratio, max }
    }

    /// Begins work. `recorder_waits` returns how often recorders have had to wait for each other.
    pub fn begin<F: Fn() -> u64>(self, recorder_waits: F) -> PausingWork<F> {
        let waits = recorder_waits();
        PausingWork { rule: self, began: Instant::now(), waits, recorder_waits }
    }
}

/// Work that is followed by a pause if recorders wait for each other meanwhile.
#[derive(Debug)]
pub struct PausingWork<F> {
    rule: PauseRule,
    began: Instant,
    waits: u64,
    recorder_waits: F,
}

impl<F: Fn() -> u64> PausingWork<F> {
    /// Ends the work and drops the slot that it occupied: after the pause if there is one, otherwise at once.
    pub fn end(self, slot: impl Send + 'static) {
        if (self.recorder_waits)() == self.waits {
            return;
        }
        let pause = self.began.elapsed().saturating_mul(self.rule.ratio).min(self.rule.max);
        tokio::spawn(async move {
            sleep(pause).await;
            drop(slot);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{cell::Cell, sync::Arc};
    use tokio::{sync::Semaphore, time::timeout};

    #[tokio::test]
    async fn a_slot_is_kept_for_a_pause_if_recorders_waited() {
        let slots = Arc::new(Semaphore::new(1));
        let slot = || slots.clone().try_acquire_owned().expect("a free slot");
        let waits = Cell::new(7);
        let rule = PauseRule::new(u32::MAX, Duration::from_millis(50));

        rule.begin(|| waits.get()).end(slot());
        assert_eq!(slots.available_permits(), 1, "nobody waited");

        let work = rule.begin(|| waits.get());
        waits.set(8);
        work.end(slot());
        assert_eq!(slots.available_permits(), 0, "the pause");
        let after = timeout(Duration::from_secs(10), slots.acquire()).await;
        drop(after.expect("the pause ends").expect("a slot"));
    }
}
