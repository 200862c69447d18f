//! Postings in memory of the changes after the last segment (a memtable). They grow as more changes
//! are recorded.

use crate::{bitmap::Bitmap, tokens::TokenQuery};
use chrono::NaiveDate;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError, RwLock},
};

/// A change with its tokens, as it is indexed.
#[derive(Clone, Debug)]
pub struct IndexedChange {
    /// Id.
    pub id: i64,
    /// Its day, UTC.
    pub day: NaiveDate,
    /// Its tokens: see [`tokens::of`](crate::tokens::of).
    pub tokens: BTreeSet<String>,
}

/// Postings of the changes from an id on. It is append-only.
#[derive(Debug)]
struct Memtable {
    from: i64,
    /// In ascending order.
    ids: Vec<i64>,
    days: Vec<NaiveDate>,
    /// Positions in `ids` of the changes that have a token, in ascending order.
    postings: BTreeMap<String, Vec<u32>>,
}

impl Memtable {
    /// Returns the first id that it may not contain yet.
    fn next(&self) -> i64 {
        self.ids.last().map_or(self.from, |last| last + 1)
    }

    /// Appends changes. Those that another reader has added meanwhile are skipped.
    fn extend(&mut self, changes: Vec<IndexedChange>) {
        let next = self.next();
        let new = changes.into_iter().filter(|change| change.id >= next);
        for (position, IndexedChange { id, day, tokens }) in (self.len()..).zip(new) {
            for token in tokens {
                self.postings.entry(token).or_default().push(position);
            }
            self.ids.push(id);
            self.days.push(day);
        }
    }

    fn len(&self) -> u32 {
        u32::try_from(self.ids.len()).unwrap_or(u32::MAX)
    }
}

/// A memtable, shared by the searches of this process.
#[derive(Clone, Debug)]
pub(crate) struct SharedMemtable(Arc<RwLock<Memtable>>);

impl SharedMemtable {
    /// Returns an empty memtable for the changes from an id on.
    pub(crate) fn new(from: i64) -> Self {
        let (ids, days, postings) = Default::default();
        Self(Arc::new(RwLock::new(Memtable { from, ids, days, postings })))
    }

    /// Returns the id from which on it has changes.
    pub(crate) fn from(&self) -> i64 {
        self.read(|memtable| memtable.from)
    }

    /// Returns the first id that it may not contain yet.
    pub(crate) fn next(&self) -> i64 {
        self.read(Memtable::next)
    }

    /// Appends changes: those from [`next`](Self::next) on, in ascending order.
    pub(crate) fn extend(&self, changes: Vec<IndexedChange>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).extend(changes);
    }

    /// Returns its changes up to the newest one that a transaction sees.
    pub(crate) fn view(&self, newest: i64) -> MemtableView {
        let ids = self.read(|memtable| {
            let end = memtable.ids.partition_point(|id| *id <= newest);
            memtable.ids[..end].to_vec()
        });
        MemtableView { memtable: self.clone(), ids }
    }

    fn read<T>(&self, read: impl FnOnce(&Memtable) -> T) -> T {
        read(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The changes of a memtable that one transaction sees. Other transactions may have added newer
/// ones.
#[derive(Debug)]
pub(crate) struct MemtableView {
    memtable: SharedMemtable,
    /// In ascending order.
    pub(crate) ids: Vec<i64>,
}

impl MemtableView {
    /// Returns the first and the last day of any of them, in stored form; `None` if there are none.
    pub(crate) fn days(&self) -> Option<(String, String)> {
        self.memtable.read(|memtable| {
            let days = &memtable.days[..self.ids.len()];
            Some((days.iter().min()?.to_string(), days.iter().max()?.to_string()))
        })
    }

    /// Returns the positions of those that have one of the tokens asked for.
    pub(crate) fn matching(&self, query: &TokenQuery) -> Bitmap {
        self.memtable.read(|memtable| match query.range() {
            None => {
                let positions = memtable.postings.get(query.first());
                positions.map_or_else(Bitmap::new, |positions| self.seen(positions))
            }
            Some((first, end)) => {
                let within = memtable.postings.range(first.to_owned()..end.to_owned());
                within.fold(Bitmap::new(), |bits, (_, positions)| bits | self.seen(positions))
            }
        })
    }

    /// Returns each of the tokens asked for that any of them has, with their positions.
    pub(crate) fn each(&self, query: &TokenQuery) -> Vec<(String, Bitmap)> {
        let Some((first, end)) = query.range() else {
            return vec![(query.first().to_owned(), self.matching(query))];
        };
        self.memtable.read(|memtable| {
            let within = memtable.postings.range(first.to_owned()..end.to_owned());
            let lists = within.map(|(token, positions)| (token.clone(), self.seen(positions)));
            lists.filter(|(_, positions)| !positions.is_empty()).collect()
        })
    }

    /// Returns those of these positions that the transaction sees.
    fn seen(&self, positions: &[u32]) -> Bitmap {
        let end = positions.partition_point(|position| (*position as usize) < self.ids.len());
        // The positions ascend, so none is refused.
        Bitmap::from_sorted_iter(positions[..end].iter().copied()).unwrap_or_default()
    }
}
