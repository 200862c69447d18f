//! Evaluation of a filter, block by block, newest first.

use super::{
    conditions::{TokenConditions, conditions},
    memtable,
    segment::{Segment, SegmentLocation},
    size,
    states::States,
};
use crate::{Error, Store, db::Tx, sql::sql};
use domain::{
    change::Action,
    feed::{ChangeFilter, Count},
};
use std::sync::Arc;

/// Numbers of matches in the parts evaluated so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) matching: u64,
    pub(crate) all_states: u64,
    pub(crate) unreviewed: u64,
    pub(crate) flagged: u64,
    pub(crate) actions: [u64; Action::ALL.len()],
}

impl Counts {
    /// Returns whether evaluating more parts could change nothing that is shown.
    fn is_settled(&self) -> bool {
        let others = [self.matching, self.all_states, self.unreviewed, self.flagged];
        others.iter().chain(&self.actions).all(|number| is_plenty(*number))
    }
}

pub(super) fn is_plenty(number: u64) -> bool {
    number > u64::from(Count::MAX_EXACT)
}

/// A filter under evaluation.
#[derive(Debug)]
pub(crate) struct Search<'a> {
    pub(super) tx: &'a mut Tx,
    pub(super) store: Store,
    pub(super) conditions: TokenConditions,
    /// The part with the newest change comes first.
    pub(super) parts: Vec<Segment>,
    pub(super) counts: Counts,
    newest: Option<i64>,
    /// The newest version of any review state.
    version: i64,
    states: Option<Arc<States>>,
}

/// A block, joined with the newest change and the newest version of any review state. There is one
/// row without a block if there is no block yet.
#[derive(sqlx::FromRow)]
struct BlockRow {
    newest: Option<i64>,
    version: i64,
    id: Option<i64>,
    level: Option<i64>,
    number: Option<i64>,
    first_day: Option<String>,
    last_day: Option<String>,
}

impl<'a> Search<'a> {
    /// Begins a search, without evaluating any part yet.
    pub(crate) async fn begin(
        store: &Store,
        tx: &'a mut Tx,
        filter: &ChangeFilter,
    ) -> Result<Self, Error> {
        let text = "select n.newest, n.version, b.id, b.level, b.number, b.first_day, b.last_day \
             from (select (select max(id) from changes) as newest, \
             (select coalesce(max(version), 0) from review_states) as version) as n \
             left join index_blocks as b on true";
        let blocks: Vec<BlockRow> = sql(text).all(&mut *tx).await?;
        let newest = blocks.first().and_then(|row| row.newest);
        let version = blocks.first().map_or(0, |row| row.version);
        let mut parts = Vec::with_capacity(blocks.len() + 1);
        let mut ends = 0;
        for BlockRow { id, level, number, first_day, last_day, .. } in blocks {
            let (Some(id), Some(level), Some(number)) = (id, level, number) else { continue };
            let (Some(first_day), Some(last_day)) = (first_day, last_day) else { continue };
            let size = size(u32::try_from(level).unwrap_or_default());
            let first = number << size;
            ends = ends.max(first + (1 << size));
            parts.push(Segment {
                place: SegmentLocation::Block { id, first, len: 1 << size },
                first,
                last: first + (1 << size) - 1,
                days: (first_day, last_day),
                found: None,
            });
        }
        if let Some(newest) = newest.filter(|newest| *newest >= ends) {
            let open = memtable::view(store, tx, ends, newest).await?;
            if let Some(days) = open.days() {
                let place = SegmentLocation::Open(open);
                parts.push(Segment { place, first: ends, last: newest, days, found: None });
            }
        }
        parts.sort_by_key(|part| std::cmp::Reverse(part.last));
        let conditions = conditions(tx, filter).await?;
        let (store, counts) = (store.clone(), Counts::default());
        Ok(Self { tx, store, conditions, parts, counts, newest, version, states: None })
    }

    /// Returns the review states of all changes.
    pub(super) async fn states(&mut self) -> Result<Arc<States>, Error> {
        if let Some(states) = &self.states {
            return Ok(states.clone());
        }
        let states = States::all(&self.store.index().states, self.tx, self.version).await?;
        self.states = Some(states.clone());
        Ok(states)
    }

    /// Returns the transaction it reads in.
    pub(crate) fn tx(&mut self) -> &mut Tx {
        self.tx
    }

    /// Returns the newest change of all, whether it matches or not.
    pub(crate) const fn newest_of_all(&self) -> Option<i64> {
        self.newest
    }

