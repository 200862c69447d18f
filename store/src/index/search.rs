//! Evaluating a filter, block by block, newest first.

mod summary;

pub(crate) use summary::Sum;

use super::{
    bits::Bits,
    conditions::{Conditions, conditions},
    fresh,
    part::{Found, Part, Place, Postings},
    size,
    states::States,
    tokens::{self, ANY, Asked},
};
use crate::{
    Error, Store,
    db::Tx,
    keys::unhex,
    rows,
    sql::{Bound, sql},
};
use chrono::NaiveDate;
use domain::{Action, ChangeFilter, Count, ReviewState};
use std::collections::{BTreeMap, BTreeSet};

/// How many match, as far as was looked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) matching: u64,
    pub(crate) all_states: u64,
    pub(crate) unreviewed: u64,
    pub(crate) flagged: u64,
    pub(crate) actions: [u64; Action::ALL.len()],
}

impl Counts {
    /// Whether looking on could tell nothing more.
    fn is_settled(&self) -> bool {
        let others = [self.matching, self.all_states, self.unreviewed, self.flagged];
        others.iter().chain(&self.actions).all(|number| is_plenty(*number))
    }
}

fn is_plenty(number: u64) -> bool {
    number > u64::from(Count::MOST)
}

/// A filter being evaluated.
#[derive(Debug)]
pub(crate) struct Search<'a> {
    tx: &'a mut Tx,
    conditions: Conditions,
    /// The part with the newest change first.
    parts: Vec<Part>,
    counts: Counts,
}

/// The days of which the newest match is below an id, the newest first.
fn newest_first(days: &BTreeMap<String, (i64, Members)>, below: i64) -> Vec<(&String, i64)> {
    let mut newest: Vec<_> = days.iter().map(|(token, (newest, _))| (token, *newest)).collect();
    newest.retain(|(_, newest)| *newest < below);
    newest.sort_unstable_by_key(|(_, newest)| std::cmp::Reverse(*newest));
    newest
}

/// Changes that belong together, by part.
pub(crate) type Members = Vec<(usize, Bits)>;

impl<'a> Search<'a> {
    /// Begins, without looking at anything yet.
    pub(crate) async fn begin(
        store: &Store,
        tx: &'a mut Tx,
        filter: &ChangeFilter,
    ) -> Result<Self, Error> {
        let fresh = fresh::all(store, tx).await?;
        let blocks = sql("select id, level, number, first_day, last_day from index_blocks");
        let blocks: Vec<(i64, i64, i64, String, String)> = blocks.all(&mut *tx).await?;
        let mut parts = Vec::with_capacity(blocks.len() + 1);
        for (id, level, number, first_day, last_day) in blocks {
            let size = size(u32::try_from(level).unwrap_or_default());
            let first = number << size;
            parts.push(Part {
                place: Place::Block { id, first, len: 1 << size },
                first,
                last: first + (1 << size) - 1,
                days: (first_day, last_day),
                found: None,
            });
        }
        if let (Some(oldest), Some(newest)) = (fresh.first(), fresh.last()) {
            let days = fresh.iter().map(|fresh| fresh.day);
            let (first, last) = (days.clone().min(), days.max());
            parts.push(Part {
                first: oldest.id,
                last: newest.id,
                days: (
                    first.map(|day| day.to_string()).unwrap_or_default(),
                    last.map(|day| day.to_string()).unwrap_or_default(),
                ),
                place: Place::Fresh(fresh),
                found: None,
            });
        }
        parts.sort_by_key(|part| std::cmp::Reverse(part.last));
        let conditions = conditions(tx, filter).await?;
        Ok(Self { tx, conditions, parts, counts: Counts::default() })
    }

    /// The transaction it reads in.
    pub(crate) fn tx(&mut self) -> &mut Tx {
        self.tx
    }

    /// The newest change there is, whether it matches or not.
    pub(crate) async fn newest_of_all(&mut self) -> Result<Option<i64>, Error> {
        let (newest,) = sql("select max(id) from changes").one(&mut *self.tx).await?;
        Ok(newest)
    }

