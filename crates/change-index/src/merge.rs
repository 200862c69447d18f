//! Building of segments, and the merge policy.

use crate::{
    IndexError, IndexedChange, PostingsPage, SegmentKey, StoredSegment,
    bitmap::{decode, encode},
    segment_key::HIGHEST,
};
use std::collections::{BTreeMap, BTreeSet};

/// Returns the largest segment that is not stored yet and whose ids are all below `next`, the next
/// id that a change can get; `None` if there is none.
pub fn next_segment(stored: &[StoredSegment], next: i64) -> Option<SegmentKey> {
    let open = StoredSegment::end_of(stored);
    (0..=HIGHEST).rev().find_map(|level| {
        let size = SegmentKey::size(level);
        let mut new: BTreeSet<i64> = (open >> size..next >> size).collect();
        let lower = stored.iter().filter(|segment| segment.key.level() < i64::from(level));
        new.extend(lower.map(|segment| segment.key.first() >> size));
        let mut keys = new.into_iter().map(|number| SegmentKey::of_level(level, number));
        keys.find(|key| key.end() <= next)
    })
}

impl StoredSegment {
    /// Returns the id after the last segment. Changes from this id on are in no segment.
    pub fn end_of(stored: &[Self]) -> i64 {
        stored.iter().map(|segment| segment.key.end()).max().unwrap_or(0)
    }
}

/// A segment to be stored.
#[derive(Debug)]
pub struct NewSegment {
    /// Level and number.
    pub key: SegmentKey,
    /// First day of its changes: see [`StoredSegment::first_day`].
    pub first_day: String,
    /// Last day of its changes.
    pub last_day: String,
    /// Its posting lists.
    pub pages: Vec<PostingsPage>,
}

/// Builder of a segment from changes and from the smaller segments that it replaces.
#[derive(Debug)]
pub struct SegmentBuilder {
    key: SegmentKey,
    days: BTreeSet<String>,
    /// Positions after the first id, by token.
    postings: BTreeMap<String, Vec<u16>>,
}

impl SegmentBuilder {
    /// Returns a builder without changes.
    pub const fn new(key: SegmentKey) -> Self {
        Self { key, days: BTreeSet::new(), postings: BTreeMap::new() }
    }

    /// Adds a change. Changes outside the segment are ignored.
    pub fn add(&mut self, change: IndexedChange) {
        let ids = self.key.first()..self.key.end();
        let position = u16::try_from(change.id - ids.start);
        let Some(position) = position.ok().filter(|_| ids.contains(&change.id)) else { return };
        self.days.insert(change.day.to_string());
        for token in change.tokens {
            self.postings.entry(token).or_default().push(position);
        }
    }

    /// Adds the posting lists of a smaller segment.
    ///
    /// # Errors
    /// [`IndexError::Page`] if a page is malformed.
    pub fn merge(
        &mut self,
        part: &StoredSegment,
        pages: impl IntoIterator<Item = PostingsPage>,
    ) -> Result<(), IndexError> {
        self.days.extend([part.first_day.clone(), part.last_day.clone()]);
        let offset = u32::try_from(part.key.first() - self.key.first()).unwrap_or_default();
        for page in pages {
            page.each(part.id, |token, positions| {
                let positions = decode(part.key.len(), offset, positions)?;
                let positions =
                    positions.iter().filter_map(|position| u16::try_from(position).ok());
                self.postings.entry(token.to_owned()).or_default().extend(positions);
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Returns the segment.
    ///
    /// # Errors
    /// [`IndexError::Encode`].
    pub fn finish(mut self) -> Result<NewSegment, IndexError> {
        // A segment whose ids were never given to a change has no days.
        self.days.remove("");
        let first_day = self.days.pop_first().unwrap_or_default();
        let last_day = self.days.pop_last().unwrap_or_else(|| first_day.clone());
        let encoded = self.postings.into_iter().map(|(token, mut positions)| {
            positions.sort_unstable();
            positions.dedup();
            (token, encode(self.key.len(), &positions))
        });
        let pages = PostingsPage::pack(&encoded.collect())?;
        Ok(NewSegment { key: self.key, first_day, last_day, pages })
    }
}