    /// Counts matches, newest first, until each number is exact or above `Count::MOST`, beyond
    /// which no exact number is shown.
    pub(crate) async fn count(&mut self) -> Result<Counts, Error> {
        let mut batch = 1;
        while !self.counts.is_settled() {
            let next = self.next_parts(&mut batch, i64::MAX);
            if next.is_empty() {
                break;
            }
            self.look_at(&next, true).await?;
        }
        Ok(self.counts.clone())
    }

    /// Counts the matches and nothing else: exactly, or until there are more than `Count::MOST`.
    pub(crate) async fn count_matching(&mut self, exactly: bool) -> Result<u64, Error> {
        let mut batch = 1;
        loop {
            let found = self.parts.iter().filter_map(|part| part.found.as_ref());
            let number = found.map(|found| found.matching.count()).sum();
            let next = self.next_parts(&mut batch, i64::MAX);
            if next.is_empty() || (!exactly && is_plenty(number)) {
                return Ok(number);
            }
            self.look_at(&next, false).await?;
        }
    }

    /// Evaluates all parts.
    pub(crate) async fn look_at_all(&mut self) -> Result<(), Error> {
        let all: Vec<usize> = (0..self.parts.len()).collect();
        self.look_at(&all, false).await
    }

    /// Evaluates the parts that may hold changes from `first` up to `last`.
    pub(crate) async fn look_between(&mut self, first: i64, last: i64) -> Result<(), Error> {
        let overlaps = |part: &Segment| part.first <= last && part.last >= first;
        let these: Vec<usize> =
            (0..self.parts.len()).filter(|index| overlaps(&self.parts[*index])).collect();
        self.look_at(&these, false).await
    }

    /// Returns the newest matches below an id that were not returned yet, at most `most`.
    pub(crate) async fn newest(&mut self, below: i64, most: usize) -> Result<Vec<i64>, Error> {
        let mut batch = 1;
        loop {
            // Newest id below `below` in any part that was not evaluated yet.
            let unseen =
                self.parts.iter().filter(|part| part.found.is_none() && part.first < below);
            let unseen = unseen.map(|part| part.last.min(below - 1)).max();
            let mut ids = Vec::new();
            for part in &self.parts {
                if ids.len() >= most && ids.iter().all(|id| *id > part.last) {
                    break;
                }
                if let Some(found) = &part.found {
                    ids.extend(part.newest(&found.rest, below).take(most));
                }
            }
            ids.sort_unstable_by(|a, b| b.cmp(a));
            ids.truncate(most);
            let certain = ids.iter().take_while(|id| unseen.is_none_or(|unseen| **id > unseen));
            let certain = certain.count();
            if certain == most || unseen.is_none() {
                return Ok(ids);
            }
            let next = self.next_parts(&mut batch, below);
            self.look_at(&next, false).await?;
        }
    }

    /// Returns all matches up to an id, newest first.
    pub(crate) async fn all(&mut self, newest: i64) -> Result<Vec<i64>, Error> {
        self.look_between(i64::MIN, newest).await?;
        let below = newest.saturating_add(1);
        let mut ids: Vec<i64> = Vec::new();
        for part in &self.parts {
            if let Some(found) = &part.found {
                ids.extend(part.newest(&found.matching, below));
            }
        }
        ids.sort_unstable_by(|a, b| b.cmp(a));
        Ok(ids)
    }

    /// Returns the number of matches after an id.
    pub(crate) async fn count_after(&mut self, id: i64) -> Result<u64, Error> {
        self.look_between(id.saturating_add(1), i64::MAX).await?;
        let mut number = 0;
        for part in &self.parts {
            if let Some(found) = &part.found {
                let later = part.newest(&found.matching, i64::MAX).take_while(|it| *it > id);
                number += later.count() as u64;
            }
        }
        Ok(number)
    }

    /// Returns the parts to evaluate next: first the small ones and the newest, then four times as
    /// many each time.
    fn next_parts(&self, batch: &mut usize, below: i64) -> Vec<usize> {
        let mut large = 0;
        let mut next = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            if part.found.is_some() || part.first >= below {
                continue;
            }
            if part.is_large() {
                large += 1;
            }
            if large > *batch {
                break;
            }
            next.push(index);
        }
        *batch *= 4;
        next
    }

    /// Returns the parts with a match, among those evaluated so far.
    pub(super) fn matched_parts(&self) -> Vec<usize> {
        let hits =
            |part: &Segment| part.found.as_ref().is_some_and(|found| !found.matching.is_empty());
        (0..self.parts.len()).filter(|index| hits(&self.parts[*index])).collect()
    }
}
