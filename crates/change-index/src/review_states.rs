//! Review states of changes, as bitmaps of the reviewed and the flagged ones.

use crate::{
    IndexError,
    bitmap::{Bitmap, decode, encode},
    segment_key::{LOWEST_SIZE, SegmentKey, position},
};
use domain::{feed::ReviewState, id::ChangeId};
use std::collections::BTreeMap;

/// Stored review states of the 4,096 ids from `number` × 4,096 on, each bitmap in stored form.
#[derive(Clone, Debug)]
pub struct ReviewStatesRow {
    /// Number of the row.
    pub number: i64,
    /// The reviewed changes.
    pub reviewed: Vec<u8>,
    /// The flagged changes.
    pub flagged: Vec<u8>,
}

/// Reviewed and flagged changes.
#[derive(Clone, Debug, Default)]
pub struct ReviewStates {
    /// The reviewed and the flagged positions, by the id at position 0.
    groups: BTreeMap<i64, [Bitmap; 2]>,
}

impl ReviewStates {
    /// Adds stored rows. They replace what was known of their ids.
    ///
    /// # Errors
    /// [`IndexError::ReviewStates`] if a row is malformed.
    pub fn extend(&mut self, rows: Vec<ReviewStatesRow>) -> Result<(), IndexError> {
        for ReviewStatesRow { number, reviewed, flagged } in rows {
            let key = SegmentKey::of_level(0, number);
            let group = self.groups.entry(key.origin()).or_default();
            for (bits, bytes) in group.iter_mut().zip([reviewed, flagged]) {
                let malformed = |problem| IndexError::ReviewStates { number, problem };
                let read = decode(key.len(), key.offset(), &bytes).map_err(malformed)?;
                bits.remove_range(key.offset()..key.offset() + key.len());
                *bits |= read;
            }
        }
        Ok(())
    }

    /// Sets the state of a change.
    pub fn set(&mut self, id: ChangeId, state: ReviewState) {
        let origin = SegmentKey::of_level(0, Self::row_number(id)).origin();
        let [reviewed, flagged] = self.groups.entry(origin).or_default();
        let is = [(reviewed, ReviewState::Reviewed), (flagged, ReviewState::Flagged)];
        for (bits, of_bits) in is {
            if state == of_bits {
                bits.insert(position(id.0));
            } else {
                bits.remove(position(id.0));
            }
        }
    }

    /// Returns the number of the stored row that contains a change.
    pub const fn row_number(id: ChangeId) -> i64 {
        id.0 >> LOWEST_SIZE
    }

    /// Returns the stored row with this number.
    pub fn row(&self, number: i64) -> ReviewStatesRow {
        let key = SegmentKey::of_level(0, number);
        let stored = |bits: &Bitmap| {
            let within = bits.range(key.offset()..key.offset() + key.len());
            let positions: Vec<u16> =
                within.filter_map(|position| (position - key.offset()).try_into().ok()).collect();
            encode(key.len(), &positions)
        };
        let group = self.groups.get(&key.origin());
        let [reviewed, flagged] =
            group.map(|group| group.each_ref().map(stored)).unwrap_or_default();
        ReviewStatesRow { number, reviewed, flagged }
    }

    /// Returns the review state of a change.
    pub(crate) fn of(&self, id: i64) -> ReviewState {
        let key = SegmentKey::of_level(0, id >> LOWEST_SIZE);
        match self.groups.get(&key.origin()) {
            Some([_, flagged]) if flagged.contains(position(id)) => ReviewState::Flagged,
            Some([reviewed, _]) if reviewed.contains(position(id)) => ReviewState::Reviewed,
            _ => ReviewState::Unreviewed,
        }
    }

    /// Returns the reviewed and the flagged positions of the segments with this origin; `None` if
    /// there are none.
    pub(crate) fn of_origin(&self, origin: i64) -> Option<&[Bitmap; 2]> {
        self.groups.get(&origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_replaces_the_states_of_its_ids() {
        let mut states = ReviewStates::default();
        let (first, second, other) = (ChangeId(70_000), ChangeId(70_001), ChangeId(66_000));
        states.set(first, ReviewState::Reviewed);
        states.set(other, ReviewState::Flagged);
        let mut later = ReviewStates::default();
        later.set(second, ReviewState::Flagged);
        states.extend(vec![later.row(ReviewStates::row_number(second))]).unwrap();
        assert_eq!(states.of(first.0), ReviewState::Unreviewed);
        assert_eq!(states.of(second.0), ReviewState::Flagged);
        assert_eq!(states.of(other.0), ReviewState::Flagged, "it is in another row");
        states.set(second, ReviewState::Reviewed);
        assert_eq!(states.of(second.0), ReviewState::Reviewed);
    }

    #[test]
    fn a_malformed_row_is_an_error_that_names_it() {
        let row = ReviewStatesRow { number: 2, reviewed: vec![1, 2, 3], flagged: Vec::new() };
        let error = ReviewStates::default().extend(vec![row]).unwrap_err();
        assert!(error.to_string().starts_with("row 2 of the review states"));
    }
}
