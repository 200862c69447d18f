//! Distribution of work among connections that read the same snapshot of the database.

use super::{
    Progress, VerifyError, VerifyStep,
    chain::{self, Record, Stretch},
    tables,
};
use crate::{chain::ChainLink, db::Tx};
use std::{
    collections::{BTreeMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};
use tokio::task::JoinHandle;

/// Number of changes folded for each comparison with the tables.
const CHUNK: i64 = 2_000;

/// An empty range of ids.
const NOTHING: (i64, i64) = (1, 0);

/// Counter of the progress of one step.
#[derive(Clone)]
struct Counter {
    step: VerifyStep,
    done: Arc<AtomicU64>,
    total: u64,
    progress: Progress,
}

impl Counter {
    fn new(step: VerifyStep, total: u64, progress: Progress) -> Self {
        Self { step, done: Arc::default(), total, progress }
    }

    fn add(&self, more: u64) {
        let done = self.done.fetch_add(more, Ordering::Relaxed) + more;
        (self.progress)(self.step, done.min(self.total), self.total);
    }
}

/// Reads all changes with ids from the first to the last, a share on each connection.
pub(super) async fn read_chain(
    lanes: Vec<Tx>,
    (first, last): (i64, i64),
    users: Arc<HashSet<i64>>,
    total: u64,
    progress: Progress,
) -> Result<(Vec<Tx>, Vec<Stretch>), VerifyError> {
    let shares = shares((first, last), lanes.len());
    let counter = Counter::new(VerifyStep::Chain, total, progress);
    let mut tasks = Vec::new();
    for (mut tx, share) in lanes.into_iter().zip(shares) {
        let (users, counter) = (users.clone(), counter.clone());
        tasks.push(tokio::spawn(async move {
            let stretch = chain::stretch(&mut tx, share, &users, |more| counter.add(more)).await;
            stretch.map(|stretch| (tx, stretch))
        }));
    }
    let mut read = (Vec::new(), Vec::new());
    for task in tasks {
        let (tx, stretch) = ended(task).await?;
        read.0.push(tx);
        read.1.push(stretch);
    }
    Ok(read)
}

async fn ended<T>(task: JoinHandle<T>) -> T {
    match task.await {
        Ok(value) => value,
        // Tasks are never cancelled, so the error is a panic.
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}

/// Divides the ids from the first to the last into as many ranges.
fn shares((first, last): (i64, i64), among: usize) -> Vec<(i64, i64)> {
    let (first, last) = (i128::from(first), i128::from(last));
    let width = (last - first) / among.max(1) as i128 + 1;
    let share = |lane: usize| {
        let from = first + lane as i128 * width;
        let to = last.min(from + width - 1);
        // The conversion only fails for ranges after the last id, which are empty.
        let share = i64::try_from(from).ok().zip(i64::try_from(to).ok());
        share.filter(|(from, to)| from <= to).unwrap_or(NOTHING)
    };
    (0..among).map(share).collect()
}

/// Compares the tables with the fold of the records. Each connection takes the next range of
/// inspections when it has finished one. Returns the number of changes folded.
pub(super) async fn check_tables(
    lanes: Vec<Tx>,
    record: Record,
    total: u64,
    progress: Progress,
) -> Result<u64, VerifyError> {
    let ranges = Arc::new(ranges(&record.last));
    drop(record);
    let next = Arc::new(AtomicUsize::new(0));
    let counter = Counter::new(VerifyStep::Tables, total, progress);
    let mut tasks = Vec::new();
    for mut tx in lanes {
        let (ranges, next, counter) = (ranges.clone(), next.clone(), counter.clone());
        tasks.push(tokio::spawn(async move {
            while let Some(range) = ranges.get(next.fetch_add(1, Ordering::Relaxed)) {
                let checked = tables::check(&mut tx, *range).await;
                if checked.is_err() {
                    // Later ranges need not be compared.
                    next.store(ranges.len(), Ordering::Relaxed);
                }
                counter.add(checked?);
            }
            Ok::<_, VerifyError>(())
        }));
    }
    let mut first: Option<VerifyError> = None;
    for task in tasks {
        let Err(error) = ended(task).await else { continue };
        let place = |error: &VerifyError| match error {
            VerifyError::Wrong(wrong) => wrong.inspection,
            VerifyError::Failed(_) => None,
        };
        if first.as_ref().is_none_or(|first| place(&error) < place(first)) {
            first = Some(error);
        }
    }
    first.map_or_else(|| Ok(counter.done.load(Ordering::Relaxed)), Err)
}

/// Returns ranges of the ids of inspections with about as many changes each and no gaps between
/// them.
fn ranges(last: &BTreeMap<i64, (i64, ChainLink)>) -> Vec<(i64, i64)> {
    let mut ranges = Vec::new();
    let (mut from, mut changes) = (i64::MIN, 0);
    for (id, (_, link)) in last {
        changes += link.number;
        if changes >= CHUNK {
            ranges.push((from, *id));
            let Some(next) = id.checked_add(1) else { return ranges };
            (from, changes) = (next, 0);
        }
    }
    ranges.push((from, i64::MAX));
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_in_one_share() {
        for (first, last) in [(1, 1), (1, 2), (-5, 17), (i64::MIN, i64::MAX), (3, i64::MAX)] {
            for among in 1..=8 {
                let shares = shares((first, last), among);
                assert_eq!(shares.len(), among);
                let mut next = Some(first);
                for (from, to) in shares.into_iter().filter(|share| *share != NOTHING) {
                    assert_eq!(Some(from), next, "{first} to {last} among {among}");
                    assert!(from <= to);
                    next = to.checked_add(1);
                }
                assert_eq!(next, last.checked_add(1), "{first} to {last} among {among}");
            }
        }
    }

    #[test]
    fn every_inspection_is_in_one_range() {
        let link = |number| ChainLink { number, hash: [0; 32] };
        let last = [(1, 5), (7, 2_000), (9, 1), (i64::MAX, 3_000)];
        let last = last.into_iter().map(|(id, number)| (id, (id, link(number)))).collect();
        assert_eq!(ranges(&last), [(i64::MIN, 7), (8, i64::MAX)]);
        assert_eq!(ranges(&BTreeMap::new()), [(i64::MIN, i64::MAX)]);
    }
}
