//! Groups of changes, such as those of an entry, whether they match or not.

use super::{bitmap::Bits, search::Search, tokens::TokenQuery};
use crate::Error;

/// A group of changes, as bitmaps by part.
pub(crate) type Members = Vec<(usize, Bits)>;

impl Search<'_> {
    /// Returns whether there are exactly `number` changes from `first` up to `last`. The parts in
    /// between must have been evaluated before.
    pub(crate) fn are_neighbours(&self, first: i64, last: i64, number: u64) -> bool {
        let between = self.members_between(first, last);
        let between = between.iter().filter_map(|(index, bits)| {
            Some(self.parts[*index].found.as_ref()?.all.count_and(bits))
        });
        between.sum::<u64>() == number
    }

    /// Returns the changes from `first` up to `last`.
    pub(crate) fn members_between(&self, first: i64, last: i64) -> Members {
        let parts = self.parts.iter().enumerate();
        let overlapping = parts.filter(|(_, part)| part.first <= last && part.last >= first);
        overlapping.map(|(index, part)| (index, part.mask(first, last))).collect()
    }

    /// Returns the changes with these ids.
    pub(crate) fn members(&self, ids: &[i64]) -> Members {
        let parts = self.parts.iter().enumerate();
        let members = parts.map(|(index, part)| (index, part.of(ids)));
        members.filter(|(_, bits)| !bits.is_empty()).collect()
    }

    /// Returns, for each token, the changes that have it.
    pub(crate) async fn members_with(
        &mut self,
        asked: &[TokenQuery],
    ) -> Result<Vec<Members>, Error> {
        let parts = self.matched_parts();
        let postings = self.postings(&parts, asked).await?;
        let of = |asked: &TokenQuery| {
            let bits = |index: &usize| (*index, self.parts[*index].with(&postings, asked));
            parts.iter().map(bits).filter(|(_, bits)| !bits.is_empty()).collect()
        };
        Ok(asked.iter().map(of).collect())
    }

    /// Returns the number of these that match.
    pub(crate) fn count_members(&self, members: &Members) -> u64 {
        let found = members.iter().filter_map(|(index, bits)| {
            Some(self.parts[*index].found.as_ref()?.matching.count_and(bits))
        });
        found.sum()
    }

    /// Returns the newest of these that match, at most `most`.
    pub(crate) fn newest_members(&self, members: &Members, most: usize) -> Vec<i64> {
        let mut ids = Vec::new();
        for (index, bits) in members {
            let part = &self.parts[*index];
            if let Some(found) = &part.found {
                let mut both = found.matching.clone();
                both.and(bits);
                ids.extend(part.newest(&both, i64::MAX).take(most));
            }
        }
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids.truncate(most);
        ids
    }

    /// Marks these as returned, so that [`newest`](Self::newest) leaves them out.
    pub(crate) fn hand_out(&mut self, members: &Members) {
        for (index, bits) in members {
            if let Some(found) = &mut self.parts[*index].found {
                found.rest.and_not(bits);
            }
        }
    }

    /// Marks a single change as returned: see [`hand_out`](Self::hand_out).
    pub(crate) fn hand_out_one(&mut self, id: i64) {
        for part in &mut self.parts {
            if part.first <= id
                && id <= part.last
                && let Some(place) = part.place_of(id)
                && let Some(found) = &mut part.found
            {
                found.rest.put(place, false);
            }
        }
    }
}
