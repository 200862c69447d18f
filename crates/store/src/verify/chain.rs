//! Verification of the hash chains. One pass over the changes finds the first that does not follow
//! on from its predecessor.

use super::{
    VerifyError,
    raw::{self, Raw},
};
use crate::{
    chain::{ChainLink, Hash},
    db::Tx,
};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Number of changes read at once.
const AT_ONCE: usize = 1_000;

/// A leaf of the tree that checkpoints cover: a change's id, its hash, and its time in microseconds
/// of UTC.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaf {
    pub(super) id: i64,
    pub(super) hash: Hash,
    pub(super) at: i64,
}

/// A change that does not follow on from its predecessor, with the inspection that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Suspect {
    pub(super) change: i64,
    pub(super) inspection: i64,
}

/// Result of reading the changes of a range of ids.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    /// The leaves, in the order of the ids.
    leaves: Vec<Leaf>,
    /// The id and the link of the last change of each inspection in the range.
    last: HashMap<i64, (i64, ChainLink)>,
    /// The first change in the range of each inspection that began before it, because its
    /// predecessor is unknown here.
    joints: Vec<Raw>,
    /// The first change that does not follow on.
    suspect: Option<Suspect>,
}

/// All changes, verified to follow on from each other.
pub(super) struct Record {
    /// The leaves, in the order of the ids.
    pub(super) leaves: Vec<Leaf>,
    /// The id and the link of the last change of each inspection.
    pub(super) last: BTreeMap<i64, (i64, ChainLink)>,
}

/// Reads the changes with ids from the first to the second, and checks that they follow on.
pub(super) async fn stretch(
    tx: &mut Tx,
    (from, to): (i64, i64),
    users: &HashSet<i64>,
    mut count: impl FnMut(u64),
) -> Result<Stretch, VerifyError> {
    let mut stretch = Stretch::default();
    let rest = format!("from changes where id >= $1 and id <= $2 order by id limit {AT_ONCE}");
    let mut next = Some(from);
    while let Some(first) = next {
        let raws = raw::read(tx, &rest, [first, to]).await?;
        // If the last id occurs twice, its other changes are skipped here. The later count detects
        // that.
        next = match raws.last() {
            Some(last) if raws.len() >= AT_ONCE => last.id.checked_add(1),
            _ => None,
        };
        count(raws.len() as u64);
        for raw in raws {
            stretch.add(raw, from, users);
        }
    }
    Ok(stretch)
}

impl Stretch {
    /// Adds the next change of a range of ids that begins with `from`.
    fn add(&mut self, raw: Raw, from: i64, users: &HashSet<i64>) {
        let is_twin = self.leaves.last().is_some_and(|before| before.id == raw.id);
        let before = self.last.insert(raw.inspection_id, (raw.id, raw.link()));
        self.leaves.push(Leaf { id: raw.id, hash: raw.hash, at: raw.created_at });
        if before.is_none() && raw.inspection_id < from && !is_twin {
            self.joints.push(raw);
            return;
        }
        let follows = || raw.follows(before.map(|(_, link)| link), users);
        if self.suspect.is_none() && (is_twin || !follows()) {
            self.suspect = Some(raw.suspect());
        }
    }
}

impl Raw {
    fn suspect(&self) -> Suspect {
        Suspect { change: self.id, inspection: self.inspection_id }
    }
}

/// Merges the results of consecutive ranges. The error is the first change that does not follow on.
pub(super) fn merge(stretches: Vec<Stretch>, users: &HashSet<i64>) -> Result<Record, Suspect> {
    let mut record = Record { leaves: Vec::new(), last: BTreeMap::new() };
    let mut suspects = Vec::new();
    for stretch in stretches {
        for raw in &stretch.joints {
            let before = record.last.get(&raw.inspection_id).map(|(_, link)| *link);
            if !raw.follows(before, users) {
                suspects.push(raw.suspect());
            }
        }
        suspects.extend(stretch.suspect);
        record.leaves.extend(stretch.leaves);
        record.last.extend(stretch.last);
    }
    suspects.into_iter().min().map_or(Ok(record), Err)
}