    /// Counts what matches, newest first, until each number is exact or beyond what is told exactly.
    pub(crate) async fn count(&mut self) -> Result<Counts, Error> {
        let mut batch = 1;
        while !self.counts.is_settled() {
            let next = self.next_parts(&mut batch, i64::MAX);
            if next.is_empty() {
                break;
            }
            self.look_at(&next, true).await?;
        }
        Ok(self.counts.clone())
    }

    /// Counts what matches, and that alone: exactly, or until it is more than is told exactly.
    pub(crate) async fn count_matching(&mut self, exactly: bool) -> Result<u64, Error> {
        let mut batch = 1;
        loop {
            let found = self.parts.iter().filter_map(|part| part.found.as_ref());
            let number = found.map(|found| found.matching.count()).sum();
            let next = self.next_parts(&mut batch, i64::MAX);
            if next.is_empty() || (!exactly && is_plenty(number)) {
                return Ok(number);
            }
            self.look_at(&next, false).await?;
        }
    }

    /// Looks at everything.
    pub(crate) async fn look_at_all(&mut self) -> Result<(), Error> {
        let all: Vec<usize> = (0..self.parts.len()).collect();
        self.look_at(&all, false).await
    }

    /// Looks wherever changes from `first` up to `last` may be.
    pub(crate) async fn look_between(&mut self, first: i64, last: i64) -> Result<(), Error> {
        let overlaps = |part: &Part| part.first <= last && part.last >= first;
        let these: Vec<usize> =
            (0..self.parts.len()).filter(|index| overlaps(&self.parts[*index])).collect();
        self.look_at(&these, false).await
    }

    /// The newest matching changes below an id that were not handed out yet, at most so many.
    pub(crate) async fn newest(&mut self, below: i64, most: usize) -> Result<Vec<i64>, Error> {
        let mut batch = 1;
        loop {
            // Newer than any that was not looked at yet.
            let unseen =
                self.parts.iter().filter(|part| part.found.is_none() && part.first < below);
            let unseen = unseen.map(|part| part.last.min(below - 1)).max();
            let mut ids = Vec::new();
            for part in &self.parts {
                if ids.len() >= most && ids.iter().all(|id| *id > part.last) {
                    break;
                }
                if let Some(found) = &part.found {
                    ids.extend(part.newest(&found.rest, below).take(most));
                }
            }
            ids.sort_unstable_by(|a, b| b.cmp(a));
            ids.truncate(most);
            let certain = ids.iter().take_while(|id| unseen.is_none_or(|unseen| **id > unseen));
            let certain = certain.count();
            if certain == most || unseen.is_none() {
                return Ok(ids);
            }
            let next = self.next_parts(&mut batch, below);
            self.look_at(&next, false).await?;
        }
    }

    /// All that matches up to an id, newest first.
    pub(crate) async fn all(&mut self, newest: i64) -> Result<Vec<i64>, Error> {
        self.look_between(i64::MIN, newest).await?;
        let below = newest.saturating_add(1);
        let mut ids: Vec<i64> = Vec::new();
        for part in &self.parts {
            if let Some(found) = &part.found {
                ids.extend(part.newest(&found.matching, below));
            }
        }
        ids.sort_unstable_by(|a, b| b.cmp(a));
        Ok(ids)
    }

    /// All that matches after an id, oldest first.
    pub(crate) async fn all_after(&mut self, id: i64) -> Result<Vec<i64>, Error> {
        self.look_between(id.saturating_add(1), i64::MAX).await?;
        let mut ids: Vec<i64> = Vec::new();
        for part in &self.parts {
            if let Some(found) = &part.found {
                ids.extend(part.newest(&found.matching, i64::MAX).take_while(|it| *it > id));
            }
        }
        ids.sort_unstable();
        Ok(ids)
    }

