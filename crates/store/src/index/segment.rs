//! A part of the changes that is evaluated as one: a block of the index, or all open changes.

use super::{
    bitmap::Bits, memtable::View, postings::Postings, size, states::States, tokens::TokenQuery,
};
use domain::feed::ReviewState;

/// Location of the changes of a part.
#[derive(Debug)]
pub(super) enum SegmentLocation {
    /// In a block of the index: `len` consecutive ids from `first` on.
    Block { id: i64, first: i64, len: usize },
    /// In no block yet.
    Open(View),
}

/// A part of the changes.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) place: SegmentLocation,
    /// Its first id.
    pub(super) first: i64,
    /// Its last id.
    pub(super) last: i64,
    pub(super) days: (String, String),
    pub(super) found: Option<Matches>,
}

/// Result of evaluating a filter over a part.
#[derive(Clone, Debug)]
pub(super) struct Matches {
    /// All changes of the part.
    pub(super) all: Bits,
    pub(super) matching: Bits,
    /// Matches that were not returned yet.
    pub(super) rest: Bits,
}

impl Segment {
    pub(super) fn len(&self) -> usize {
        match &self.place {
            SegmentLocation::Block { len, .. } => *len,
            SegmentLocation::Open(open) => open.ids.len(),
        }
    }

    pub(super) fn is_large(&self) -> bool {
        matches!(self.place, SegmentLocation::Block { len, .. } if len == 1 << size(super::HIGHEST))
    }

    /// Returns the changes that have one of the tokens asked for.
    pub(super) fn with(&self, postings: &Postings, asked: &TokenQuery) -> Bits {
        match &self.place {
            SegmentLocation::Block { first, len, .. } => {
                let mut bits = Bits::none(*len);
                let places = postings.get(&(*first, *len)).and_then(|it| it.get(asked));
                for (_, places) in places.iter().flat_map(|places| places.iter()) {
                    bits.or_bytes(places);
                }
                bits
            }
            SegmentLocation::Open(open) => open.with(asked),
        }
    }

    /// Returns each of the tokens asked for, with the changes that have it.
    pub(super) fn each(&self, postings: &Postings, asked: &TokenQuery) -> Vec<(String, Bits)> {
        match &self.place {
            SegmentLocation::Block { first, len, .. } => {
                let places = postings.get(&(*first, *len)).and_then(|it| it.get(asked));
                let places = places.iter().flat_map(|places| places.iter());
                let of_token = |(token, places): &(String, Vec<u8>)| {
                    let mut bits = Bits::none(*len);
                    bits.or_bytes(places);
                    (token.clone(), bits)
                };
                places.map(of_token).collect()
            }
            SegmentLocation::Open(open) => {
                let with = |token: String| (token.clone(), open.with(&TokenQuery::One(token)));
                open.tokens(asked).into_iter().map(with).collect()
            }
        }
    }

    /// Returns the positions of those ids that are in this part. `ids` are in ascending order.
    pub(super) fn of(&self, ids: &[i64]) -> Bits {
        let mut bits = Bits::none(self.len());
        match &self.place {
            SegmentLocation::Block { first, .. } => {
                let from = ids.partition_point(|id| id < first);
                let here = ids[from..].iter().take_while(|id| **id <= self.last);
                here.filter_map(|id| usize::try_from(id - first).ok())
                    .for_each(|place| bits.set(place));
            }
            SegmentLocation::Open(open) => {
                for (place, id) in open.ids.iter().enumerate() {
                    if ids.binary_search(id).is_ok() {
                        bits.set(place);
                    }
                }
            }
        }
        bits
    }

    pub(super) fn id_at(&self, place: usize) -> i64 {
        match &self.place {
            SegmentLocation::Block { first, .. } => {
                first + i64::try_from(place).unwrap_or_default()
            }
            SegmentLocation::Open(open) => open.ids.get(place).copied().unwrap_or(i64::MIN),
        }
    }

    /// Returns the position of an id. In a block, it may be past the end.
    pub(super) fn place_of(&self, id: i64) -> Option<usize> {
        match &self.place {
            SegmentLocation::Block { first, .. } => usize::try_from(id - first).ok(),
            SegmentLocation::Open(open) => open.ids.binary_search(&id).ok(),
        }
    }

    /// Returns the positions of the ids from `first` up to `last`.
    pub(super) fn mask(&self, first: i64, last: i64) -> Bits {
        let mut bits = Bits::none(self.len());
        let place = |id: i64, from: i64| usize::try_from(id.saturating_sub(from)).unwrap_or(0);
        match &self.place {
            SegmentLocation::Block { first: from, .. } => {
                bits.set_range(place(first, *from), place(last.saturating_add(1), *from));
            }
            SegmentLocation::Open(open) => {
                let from = open.ids.partition_point(|id| *id < first);
                let to = open.ids.partition_point(|id| *id <= last);
                bits.set_range(from, to);
            }
        }
        bits
    }

    /// Iterates over the ids below `below` at these positions, newest first.
    pub(super) fn newest<'b>(
        &'b self,
        bits: &'b Bits,
        below: i64,
    ) -> Box<dyn Iterator<Item = i64> + Send + 'b> {
        match &self.place {
            SegmentLocation::Block { first, .. } => {
                let end = usize::try_from(below.saturating_sub(*first)).unwrap_or(0);
                let first = *first;
                let id = move |place| first + i64::try_from(place).unwrap_or_default();
                Box::new(bits.descending(end).map(id))
            }
            SegmentLocation::Open(open) => {
                let end = open.ids.partition_point(|id| *id < below);
                Box::new(bits.descending(end).map(|place| open.ids[place]))
            }
        }
    }

    /// Splits changes into the unreviewed, the reviewed and the flagged.
    pub(super) fn states(&self, states: &States, all: &Bits) -> [Bits; 3] {
        let [reviewed, flagged] = match &self.place {
            SegmentLocation::Block { first, len, .. } => states.within(*first, *len),
            SegmentLocation::Open(open) => {
                let mut found = [Bits::none(open.ids.len()), Bits::none(open.ids.len())];
                for (place, id) in open.ids.iter().enumerate() {
                    match states.of(*id) {
                        ReviewState::Unreviewed => {}
                        ReviewState::Reviewed => found[0].set(place),
                        ReviewState::Flagged => found[1].set(place),
                    }
                }
                found
            }
        };
        let mut unreviewed = all.clone();
        unreviewed.and_not(&reviewed);
        unreviewed.and_not(&flagged);
        [unreviewed, reviewed, flagged]
    }
}
