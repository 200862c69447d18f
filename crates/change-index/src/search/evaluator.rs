//! State that the phases of a search share.

use super::{
    counts::{Counts, is_plenty},
    segment_matches::{Conditions, Coverage, Matches},
};
use crate::{
    ChangeIndex, IndexStorage, Query, ReviewStates, bitmap::Bitmap, postings::Postings,
    segment::Segment, tokens, tokens::TokenQuery,
};
use domain::change::Action;
use std::sync::Arc;

/// A query with the segments that it is evaluated over, and the results so far.
pub(super) struct Evaluator<'a, S> {
    pub(super) index: &'a ChangeIndex,
    pub(super) storage: &'a mut S,
    pub(super) query: Query,
    /// The segment with the newest change comes first.
    pub(super) segments: Vec<Segment>,
    /// Result for each segment; `None` until it is evaluated.
    results: Vec<Option<Matches>>,
    pub(super) counts: Counts,
    /// Changes after this one are no matches.
    last: i64,
    /// The newest version of any row of review states.
    review_version: i64,
    review_states: Option<Arc<ReviewStates>>,
}

impl<'a, S: IndexStorage> Evaluator<'a, S> {
    pub(super) fn new(
        index: &'a ChangeIndex,
        storage: &'a mut S,
        query: Query,
        segments: Vec<Segment>,
        review_version: i64,
    ) -> Self {
        let results = segments.iter().map(|_| None).collect();
        let (counts, review_states) = Default::default();
        let last = i64::MAX;
        Self {
            index,
            storage,
            query,
            segments,
            results,
            counts,
            last,
            review_version,
            review_states,
        }
    }

    /// Excludes changes after this one from the matches from now on. Counts made before still
    /// include them.
    pub(super) fn bound(&mut self, last: i64) {
        self.last = last;
        for (segment, result) in self.segments.iter().zip(&mut self.results) {
            if let Some(matches) = result.as_mut().filter(|_| segment.last > last) {
                let until = segment.mask(segment.first, last);
                matches.matching &= &until;
                matches.remaining &= &until;
            }
        }
    }

    /// Returns the result for a segment, if it is evaluated.
    pub(super) fn result(&self, index: usize) -> Option<&Matches> {
        self.results[index].as_ref()
    }

    /// Returns the segment of a result and the result, to alter it, if it is evaluated.
    pub(super) fn result_mut(&mut self, index: usize) -> Option<(&Segment, &mut Matches)> {
        Some((&self.segments[index], self.results[index].as_mut()?))
    }

    /// Iterates over the evaluated segments, with their indices.
    pub(super) fn evaluated(&self) -> impl Iterator<Item = (usize, &Segment, &Matches)> {
        let segments = self.segments.iter().zip(&self.results).enumerate();
        segments.filter_map(|(index, (segment, result))| Some((index, segment, result.as_ref()?)))
    }

    /// Returns the evaluated segments that have a match.
    pub(super) fn matched(&self) -> Vec<usize> {
        let matched = self.evaluated().filter(|(.., matches)| !matches.matching.is_empty());
        matched.map(|(index, ..)| index).collect()
    }

    /// Iterates over the segments that are not evaluated yet, with their indices.
    pub(super) fn unevaluated(&self) -> impl Iterator<Item = (usize, &Segment)> {
        let segments = self.segments.iter().zip(&self.results).enumerate();
        segments
            .filter(|(_, (_, result))| result.is_none())
            .map(|(index, (segment, _))| (index, segment))
    }

    /// Returns the segments to evaluate next, among those that may have changes below an id: first
    /// the small ones and the newest, then four times as many each time.
    pub(super) fn next_batch(&self, batch: &mut usize, below: i64) -> Vec<usize> {
        let mut large = 0;
        let mut next = Vec::new();
        for (index, segment) in self.unevaluated().filter(|(_, it)| it.first < below) {
            large += usize::from(segment.is_large());
            if large > *batch {
                break;
            }
            next.push(index);
        }
        *batch *= 4;
        next
    }

    /// Evaluates all segments.
    pub(super) async fn evaluate_all(&mut self) -> Result<(), S::Error> {
        let all: Vec<usize> = (0..self.segments.len()).collect();
        self.evaluate(&all, false).await
    }

    /// Evaluates the segments that may have changes from `first` up to `last`.
    pub(super) async fn evaluate_between(&mut self, first: i64, last: i64) -> Result<(), S::Error> {
        let segments = self.unevaluated().filter(|(_, segment)| segment.overlaps(first, last));
        let indices: Vec<usize> = segments.map(|(index, _)| index).collect();
        self.evaluate(&indices, false).await
    }

