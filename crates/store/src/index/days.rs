//! Matches grouped by day.

use super::{
    members::Members,
    search::Search,
    tokens::{self, TokenQuery},
};
use crate::Error;
use chrono::NaiveDate;
use domain::change::Action;
use std::collections::BTreeMap;

/// Returns the days whose newest match is below an id, the newest first.
fn newest_first(days: &BTreeMap<String, (i64, Members)>, below: i64) -> Vec<(&String, i64)> {
    let mut newest: Vec<_> = days.iter().map(|(token, (newest, _))| (token, *newest)).collect();
    newest.retain(|(_, newest)| *newest < below);
    newest.sort_unstable_by_key(|(_, newest)| std::cmp::Reverse(*newest));
    newest
}

/// Parses the token of a day, in the segment whose first change is `segment`.
fn day_of(segment: i64, token: &str) -> Result<NaiveDate, Error> {
    token[1..].parse().map_err(|_| Error::Unreadable {
        table: "index_pages",
        column: "postings",
        id: segment,
        problem: format!("`{token}` is not the token of a day"),
    })
}

impl Search<'_> {
    /// Returns the newest days that have a match below an id, newest first and at most `most`. Each
    /// comes with that match and with all changes of the day. All parts must have been evaluated
    /// before.
    pub(crate) async fn newest_days(
        &mut self,
        below: i64,
        most: usize,
    ) -> Result<Vec<(NaiveDate, i64, Members)>, Error> {
        let (first, last) = self.conditions.days;
        let asked = TokenQuery::each_day(first, last);
        let mut days: BTreeMap<String, (i64, Members)> = BTreeMap::new();
        for index in self.matched_parts() {
            // All matches in this part and in later ones are older than those found before, so the
            // part only matters to days that it shares with them.
            let part = &self.parts[index];
            let begun = newest_first(&days, below);
            let (earliest, latest) = (&part.days.0, &part.days.1);
            let is_begun = |day: &str| earliest.as_str() <= day && day <= latest.as_str();
            if begun.len() >= most && !begun[..most].iter().any(|(token, _)| is_begun(&token[1..]))
            {
                continue;
            }
            let postings = self.postings(&[index], std::slice::from_ref(&asked)).await?;
            let part = &self.parts[index];
            let Some(found) = &part.found else { continue };
            for (token, bits) in part.each(&postings, &asked) {
                if let Some(place) = found.matching.greatest_and(&bits) {
                    let (newest, members) = days.entry(token).or_insert((i64::MIN, Vec::new()));
                    *newest = part.id_at(place).max(*newest);
                    members.push((index, bits));
                }
            }
        }
        let newest: Vec<String> = newest_first(&days, below)
            .into_iter()
            .take(most)
            .map(|(token, _)| token.clone())
            .collect();
        let found = newest.into_iter().filter_map(|token| days.remove_entry(&token));
        let found = found.map(|(token, (newest, members))| {
            let segment = members.first().map_or(newest, |(index, _)| self.parts[*index].first);
            Ok((day_of(segment, &token)?, newest, members))
        });
        found.collect()
    }

    /// Returns the number of matches on each day, by action. All parts must have been evaluated
    /// before.
    pub(crate) async fn by_day(
        &mut self,
    ) -> Result<BTreeMap<NaiveDate, [u64; Action::ALL.len()]>, Error> {
        let (first, last) = self.conditions.days;
        let actions = Action::ALL.map(|action| TokenQuery::One(tokens::action(action)));
        let days = TokenQuery::each_day(first, last);
        let parts = self.matched_parts();
        let mut asked = vec![days.clone()];
        asked.extend(actions.iter().cloned());
        let postings = self.postings(&parts, &asked).await?;
        let mut counts: BTreeMap<NaiveDate, [u64; Action::ALL.len()]> = BTreeMap::new();
        for index in parts {
            let part = &self.parts[index];
            let Some(found) = &part.found else { continue };
            let by_action = actions.each_ref().map(|action| {
                let mut bits = part.with(&postings, action);
                bits.and(&found.matching);
                bits
            });
            for (day, on_day) in part.each(&postings, &days) {
                let day = day_of(part.first, &day)?;
                let counts = counts.entry(day).or_default();
                for (count, bits) in counts.iter_mut().zip(&by_action) {
                    *count += bits.count_and(&on_day);
                }
            }
        }
        Ok(counts)
    }
}
