//! Whether the record can be trusted: the chain, the checkpoints, and the tables against the fold of
//! the records. Nothing here writes.

mod chain;
mod tables;
mod wrong;

pub use wrong::{Flaw, VerifyError, Wrong};

use crate::{
    Checkpoint, CheckpointError, Kept, PublicKey, Store, Tree,
    chain::{Hash, Link},
    db::Tx,
    sql::sql,
};
use chain::Stretch;
use domain::InspectionId;
use std::{
    collections::{BTreeMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread::available_parallelism,
};
use tokio::task::JoinHandle;

/// How many changes are folded between two looks at the tables.
const CHUNK: i64 = 2_000;

/// What is being done, for those who wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading the changes, and whether each follows on from the one before.
    Chain,
    /// Comparing the tables with the fold of the records.
    Tables,
}

/// Hears of progress: the step, how many changes are done, and of how many.
pub type Progress = Arc<dyn Fn(Step, u64, u64) + Send + Sync>;

/// The checkpoints that the record has to fit, and the key they have to be signed with.
#[derive(Clone, Debug)]
pub struct Witness {
    /// In any order.
    pub checkpoints: Vec<Kept>,
    /// The key.
    pub key: PublicKey,
}

/// A record in which nothing is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sound {
    /// How many changes there are.
    pub changes: u64,
    /// Of how many inspections.
    pub inspections: u64,
    /// How many checkpoints they fit.
    pub checkpoints: usize,
    /// The newest of these.
    pub newest: Option<Checkpoint>,
}

impl Store {
    /// Verifies everything, on all cores.
    ///
    /// # Errors
    /// [`VerifyError::Wrong`] with the first thing that is wrong: first in the chain, then against the
    /// checkpoints, then in the tables. [`VerifyError::Failed`] where the database fails.
    pub async fn verify(
        &self,
        witness: Option<&Witness>,
        progress: Progress,
    ) -> Result<Sound, VerifyError> {
        let cores = available_parallelism().map_or(2, usize::from);
        let mut lanes = self.db().read_together(cores.clamp(2, 8)).await?;
        let (total, first, last) = extent(&mut lanes[0]).await?;
        let users = Arc::new(chain::users(&mut lanes[0]).await?);

        let (mut lanes, stretches) =
            read_chain(lanes, (first, last), users.clone(), total, progress.clone()).await?;
        let record = match joined(stretches, &users) {
            Ok(record) => record,
            Err(inspection) => {
                return Err(explain(&mut lanes[0], inspection, &users).await?.into());
            }
        };
        check_heads(&mut lanes[0], &record).await?;
        let mut sound = Sound {
            changes: record.hashes.len() as u64,
            inspections: record.last.len() as u64,
            ..Sound::default()
        };
        if let Some(witness) = witness {
            sound.checkpoints = witness.checkpoints.len();
            sound.newest = check_checkpoints(&record, witness)?;
        }
        let ranges = ranges(&record.last);
        drop(record);
        check_tables(lanes, ranges, total, progress).await?;
        Ok(sound)
    }

    /// Verifies one inspection: its chain, and its rows against the fold of its records. Answers with
    /// how many changes it has.
    ///
    /// # Errors
    /// As of [`verify`](Self::verify).
    pub async fn verify_inspection(&self, id: InspectionId) -> Result<i64, VerifyError> {
        let mut tx = self.db().read().await?;
        let users = chain::users(&mut tx).await?;
        let raws = chain::of(&mut tx, id.0).await?;
        if let Some(wrong) = chain::check(&raws, &users) {
            let wrong = named(&mut tx, wrong).await?;
            return Err(wrong.into());
        }
        let last = raws.last().map(|raw| (raw.id, raw.link()));
        check_head(&mut tx, id.0, last).await?;
        let counted = tables::check(&mut tx, (id.0, id.0)).await;
        match counted {
            Err(VerifyError::Wrong(wrong)) => Err(named(&mut tx, *wrong).await?.into()),
            counted => Ok(i64::try_from(counted?).unwrap_or(i64::MAX)),
        }
    }
}

/// How many changes there are, and the range of their ids.
async fn extent(tx: &mut Tx) -> Result<(u64, i64, i64), VerifyError> {
    let text = "select count(*), coalesce(min(id), 0), coalesce(max(id), 0) from changes";
    let (count, first, last): (i64, i64, i64) = sql(text).one(tx).await?;
    Ok((u64::try_from(count).unwrap_or(0), first, last))
}