    /// Whether there are so many changes from `first` up to `last`, and no more. Call it once all between
    /// them was looked at.
    pub(crate) fn are_neighbours(&self, first: i64, last: i64, number: u64) -> bool {
        let between = self.members_between(first, last);
        let between = between.iter().filter_map(|(index, bits)| {
            Some(self.parts[*index].found.as_ref()?.all.count_and(bits))
        });
        between.sum::<u64>() == number
    }

    /// The changes from `first` up to `last`.
    pub(crate) fn members_between(&self, first: i64, last: i64) -> Members {
        let parts = self.parts.iter().enumerate();
        let overlapping = parts.filter(|(_, part)| part.first <= last && part.last >= first);
        overlapping.map(|(index, part)| (index, part.mask(first, last))).collect()
    }

    /// These changes.
    pub(crate) fn members(&self, ids: &[i64]) -> Members {
        let parts = self.parts.iter().enumerate();
        let members = parts.map(|(index, part)| (index, part.of(ids)));
        members.filter(|(_, bits)| !bits.is_empty()).collect()
    }

    /// The changes that have each of these tokens.
    pub(crate) async fn members_with(&mut self, asked: &[Asked]) -> Result<Vec<Members>, Error> {
        let parts = self.matched_parts();
        let postings = self.postings(&parts, asked).await?;
        let of = |asked: &Asked| {
            let bits = |index: &usize| (*index, self.parts[*index].with(&postings, asked));
            parts.iter().map(bits).filter(|(_, bits)| !bits.is_empty()).collect()
        };
        Ok(asked.iter().map(of).collect())
    }