    /// Evaluates the query over these segments unless they are evaluated already, and counts the
    /// matches if `counting` is set.
    pub(super) async fn evaluate(
        &mut self,
        indices: &[usize],
        counting: bool,
    ) -> Result<(), S::Error> {
        let new = indices.iter().copied().filter(|index| self.results[*index].is_none());
        let new: Vec<(usize, Coverage)> =
            new.map(|index| (index, self.query.coverage(&self.segments[index]))).collect();
        let is_partial = new.iter().any(|(_, coverage)| *coverage == Coverage::Part);
        let (outside, inside): (Vec<_>, Vec<_>) =
            new.into_iter().partition(|(_, coverage)| *coverage == Coverage::None);
        for (index, _) in outside {
            self.results[index] = Some(Matches::default());
        }
        let inside: Vec<usize> = inside.into_iter().map(|(index, _)| index).collect();
        if inside.is_empty() {
            return Ok(());
        }
        let mut needed = self.query.needed_lists(is_partial);
        let counted: Vec<(usize, TokenQuery)> = self
            .counts
            .unsettled_actions()
            .filter(|_| counting)
            .map(|(index, action)| (index, TokenQuery::One(tokens::action(action))))
            .collect();
        needed.extend(counted.iter().map(|(_, query)| query.clone()));
        let postings = self.postings(&inside, &needed).await?;
        let needs_states =
            self.query.is_of_states() || (counting && !self.counts.are_states_settled());
        let states = if needs_states { Some(self.review_states().await?) } else { None };
        for index in inside {
            let segment = &self.segments[index];
            let conditions = self.query.evaluate(segment, &postings, states.as_deref());
            let mut matching = &conditions.in_state & &conditions.of_action;
            if segment.last > self.last {
                matching &= segment.mask(segment.first, self.last);
            }
            if counting {
                self.count(index, &conditions, matching.len(), &postings, &counted);
            }
            let remaining = matching.clone();
            self.results[index] = Some(Matches { all: conditions.all, matching, remaining });
        }
        Ok(())
    }

    /// Adds the numbers of a segment to the counts.
    fn count(
        &mut self,
        index: usize,
        conditions: &Conditions,
        matching: u64,
        postings: &Postings,
        actions: &[(usize, TokenQuery)],
    ) {
        let Conditions { in_state, of_action, by_state, .. } = conditions;
        self.counts.matching += matching;
        self.counts.all_states += of_action.len();
        if let Some([unreviewed, _, flagged]) = by_state {
            self.counts.unreviewed += of_action.intersection_len(unreviewed);
            self.counts.flagged += of_action.intersection_len(flagged);
        }
        for (action, query) in actions {
            let of_action = self.segments[index].matching(postings, query);
            self.counts.actions[*action] += in_state.intersection_len(&of_action);
        }
    }

    /// Returns the number of matches in the segments evaluated so far, and whether it is above those
    /// that are shown exactly.
    pub(super) fn number_so_far(&self) -> (u64, bool) {
        let number = self.evaluated().map(|(.., matches)| matches.matching.len()).sum();
        (number, is_plenty(number))
    }

    /// Returns the posting lists of these segments for all queries.
    pub(super) async fn postings(
        &mut self,
        indices: &[usize],
        queries: &[TokenQuery],
    ) -> Result<Postings, S::Error> {
        let runs = indices.iter().filter_map(|index| self.segments[*index].run());
        self.index.postings(self.storage, &runs.collect::<Vec<_>>(), queries).await
    }

    /// Returns the review states of all changes.
    pub(super) async fn review_states(&mut self) -> Result<Arc<ReviewStates>, S::Error> {
        if let Some(states) = &self.review_states {
            return Ok(states.clone());
        }
        let states = self.index.review_states(self.storage, self.review_version).await?;
        self.review_states = Some(states.clone());
        Ok(states)
    }

    /// Returns the ids at these positions of a segment, below an id, newest first.
    pub(super) fn newest_at<'b>(
        &'b self,
        index: usize,
        bits: &'b Bitmap,
        below: i64,
    ) -> impl Iterator<Item = i64> + Send + 'b {
        self.segments[index].newest(bits, below)
    }
}

/// Returns a query for each action, in the order of [`Action::ALL`].
pub(super) fn each_action() -> [TokenQuery; Action::ALL.len()] {
    Action::ALL.map(|action| TokenQuery::One(tokens::action(action)))
}

/// Sorts ids, newest first, and keeps at most `most`.
pub(super) fn newest_first(mut ids: Vec<i64>, most: usize) -> Vec<i64> {
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.truncate(most);
    ids
}