/// All changes, once they are known to follow on from each other.
struct Record {
    hashes: Vec<Hash>,
    ids: Vec<i64>,
    last: BTreeMap<i64, (i64, Link)>,
}

/// Reads all changes, a part of them on each lane.
async fn read_chain(
    lanes: Vec<Tx>,
    (first, last): (i64, i64),
    users: Arc<HashSet<i64>>,
    total: u64,
    progress: Progress,
) -> Result<(Vec<Tx>, Vec<Stretch>), VerifyError> {
    let count = i64::try_from(lanes.len()).unwrap_or(1);
    let width = (last - first) / count + 1;
    let done = Arc::new(AtomicU64::new(0));
    let mut tasks = Vec::new();
    for (lane, mut tx) in (0..).zip(lanes) {
        let from = first + lane * width;
        let (users, done, progress) = (users.clone(), done.clone(), progress.clone());
        tasks.push(tokio::spawn(async move {
            let count = |more| {
                let done = done.fetch_add(more, Ordering::Relaxed) + more;
                progress(Step::Chain, done, total);
            };
            let stretch = chain::stretch(&mut tx, (from, from + width), &users, count).await;
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
        // Nobody cancels it.
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}

/// Puts the stretches together; else answers with the inspection of the first change that does not
/// follow on.
fn joined(stretches: Vec<Stretch>, users: &HashSet<i64>) -> Result<Record, i64> {
    let mut record = Record { hashes: Vec::new(), ids: Vec::new(), last: BTreeMap::new() };
    let mut suspects = Vec::new();
    for stretch in stretches {
        for raw in &stretch.joints {
            let before = record.last.get(&raw.inspection_id).map(|(_, link)| *link);
            if !raw.follows(before, users) {
                suspects.push((raw.id, raw.inspection_id));
            }
        }
        suspects.extend(stretch.suspect);
        record.hashes.extend(stretch.hashes);
        record.ids.extend(stretch.ids);
        record.last.extend(stretch.last);
    }
    match suspects.into_iter().min() {
        Some((_, inspection)) => Err(inspection),
        None => Ok(record),
    }
}

/// What is wrong with an inspection whose chain does not hold.
async fn explain(tx: &mut Tx, inspection: i64, users: &HashSet<i64>) -> Result<Wrong, VerifyError> {
    let raws = chain::of(tx, inspection).await?;
    let wrong = chain::check(&raws, users).unwrap_or_else(|| {
        Wrong::of(inspection, None, Flaw::Unreadable("it changed meanwhile".into()))
    });
    let wrong = chain::whence(tx, &raws, wrong).await?;
    named(tx, wrong).await
}

/// The same with the inspection's reference.
async fn named(tx: &mut Tx, mut wrong: Wrong) -> Result<Wrong, VerifyError> {
    if let Some(id) = wrong.inspection {
        let statement = sql("select reference from inspections where id = $1").bind(id);
        let found: Option<(String,)> = statement.optional(tx).await?;
        wrong.reference = found.map(|(reference,)| reference);
    }
    Ok(wrong)
}

/// Checks that the heads of all inspections are the last changes there are.
async fn check_heads(tx: &mut Tx, record: &Record) -> Result<(), VerifyError> {
    let text = "select id, change_id, number, hash from inspections order by id";
    let mut wrong = None;
    sql(text)
        .each(&mut *tx, |(id, change, number, hash): (i64, i64, i64, Vec<u8>)| {
            let head = (change, Link { number, hash: hash.try_into().unwrap_or_default() });
            wrong = wrong.take().or_else(|| head_flaw(id, head, record.last.get(&id).copied()));
            Ok(())
        })
        .await?;
    match wrong {
        Some(wrong) => Err(named(tx, wrong).await?.into()),
        None => Ok(()),
    }
}

async fn check_head(tx: &mut Tx, id: i64, last: Option<(i64, Link)>) -> Result<(), VerifyError> {
    let text = "select change_id, number, hash from inspections where id = $1";
    let found: Option<(i64, i64, Vec<u8>)> = sql(text).bind(id).optional(&mut *tx).await?;
    let wrong = found.and_then(|(change, number, hash)| {
        let head = (change, Link { number, hash: hash.try_into().unwrap_or_default() });
        head_flaw(id, head, last)
    });
    match wrong {
        Some(wrong) => Err(named(tx, wrong).await?.into()),
        None => Ok(()),
    }
}

/// What is wrong with an inspection's head, given the last change there is.
fn head_flaw(id: i64, head: (i64, Link), last: Option<(i64, Link)>) -> Option<Wrong> {
    let there = last.map_or(0, |(_, link)| link.number);
    if Some(head) == last {
        return None;
    }
    let to = head.1.number;
    if to > there {
        return Some(Wrong::of(id, Some(head.0), Flaw::Cut { from: there + 1, to }));
    }
    let last = last.map_or(0, |(change, _)| change);
    let problem = format!(
        "the inspection's head is change {}, number {to}, but its last change is {last}, number {there}",
        head.0
    );
    Some(Wrong::of(id, Some(last), Flaw::Row(problem)))
}

/// Checks that the record grew from every one of the checkpoints. Answers with the newest.
fn check_checkpoints(record: &Record, witness: &Witness) -> Result<Option<Checkpoint>, Wrong> {
    let flawed = |problem: String| Wrong::overall(Flaw::Checkpoint(problem));
    let opened = witness.checkpoints.iter().map(|kept| {
        let opened = kept.open(&witness.key);
        opened.map(|checkpoint| (checkpoint, &kept.name))
    });
    let opened: Result<Vec<_>, CheckpointError> = opened.collect();
    let mut opened = opened.map_err(|error| flawed(error.to_string()))?;
    opened.sort_by_key(|(a, _)| a.size);
    let tree = Tree::over(&record.hashes);
    let id = |place: u64| usize::try_from(place).ok().and_then(|place| record.ids.get(place));
    let mut fits: u64 = 0;
    for (checkpoint, name) in &opened {
        let Checkpoint { size, last, root, at } = checkpoint;
        let at = at.format("%-d %B %Y, %H:%M:%S UTC");
        if *size > tree.size() {
            return Err(flawed(format!(
                "the end of the record was cut off: the checkpoint {name} of {at} covers {size} \
                 changes, up to change {last}, and there are {}",
                tree.size()
            )));
        }
        let is_last = size.checked_sub(1).and_then(id) == Some(&last.0);
        if !is_last || !tree.grew_from(*size, root) {
            let from = id(fits).copied().unwrap_or_default();
            return Err(flawed(format!(
                "the record was rewritten: its changes from {from} to {last} are not those that the \
                 checkpoint {name} of {at} was made of"
            )));
        }
        fits = *size;
    }
    Ok(opened.pop().map(|(checkpoint, _)| checkpoint))
}

/// Ranges of the ids of inspections, with about as many changes in each and nothing between them.
fn ranges(last: &BTreeMap<i64, (i64, Link)>) -> Vec<(i64, i64)> {
    let mut ranges = Vec::new();
    let (mut from, mut changes) = (i64::MIN, 0);
    for (id, (_, link)) in last {
        changes += link.number;
        if changes >= CHUNK {
            ranges.push((from, *id));
            (from, changes) = (id + 1, 0);
        }
    }
    ranges.push((from, i64::MAX));
    ranges
}

async fn check_tables(
    lanes: Vec<Tx>,
    ranges: Vec<(i64, i64)>,
    total: u64,
    progress: Progress,
) -> Result<(), VerifyError> {
    let ranges = Arc::new(ranges);
    let (next, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicU64::new(0)));
    let mut tasks = Vec::new();
    for mut tx in lanes {
        let (ranges, next, done) = (ranges.clone(), next.clone(), done.clone());
        let progress = progress.clone();
        tasks.push(tokio::spawn(async move {
            while let Some(range) = ranges.get(next.fetch_add(1, Ordering::Relaxed)) {
                match tables::check(&mut tx, *range).await {
                    Ok(more) => {
                        let done = done.fetch_add(more, Ordering::Relaxed) + more;
                        progress(Step::Tables, done, total);
                    }
                    Err(VerifyError::Wrong(wrong)) => {
                        // Nobody need look at what comes after it.
                        next.store(ranges.len(), Ordering::Relaxed);
                        return Err(named(&mut tx, *wrong).await?.into());
                    }
                    Err(failed) => return Err(failed),
                }
            }
            Ok(())
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
    first.map_or(Ok(()), Err)
}