    /// The changes of each of the newest days on which any below an id match, with the newest that does,
    /// newest first and at most so many days. Call it once all was looked at.
    pub(crate) async fn newest_days(
        &mut self,
        below: i64,
        most: usize,
    ) -> Result<Vec<(NaiveDate, i64, Members)>, Error> {
        let (first, last) = self.conditions.days;
        let asked = Asked::each_day(first, last);
        let mut days: BTreeMap<String, (i64, Members)> = BTreeMap::new();
        for index in self.matched_parts() {
            // Whatever matches in this part and in those after it is older than what was found before,
            // so of these only days count that have begun.
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
        let day = |token: String| {
            let (newest, members) = days.remove(&token)?;
            Some((token[1..].parse().ok()?, newest, members))
        };
        Ok(newest.into_iter().filter_map(day).collect())
    }

    /// The parts of which anything matches, as far as was looked.
    fn matched_parts(&self) -> Vec<usize> {
        let hits =
            |part: &Part| part.found.as_ref().is_some_and(|found| !found.matching.is_empty());
        (0..self.parts.len()).filter(|index| hits(&self.parts[*index])).collect()
    }

    /// How many of these match.
    pub(crate) fn count_members(&self, members: &Members) -> u64 {
        let found = members.iter().filter_map(|(index, bits)| {
            Some(self.parts[*index].found.as_ref()?.matching.count_and(bits))
        });
        found.sum()
    }

    /// The newest of these that match, at most so many.
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

    /// Hands these out, so that they are not among the [`newest`](Self::newest) any more.
    pub(crate) fn hand_out(&mut self, members: &Members) {
        for (index, bits) in members {
            if let Some(found) = &mut self.parts[*index].found {
                found.rest.and_not(bits);
            }
        }
    }

    /// The same with a single one.
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

    /// How many match on each day, by action. Call it once all was looked at.
    pub(crate) async fn by_day(
        &mut self,
    ) -> Result<BTreeMap<NaiveDate, [u64; Action::ALL.len()]>, Error> {
        let (first, last) = self.conditions.days;
        let actions = Action::ALL.map(|action| Asked::One(tokens::action(action)));
        let days = Asked::each_day(first, last);
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
                let Ok(day) = day[1..].parse() else { continue };
                let counts = counts.entry(day).or_default();
                for (count, bits) in counts.iter_mut().zip(&by_action) {
                    *count += bits.count_and(&on_day);
                }
            }
        }
        Ok(counts)
    }

    /// The parts to look at next: first the small ones and the newest, then four times as many each time.
    fn next_parts(&self, batch: &mut usize, below: i64) -> Vec<usize> {
        let mut large = 0;
        let mut next = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            if part.found.is_some() || part.first >= below {
                continue;
            }
            if part.is_large() {
                large += 1;
            }
            if large > *batch {
                break;
            }
            next.push(index);
        }
        *batch *= 4;
        next
    }

    /// Finds what matches of these parts, and counts it if asked to.
    async fn look_at(&mut self, parts: &[usize], counting: bool) -> Result<(), Error> {
        let new = |index: &usize| self.parts[*index].found.is_none();
        let parts: Vec<usize> = parts.iter().copied().filter(new).collect();
        if parts.is_empty() {
            return Ok(());
        }
        let conditions = &self.conditions;
        let (first, last) = conditions.days;
        let days = Asked::days(first, last);
        let (first, last) = (first.to_string(), last.to_string());
        // All of some parts are within the days asked for, and nothing of others.
        let outside = |part: &Part| part.days.1 < first || part.days.0 > last;
        let inside = |part: &Part| part.days.0 >= first && part.days.1 <= last;
        let mut asked = vec![Asked::One(ANY.into())];
        asked.extend(conditions.with.iter().flatten().cloned());
        asked.extend(conditions.without.iter().cloned());
        asked.extend(conditions.actions.iter().chain(&conditions.without_actions).cloned());
        if parts.iter().any(|index| {
            let part = &self.parts[*index];
            !outside(part) && !inside(part)
        }) {
            asked.push(days.clone());
        }
        let actions: Vec<(usize, Asked)> = Action::ALL
            .into_iter()
            .enumerate()
            .filter(|(index, _)| counting && !is_plenty(self.counts.actions[*index]))
            .map(|(index, action)| (index, Asked::One(tokens::action(action))))
            .collect();
        asked.extend(actions.iter().map(|(_, action)| action.clone()));
        let worth = |index: &&usize| !outside(&self.parts[**index]);
        let worthwhile: Vec<usize> = parts.iter().filter(worth).copied().collect();
        let postings = self.postings(&worthwhile, &asked).await?;
        let conditions = &self.conditions;
        let of_states = !conditions.states.is_empty() || !conditions.without_states.is_empty();
        let tabs =
            counting && !(is_plenty(self.counts.unreviewed) && is_plenty(self.counts.flagged));
        let states = if of_states || tabs {
            let mut ranges = Vec::new();
            for index in &worthwhile {
                let part = &self.parts[*index];
                ranges.push((part.first, part.last + 1));
            }
            Some(States::read(self.tx, &ranges).await?)
        } else {
            None
        };

        for index in parts {
            let part = &self.parts[index];
            if outside(part) {
                let none = Bits::none(part.len());
                let found = Found { all: none.clone(), matching: none.clone(), rest: none };
                self.parts[index].found = Some(found);
                continue;
            }
            let conditions = &self.conditions;
            let any = |asked: &[Asked]| {
                let mut bits = Bits::none(part.len());
                asked.iter().for_each(|asked| bits.or(&part.with(&postings, asked)));
                bits
            };
            let all = part.with(&postings, &Asked::One(ANY.into()));
            let mut base = all.clone();
            for asked in &conditions.with {
                base.and(&any(asked));
            }
            base.and_not(&any(&conditions.without));
            if let Some(ids) = &conditions.ids {
                base.and(&part.of(ids));
            }
            if !inside(part) {
                base.and(&part.with(&postings, &days));
            }
            let mut of_action = base.clone();
            if !conditions.actions.is_empty() {
                of_action.and(&any(&conditions.actions));
            }
            of_action.and_not(&any(&conditions.without_actions));
            let by_state = states.as_ref().map(|states| part.states(states, &all));
            let mut in_state = base;
            if let Some(by_state) = &by_state {
                let any = |states: &[ReviewState]| {
                    let mut bits = Bits::none(part.len());
                    states.iter().for_each(|state| bits.or(&by_state[*state as usize]));
                    bits
                };
                if !conditions.states.is_empty() {
                    in_state.and(&any(&conditions.states));
                }
                in_state.and_not(&any(&conditions.without_states));
            }
            let mut matching = in_state.clone();
            matching.and(&of_action);
            if counting {
                self.counts.matching += matching.count();
                self.counts.all_states += of_action.count();
                if let Some([unreviewed, _, flagged]) = &by_state {
                    self.counts.unreviewed += of_action.count_and(unreviewed);
                    self.counts.flagged += of_action.count_and(flagged);
                }
                for (index, action) in &actions {
                    self.counts.actions[*index] +=
                        in_state.count_and(&part.with(&postings, action));
                }
            }
            let found = Found { all, rest: matching.clone(), matching };
            self.parts[index].found = Some(found);
        }
        Ok(())
    }

    /// Reads the postings of blocks for all that is asked, by block.
    async fn postings(
        &mut self,
        parts: &[usize],
        asked: &[Asked],
    ) -> Result<BTreeMap<i64, Postings>, Error> {
        let blocks = parts.iter().filter_map(|index| match self.parts[*index].place {
            Place::Block { id, .. } => Some(id),
            Place::Fresh(_) => None,
        });
        let blocks: Vec<i64> = blocks.collect();
        let mut found: BTreeMap<i64, Postings> = BTreeMap::new();
        if blocks.is_empty() {
            return Ok(found);
        }
        let ones: BTreeSet<&str> = asked
            .iter()
            .filter_map(|asked| match asked {
                Asked::One(token) => Some(token.as_str()),
                Asked::Between(..) | Asked::Each(..) => None,
            })
            .collect();
        let dialect = self.tx.dialect();
        let these = dialect.any_number("block_id", 1);
        let select = "select block_id, token, places from index_postings where";
        let mut values: Vec<Bound> = vec![rows::json(&blocks)?.into()];
        let mut parts = Vec::new();
        if !ones.is_empty() {
            values.push(rows::json(&ones)?.into());
            parts.push(format!("{select} {these} and {}", dialect.any_text("token", 2)));
        }
        for asked in asked {
            if let Asked::Each(first, end) = asked {
                values.extend([first.as_str().into(), end.as_str().into()]);
                let (from, to) = (values.len() - 1, values.len());
                parts.push(format!("{select} {these} and token >= ${from} and token < ${to}"));
            }
        }
        if !parts.is_empty() {
            let statement = sql(parts.join(" union all ")).bind_all(values);
            let rows: Vec<(i64, String, Vec<u8>)> = statement.all(&mut *self.tx).await?;
            for (block, token, places) in rows {
                found.entry(block).or_default().tokens.insert(token, places);
            }
        }
        // Of these there may be very many, of few places each: the database hands out those of a block
        // at once.
        let ranges = asked.iter().filter_map(|asked| match asked {
            Asked::Between(first, end) => Some((first, end)),
            Asked::One(_) | Asked::Each(..) => None,
        });
        let ranges: Vec<_> = ranges.collect();
        if !ranges.is_empty() {
            let mut values: Vec<Bound> = vec![rows::json(&blocks)?.into()];
            let mut parts = Vec::new();
            for (range, (first, end)) in ranges.iter().enumerate() {
                values.extend([first.as_str().into(), end.as_str().into()]);
                parts.push(format!(
                    "select {range}, block_id, {} from index_postings \
                     where {these} and token >= ${} and token < ${} group by block_id",
                    dialect.all_bytes("places"),
                    values.len() - 1,
                    values.len()
                ));
            }
            let statement = sql(parts.join(" union all ")).bind_all(values);
            let rows: Vec<(i32, i64, String)> = statement.all(&mut *self.tx).await?;
            for (range, block, places) in rows {
                let range = usize::try_from(range).ok().and_then(|range| ranges.get(range));
                if let Some((first, _)) = range {
                    let places = places.split(',').map(unhex).collect();
                    found.entry(block).or_default().ranges.insert((*first).clone(), places);
                }
            }
        }
        Ok(found)
    }
}
