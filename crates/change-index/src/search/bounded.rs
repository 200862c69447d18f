//! Second phase of a search: reading the newest matches.

use super::{
    evaluator::{Evaluator, newest_first},
    members::Members,
};
use crate::IndexStorage;

/// A search that reads matches, newest first, up to the change that it is bounded by. It evaluates
/// only the segments that an answer needs.
pub struct BoundedSearch<'a, S> {
    pub(super) evaluator: Evaluator<'a, S>,
}

impl<'a, S: IndexStorage> BoundedSearch<'a, S> {
    pub(super) const fn new(evaluator: Evaluator<'a, S>) -> Self {
        Self { evaluator }
    }

    /// Returns the storage that it reads.
    pub const fn storage(&mut self) -> &mut S {
        self.evaluator.storage
    }

    /// Returns the newest matches below an id that were not [returned](Self::mark_returned) yet, at
    /// most `most`.
    ///
    /// # Errors
    /// If the storage fails.
    pub async fn newest(&mut self, below: i64, most: usize) -> Result<Vec<i64>, S::Error> {
        let mut batch = 1;
        loop {
            // Newest id below `below` in any segment that was not evaluated yet.
            let unseen = self.evaluator.unevaluated().filter(|(_, it)| it.first < below);
            let unseen = unseen.map(|(_, segment)| segment.last.min(below - 1)).max();
            let mut ids = Vec::new();
            for (_, segment, matches) in self.evaluator.evaluated() {
                if ids.len() >= most && ids.iter().all(|id| *id > segment.last) {
                    break;
                }
                ids.extend(segment.newest(&matches.remaining, below).take(most));
            }
            let ids = newest_first(ids, most);
            let certain = ids.iter().take_while(|id| unseen.is_none_or(|unseen| **id > unseen));
            if certain.count() == most || unseen.is_none() {
                return Ok(ids);
            }
            let next = self.evaluator.next_batch(&mut batch, below);
            self.evaluator.evaluate(&next, false).await?;
        }
    }

    /// Returns the changes from `first` up to `last` if there are exactly `number`, otherwise
    /// `None`.
    ///
    /// # Errors
    /// If the storage fails.
    pub async fn consecutive(
        &mut self,
        first: i64,
        last: i64,
        number: u64,
    ) -> Result<Option<Members>, S::Error> {
        self.evaluator.evaluate_between(first, last).await?;
        let segments = self.evaluator.evaluated();
        let overlapping = segments.filter(|(_, segment, _)| segment.overlaps(first, last));
        let mut found = 0;
        let mut members = Members::default();
        for (index, segment, matches) in overlapping {
            let between = segment.mask(first, last);
            found += matches.all.intersection_len(&between);
            members.push(index, between);
        }
        Ok((found == number).then_some(members))
    }

    /// Returns the changes with these ids, which are in ascending order.
    ///
    /// # Errors
    /// If the storage fails.
    pub async fn members(&mut self, ids: &[i64]) -> Result<Members, S::Error> {
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else {
            return Ok(Members::default());
        };
        self.evaluator.evaluate_between(*first, *last).await?;
        let mut members = Members::default();
        for (index, segment, _) in self.evaluator.evaluated() {
            members.push(index, segment.of(ids));
        }
        Ok(members)
    }

    /// Returns the number of members that match.
    pub fn count_members(&self, members: &Members) -> u64 {
        let matching = members.iter().filter_map(|(index, bits)| {
            Some(self.evaluator.result(index)?.matching.intersection_len(bits))
        });
        matching.sum()
    }

    /// Returns the newest members that match, at most `most`.
    pub fn newest_members(&self, members: &Members, most: usize) -> Vec<i64> {
        let mut ids = Vec::new();
        for (index, bits) in members.iter() {
            if let Some(matches) = self.evaluator.result(index) {
                let both = &matches.matching & bits;
                ids.extend(self.evaluator.newest_at(index, &both, i64::MAX).take(most));
            }
        }
        newest_first(ids, most)
    }

    /// Marks members as returned, so that [`newest`](Self::newest) leaves them out.
    pub fn mark_returned(&mut self, members: &Members) {
        for (index, bits) in members.iter() {
            if let Some((_, matches)) = self.evaluator.result_mut(index) {
                matches.remaining -= bits;
            }
        }
    }

    /// Marks a single change as returned: see [`mark_returned`](Self::mark_returned).
    pub fn mark_one_returned(&mut self, id: i64) {
        for index in 0..self.evaluator.segments.len() {
            if let Some((segment, matches)) = self.evaluator.result_mut(index)
                && let Some(position) = segment.position_of(id)
            {
                matches.remaining.remove(position);
            }
        }
    }
}
