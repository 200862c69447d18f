//! A part of the changes that is searched as one: a run of stored segments, or the memtable.

use crate::{
    ReviewStates,
    bitmap::{Bitmap, POSITIONS},
    memtable::MemtableView,
    postings::Postings,
    segment_key::{SegmentRun, position},
    tokens::TokenQuery,
};
use domain::feed::ReviewState;
use std::borrow::Cow;

/// Location of the changes of a segment.
#[derive(Debug)]
enum Location {
    /// In stored segments.
    Stored(SegmentRun),
    /// In no stored segment yet.
    Memtable(MemtableView),
}

/// A part of the changes that is searched as one. A position in stored segments is an id less their
/// origin; a position in the memtable is one in its list of ids.
#[derive(Debug)]
pub(crate) struct Segment {
    location: Location,
    /// Its first id.
    pub(crate) first: i64,
    /// Its last id.
    pub(crate) last: i64,
    pub(crate) first_day: String,
    pub(crate) last_day: String,
}

impl Segment {
    pub(crate) fn stored(run: SegmentRun) -> Self {
        let ((first, end), (first_day, last_day)) = (run.key(), run.days());
        Self { location: Location::Stored(run), first, last: end - 1, first_day, last_day }
    }

    /// Returns the memtable, whose changes are those from `first` up to `last`, as a segment; `None`
    /// if it is empty.
    pub(crate) fn memtable(view: MemtableView, first: i64, last: i64) -> Option<Self> {
        let (first_day, last_day) = view.days()?;
        Some(Self { location: Location::Memtable(view), first, last, first_day, last_day })
    }

    /// Returns the stored segments; `None` of the memtable.
    pub(crate) const fn run(&self) -> Option<&SegmentRun> {
        match &self.location {
            Location::Stored(run) => Some(run),
            Location::Memtable(_) => None,
        }
    }

    pub(crate) fn is_large(&self) -> bool {
        self.run().is_some_and(SegmentRun::is_large)
    }

    /// Returns whether it may have changes from `first` up to `last`.
    pub(crate) const fn overlaps(&self, first: i64, last: i64) -> bool {
        self.first <= last && self.last >= first
    }

    /// Returns the changes that have one of the tokens asked for.
    pub(crate) fn matching<'p>(
        &self,
        postings: &'p Postings,
        query: &TokenQuery,
    ) -> Cow<'p, Bitmap> {
        match &self.location {
            Location::Stored(run) => match postings.lists(run.key(), query) {
                [(_, positions)] => Cow::Borrowed(positions),
                lists => {
                    let lists = lists.iter().map(|(_, positions)| positions);
                    Cow::Owned(lists.fold(Bitmap::new(), |bits, positions| bits | positions))
                }
            },
            Location::Memtable(view) => Cow::Owned(view.matching(query)),
        }
    }

    /// Returns each of the tokens asked for, with the changes that have it.
    pub(crate) fn each<'p>(
        &self,
        postings: &'p Postings,
        query: &TokenQuery,
    ) -> Cow<'p, [(String, Bitmap)]> {
        match &self.location {
            Location::Stored(run) => Cow::Borrowed(postings.lists(run.key(), query)),
            Location::Memtable(view) => Cow::Owned(view.each(query)),
        }
    }

    /// Returns the positions of those ids that are in this segment. `ids` are in ascending order.
    pub(crate) fn of(&self, ids: &[i64]) -> Bitmap {
        match &self.location {
            Location::Stored(_) => {
                let from = ids.partition_point(|id| *id < self.first);
                let found = ids[from..].iter().take_while(|id| **id <= self.last);
                found.map(|id| position(*id)).collect()
            }
            Location::Memtable(view) => {
                let found = (0..).zip(&view.ids).filter(|(_, id)| ids.binary_search(id).is_ok());
                found.map(|(position, _)| position).collect()
            }
        }
    }

    pub(crate) fn id_at(&self, position: u32) -> i64 {
        match &self.location {
            Location::Stored(run) => run.origin() + i64::from(position),
            Location::Memtable(view) => {
                view.ids.get(position as usize).copied().unwrap_or(i64::MIN)
            }
        }
    }

    /// Returns the position of an id; `None` if it is not in this segment.
    pub(crate) fn position_of(&self, id: i64) -> Option<u32> {
        match &self.location {
            Location::Stored(_) => self.overlaps(id, id).then(|| position(id)),
            Location::Memtable(view) => view.ids.binary_search(&id).ok()?.try_into().ok(),
        }
    }

    /// Returns the positions of the ids from `first` up to `last`.
    pub(crate) fn mask(&self, first: i64, last: i64) -> Bitmap {
        let mut bits = Bitmap::new();
        match &self.location {
            Location::Stored(_) => {
                if self.overlaps(first, last) {
                    let (first, last) = (first.max(self.first), last.min(self.last));
                    bits.insert_range(position(first)..=position(last));
                }
            }
            Location::Memtable(view) => {
                let below = |id: i64| below(&view.ids, id);
                bits.insert_range(below(first)..below(last.saturating_add(1)));
            }
        }
        bits
    }

    /// Iterates over the ids below `below` at these positions, newest first.
    pub(crate) fn newest<'b>(
        &'b self,
        bits: &'b Bitmap,
        below: i64,
    ) -> impl Iterator<Item = i64> + Send + 'b {
        let end = match &self.location {
            Location::Stored(run) => {
                let end = below.saturating_sub(run.origin()).clamp(0, i64::from(POSITIONS));
                u32::try_from(end).unwrap_or_default()
            }
            Location::Memtable(view) => self::below(&view.ids, below),
        };
        bits.range(..end).rev().map(|position| self.id_at(position))
    }

    /// Splits changes into the unreviewed, the reviewed and the flagged.
    pub(crate) fn states(&self, states: &ReviewStates, all: &Bitmap) -> [Bitmap; 3] {
        let [reviewed, flagged] = match &self.location {
            Location::Stored(run) => match states.of_origin(run.origin()) {
                Some([reviewed, flagged]) => [all & reviewed, all & flagged],
                None => Default::default(),
            },
            Location::Memtable(view) => {
                let mut found = [Bitmap::new(), Bitmap::new()];
                for (position, id) in (0..).zip(&view.ids) {
                    match states.of(*id) {
                        ReviewState::Unreviewed => {}
                        ReviewState::Reviewed => {
                            found[0].insert(position);
                        }
                        ReviewState::Flagged => {
                            found[1].insert(position);
                        }
                    }
                }
                found
            }
        };
        let mut unreviewed = all - &reviewed;
        unreviewed -= &flagged;
        [unreviewed, reviewed, flagged]
    }
}

/// Returns the number of ids below one. `ids` are in ascending order.
fn below(ids: &[i64], id: i64) -> u32 {
    let number = ids.partition_point(|other| *other < id);
    u32::try_from(number).unwrap_or(u32::MAX)
}
