//! First phase of a search: counting.

use super::{
    bounded::BoundedSearch,
    counts::Counts,
    evaluator::{Evaluator, newest_first},
};
use crate::{
    ChangeIndex, IndexHead, IndexStorage, Query, StoredSegment, segment::Segment,
    segment_key::SegmentRun,
};
use std::cmp::Reverse;

/// A search that counts matches. It evaluates only the segments that an answer needs.
pub struct PlannedSearch<'a, S> {
    evaluator: Evaluator<'a, S>,
    newest: Option<i64>,
}

impl ChangeIndex {
    /// Begins a search.
    ///
    /// # Errors
    /// If the storage fails.
    pub async fn search<'a, S: IndexStorage>(
        &'a self,
        storage: &'a mut S,
        query: Query,
    ) -> Result<PlannedSearch<'a, S>, S::Error> {
        let IndexHead { newest, review_version, segments: stored } = storage.head().await?;
        let end = StoredSegment::end_of(&stored);
        let mut segments: Vec<Segment> =
            SegmentRun::group(stored).into_iter().map(Segment::stored).collect();
        if let Some(newest) = newest.filter(|newest| *newest >= end) {
            let view = self.memtable(storage, end, newest).await?;
            segments.extend(Segment::memtable(view, end, newest));
        }
        segments.sort_by_key(|segment| Reverse(segment.last));
        let evaluator = Evaluator::new(self, storage, query, segments, review_version);
        Ok(PlannedSearch { evaluator, newest })
    }
}

impl<'a, S: IndexStorage> PlannedSearch<'a, S> {
    /// Returns the newest change of all, whether it matches or not.
    pub const fn newest_of_all(&self) -> Option<i64> {
        self.newest
    }

    /// Counts matches, newest first, until each number is exact or above `Count::MAX_EXACT`, beyond
    /// which no exact number is shown.
    ///
    /// # Errors
    /// If the storage fails.
    pub async fn count(&mut self) -> Result<Counts, S::Error> {
        let mut batch = 1;
        while !self.evaluator.counts.are_settled() {
            let next = self.evaluator.next_batch(&mut batch, i64::MAX);
            if next.is_empty() {
                break;
            }
            self.evaluator.evaluate(&next, true).await?;
        }
        Ok(self.evaluator.counts.clone())
    }

    /// Counts the matches and nothing else: exactly, or until there are more than
    /// `Count::MAX_EXACT`.
    ///
    /// # Errors
    /// If the storage fails.
    pub async fn count_matching(mut self, exactly: bool) -> Result<u64, S::Error> {
        let mut batch = 1;
        loop {
            let (number, is_plenty) = self.evaluator.number_so_far();
            let next = self.evaluator.next_batch(&mut batch, i64::MAX);
            if next.is_empty() || (!exactly && is_plenty) {
                return Ok(number);
            }
            self.evaluator.evaluate(&next, false).await?;
        }
    }

    /// Returns the number of matches after an id.
    ///
    /// # Errors
    /// If the storage fails.
    pub async fn count_after(&mut self, id: i64) -> Result<u64, S::Error> {
        self.evaluator.evaluate_between(id.saturating_add(1), i64::MAX).await?;
        let later = self.evaluator.evaluated().map(|(_, segment, matches)| {
            segment.newest(&matches.matching, i64::MAX).take_while(|it| *it > id).count() as u64
        });
        Ok(later.sum())
    }

    /// Returns all matches up to an id, newest first.
    ///
    /// # Errors
    /// If the storage fails.
    pub async fn all_until(mut self, last: i64) -> Result<Vec<i64>, S::Error> {
        self.evaluator.evaluate_between(i64::MIN, last).await?;
        let below = last.saturating_add(1);
        let mut ids: Vec<i64> = Vec::new();
        for (_, segment, matches) in self.evaluator.evaluated() {
            ids.extend(segment.newest(&matches.matching, below));
        }
        Ok(newest_first(ids, usize::MAX))
    }

    /// Goes on to read matches: those up to `last`, if it is given.
    pub fn bound(mut self, last: Option<i64>) -> BoundedSearch<'a, S> {
        if let Some(last) = last {
            self.evaluator.bound(last);
        }
        BoundedSearch::new(self.evaluator)
    }
}
