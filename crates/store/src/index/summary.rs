//! Summaries of groups of changes, counted from bitmaps without reading any change.

use super::{
    bitmap::Bits,
    members::Members,
    search::Search,
    tokens::{self, TokenQuery},
};
use crate::Error;
use domain::{change::Action, feed::ReviewState, id::InspectionId};
use std::collections::{BTreeMap, BTreeSet};

/// Summary of the matches within a group of changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sum {
    /// Number of matches in each state, in the order of [`ReviewState::ALL`].
    pub(crate) states: [u64; ReviewState::ALL.len()],
    /// Number of matches of each action, the action that occurred first before the others.
    pub(crate) actions: Vec<(Action, u64)>,
    /// The newest change of each person, newest first.
    pub(crate) people: Vec<i64>,
    /// Whether all matches are of the inspection asked about.
    pub(crate) is_of_one: bool,
}

/// Bitmaps of a part by state, action and person.
struct Known {
    states: [Bits; ReviewState::ALL.len()],
    actions: [Bits; Action::ALL.len()],
    /// By person.
    people: Vec<(String, Bits)>,
}

/// Intersection of two bitmaps of a part.
struct Both {
    number: u64,
    least: usize,
    greatest: usize,
}

/// Up to this many positions, testing each one is faster than going through all words of a large
/// block.
const FEW: u64 = 64;

impl Search<'_> {
    /// Excludes changes after this one from the matches from now on. Counts made before still
    /// include them.
    pub(crate) async fn leave_out_after(&mut self, last: i64) -> Result<(), Error> {
        self.look_between(last.saturating_add(1), i64::MAX).await?;
        for part in self.parts.iter_mut().filter(|part| part.last > last) {
            let until = part.mask(part.first, last);
            if let Some(found) = &mut part.found {
                found.matching.and(&until);
                found.rest.and(&until);
            }
        }
        Ok(())
    }

    /// Returns a summary of the matches of each group, and whether all are of the inspection given
    /// with it.
    pub(crate) async fn sums(
        &mut self,
        entries: &[(Members, InspectionId)],
    ) -> Result<Vec<Sum>, Error> {
        let matching: Vec<Members> =
            entries.iter().map(|(members, _)| self.matching(members)).collect();
        let parts: BTreeSet<usize> = matching.iter().flatten().map(|(index, _)| *index).collect();
        let parts: Vec<usize> = parts.into_iter().collect();
        let inspections: Vec<TokenQuery> =
            entries.iter().map(|(_, id)| TokenQuery::One(tokens::inspection(*id))).collect();
        let actions = Action::ALL.map(|action| TokenQuery::One(tokens::action(action)));
        let people = TokenQuery::each_user();
        let asked = [&inspections[..], &actions[..], std::slice::from_ref(&people)].concat();
        let postings = self.postings(&parts, &asked).await?;
        let states = self.states().await?;
        let mut known = BTreeMap::new();
        for index in parts {
            let part = &self.parts[index];
            let Some(found) = &part.found else { continue };
            let of_part = Known {
                states: part.states(&states, &found.all),
                actions: actions.each_ref().map(|action| part.with(&postings, action)),
                people: part.each(&postings, &people),
            };
            known.insert(index, of_part);
        }
        let sum = |(members, inspection): (&Members, &TokenQuery)| {
            let mut sum = self.sum(members, &known);
            sum.is_of_one = members.iter().all(|(index, bits)| {
                bits.count_and(&self.parts[*index].with(&postings, inspection)) == bits.count()
            });
            sum
        };
        Ok(matching.iter().zip(&inspections).map(sum).collect())
    }

    fn sum(&self, members: &Members, known: &BTreeMap<usize, Known>) -> Sum {
        let mut sum = Sum::default();
        let mut oldest = [i64::MAX; Action::ALL.len()];
        let mut numbers = [0; Action::ALL.len()];
        let mut newest: BTreeMap<&str, i64> = BTreeMap::new();
        for (index, bits) in members {
            let (part, Some(known)) = (&self.parts[*index], known.get(index)) else { continue };
            for (number, state) in sum.states.iter_mut().zip(&known.states) {
                *number += bits.count_and(state);
            }
            // Few positions are tested one by one; many are intersected word by word.
            let few =
                (bits.count() <= FEW).then(|| bits.descending(bits.len()).collect::<Vec<_>>());
            let both = |other: &Bits| match &few {
                Some(places) => {
                    let mut both = places.iter().copied().filter(|place| other.contains(*place));
                    let greatest = both.next()?;
                    let (number, least) = both.fold((1, greatest), |(n, _), place| (n + 1, place));
                    Some(Both { number, least, greatest })
                }
                None => Some(Both {
                    least: bits.least_and(other)?,
                    greatest: bits.greatest_and(other)?,
                    number: bits.count_and(other),
                }),
            };
            for (at, action) in known.actions.iter().enumerate() {
                if let Some(both) = both(action) {
                    numbers[at] += both.number;
                    oldest[at] = part.id_at(both.least).min(oldest[at]);
                }
            }
            for (person, by_person) in &known.people {
                if let Some(both) = both(by_person) {
                    let last = newest.entry(person).or_insert(i64::MIN);
                    *last = part.id_at(both.greatest).max(*last);
                }
            }
        }
        let mut order: Vec<usize> = (0..numbers.len()).filter(|at| numbers[*at] > 0).collect();
        order.sort_unstable_by_key(|at| oldest[*at]);
        sum.actions = order.into_iter().map(|at| (Action::ALL[at], numbers[at])).collect();
        sum.people = newest.into_values().collect();
        sum.people.sort_unstable_by(|a, b| b.cmp(a));
        sum
    }

    /// Returns those of these that match.
    fn matching(&self, members: &Members) -> Members {
        let both = members.iter().filter_map(|(index, bits)| {
            let mut both = self.parts[*index].found.as_ref()?.matching.clone();
            both.and(bits);
            (!both.is_empty()).then_some((*index, both))
        });
        both.collect()
    }
}
