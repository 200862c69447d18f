//! Third phase of a search: grouping all matches.

use super::{
    bounded::BoundedSearch,
    evaluator::{Evaluator, each_action},
    members::Members,
};
use crate::{IndexError, IndexStorage, tokens::TokenQuery};
use chrono::NaiveDate;
use domain::change::Action;
use std::{cmp::Reverse, collections::BTreeMap};

/// A search that has evaluated all segments, so that it can group all matches.
pub struct EvaluatedSearch<'a, S> {
    search: BoundedSearch<'a, S>,
}

/// Days by token, each with its newest match and all of its changes.
type FoundDays = BTreeMap<String, (i64, Members)>;

impl<'a, S: IndexStorage> BoundedSearch<'a, S> {
    /// Evaluates all segments.
    ///
    /// # Errors
    /// If the storage fails.
    pub async fn evaluate(mut self) -> Result<EvaluatedSearch<'a, S>, S::Error> {
        self.evaluator.evaluate_all().await?;
        Ok(EvaluatedSearch { search: self })
    }
}

impl<'a, S: IndexStorage> EvaluatedSearch<'a, S> {
    /// Returns the search for reading matches.
    pub const fn as_bounded(&mut self) -> &mut BoundedSearch<'a, S> {
        &mut self.search
    }

    /// Returns to reading matches.
    pub fn into_bounded(self) -> BoundedSearch<'a, S> {
        self.search
    }

    /// Returns, for each query, the changes that match it, in segments in which some change matches
    /// the search.
    ///
    /// # Errors
    /// If the storage fails.
    pub async fn members_with(&mut self, queries: &[TokenQuery]) -> Result<Vec<Members>, S::Error> {
        let evaluator = &mut self.search.evaluator;
        let matched = evaluator.matched();
        let postings = evaluator.postings(&matched, queries).await?;
        let of = |query: &TokenQuery| {
            let mut members = Members::default();
            for index in &matched {
                let found = evaluator.segments[*index].matching(&postings, query);
                members.push(*index, found.into_owned());
            }
            members
        };
        Ok(queries.iter().map(of).collect())
    }

    /// Returns the newest days that have a match below an id, newest first and at most `most`. Each
    /// comes with all of its changes.
    ///
    /// # Errors
    /// If the storage fails.
    pub async fn newest_days(
        &mut self,
        below: i64,
        most: usize,
    ) -> Result<Vec<(NaiveDate, Members)>, S::Error> {
        let evaluator = &mut self.search.evaluator;
        let query = each_day(evaluator);
        let mut days = FoundDays::new();
        for index in evaluator.matched() {
            // All matches in this segment and in later ones are older than those found before, so
            // the segment only matters to days that it shares with them.
            let segment = &evaluator.segments[index];
            let within = segment.first_day.as_str()..=segment.last_day.as_str();
            let newest = newest_first(&days, below);
            if newest.len() >= most
                && !newest[..most].iter().any(|token| within.contains(&&token[1..]))
            {
                continue;
            }
            let postings = evaluator.postings(&[index], std::slice::from_ref(&query)).await?;
            let segment = &evaluator.segments[index];
            let Some(matches) = evaluator.result(index) else { continue };
            for (token, bits) in segment.each(&postings, &query).iter() {
                if let Some(position) = (&matches.matching & bits).max() {
                    let (newest, members) =
                        days.entry(token.clone()).or_insert((i64::MIN, Members::default()));
                    *newest = segment.id_at(position).max(*newest);
                    members.push(index, bits.clone());
                }
            }
        }
        let newest: Vec<String> =
            newest_first(&days, below).into_iter().take(most).cloned().collect();
        let mut found = Vec::new();
        for (token, (newest, members)) in
            newest.into_iter().filter_map(|token| days.remove_entry(&token))
        {
            found.push((day_of(newest, &token)?, members));
        }
        Ok(found)
    }

    /// Returns the number of matches on each day, by action in the order of [`Action::ALL`].
    ///
    /// # Errors
    /// If the storage fails.
    pub async fn by_day(
        &mut self,
    ) -> Result<BTreeMap<NaiveDate, [u64; Action::ALL.len()]>, S::Error> {
        let evaluator = &mut self.search.evaluator;
        let (actions, days) = (each_action(), each_day(evaluator));
        let matched = evaluator.matched();
        let queries = [std::slice::from_ref(&days), &actions].concat();
        let postings = evaluator.postings(&matched, &queries).await?;
        let mut counts: BTreeMap<NaiveDate, [u64; Action::ALL.len()]> = BTreeMap::new();
        for (_, segment, matches) in evaluator.evaluated() {
            if matches.matching.is_empty() {
                continue;
            }
            let by_action = actions
                .each_ref()
                .map(|action| &matches.matching & &*segment.matching(&postings, action));
            for (day, on_day) in segment.each(&postings, &days).iter() {
                let day = day_of(segment.first, day)?;
                let counts = counts.entry(day).or_default();
                for (count, bits) in counts.iter_mut().zip(&by_action) {
                    *count += bits.intersection_len(on_day);
                }
            }
        }
        Ok(counts)
    }
}

/// Parses the token of a day, in the segment with this id.
fn day_of(id: i64, token: &str) -> Result<NaiveDate, IndexError> {
    let malformed = |_| IndexError::Day { id, token: token.to_owned() };
    token[1..].parse().map_err(malformed)
}

/// Returns a query for each day asked for.
fn each_day<S: IndexStorage>(evaluator: &Evaluator<'_, S>) -> TokenQuery {
    let (first, last) = evaluator.query.days;
    TokenQuery::each_day(first, last)
}

/// Returns the days whose newest match is below an id, the newest first.
fn newest_first(days: &FoundDays, below: i64) -> Vec<&String> {
    let newest = days.iter().map(|(token, (newest, _))| (token, *newest));
    let mut newest: Vec<_> = newest.filter(|(_, newest)| *newest < below).collect();
    newest.sort_unstable_by_key(|(_, newest)| Reverse(*newest));
    newest.into_iter().map(|(token, _)| token).collect()
}
