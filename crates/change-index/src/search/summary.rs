//! Summaries of groups of changes, counted from bitmaps without reading any change.

use super::{bounded::BoundedSearch, evaluator::each_action, members::Members};
use crate::{
    IndexStorage,
    bitmap::Bitmap,
    tokens::{self, TokenQuery},
};
use domain::{change::Action, feed::ReviewState, id::InspectionId};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

/// Summary of the matches within a group of changes.
#[derive(Clone, Debug, Default)]
pub struct GroupSummary {
    /// Number of matches in each state, in the order of [`ReviewState::ALL`].
    pub states: [u64; ReviewState::ALL.len()],
    /// Number of matches of each action, the action that occurred first before the others.
    pub actions: Vec<(Action, u64)>,
    /// The newest change of each person, newest first.
    pub people: Vec<i64>,
    /// Whether all matches are of the inspection asked about.
    pub is_of_one: bool,
}

/// Changes of a segment by state, action and person.
struct ByProperty<'p> {
    states: [Bitmap; ReviewState::ALL.len()],
    actions: [Cow<'p, Bitmap>; Action::ALL.len()],
    /// By the token of the person.
    people: Cow<'p, [(String, Bitmap)]>,
}

/// Number of positions of a bitmap, with the least and the greatest one.
struct Extent {
    number: u64,
    least: u32,
    greatest: u32,
}

impl Extent {
    /// Returns the extent of the positions in both; `None` if there are none.
    fn of_both(one: &Bitmap, other: &Bitmap) -> Option<Self> {
        let both = one & other;
        Some(Self { number: both.len(), least: both.min()?, greatest: both.max()? })
    }
}

impl<S: IndexStorage> BoundedSearch<'_, S> {
    /// Returns a summary of the matches of each group, and whether all are of the inspection given
    /// with it.
    ///
    /// # Errors
    /// If the storage fails.
    pub async fn summaries(
        &mut self,
        groups: &[(Members, InspectionId)],
    ) -> Result<Vec<GroupSummary>, S::Error> {
        let matching: Vec<Members> =
            groups.iter().map(|(members, _)| self.matching(members)).collect();
        let indices: BTreeSet<usize> =
            matching.iter().flat_map(|members| members.iter().map(|(index, _)| index)).collect();
        let indices: Vec<usize> = indices.into_iter().collect();
        let inspections: Vec<TokenQuery> =
            groups.iter().map(|(_, id)| TokenQuery::One(tokens::inspection(*id))).collect();
        let (actions, people) = (each_action(), TokenQuery::each_user());
        let queries = [&inspections[..], &actions, std::slice::from_ref(&people)].concat();
        let postings = self.evaluator.postings(&indices, &queries).await?;
        let states = self.evaluator.review_states().await?;
        let mut by_property = BTreeMap::new();
        for index in indices {
            let segment = &self.evaluator.segments[index];
            let Some(matches) = self.evaluator.result(index) else { continue };
            let of_segment = ByProperty {
                states: segment.states(&states, &matches.all),
                actions: actions.each_ref().map(|action| segment.matching(&postings, action)),
                people: segment.each(&postings, &people),
            };
            by_property.insert(index, of_segment);
        }
        let summary = |(members, inspection): (&Members, &TokenQuery)| {
            let mut summary = self.summary(members, &by_property);
            summary.is_of_one = members.iter().all(|(index, bits)| {
                bits.is_subset(&self.evaluator.segments[index].matching(&postings, inspection))
            });
            summary
        };
        Ok(matching.iter().zip(&inspections).map(summary).collect())
    }

    fn summary(
        &self,
        members: &Members,
        by_property: &BTreeMap<usize, ByProperty<'_>>,
    ) -> GroupSummary {
        let mut summary = GroupSummary::default();
        let mut oldest = [i64::MAX; Action::ALL.len()];
        let mut numbers = [0; Action::ALL.len()];
        let mut newest: BTreeMap<&str, i64> = BTreeMap::new();
        for (index, bits) in members.iter() {
            let segment = &self.evaluator.segments[index];
            let Some(ByProperty { states, actions, people }) = by_property.get(&index) else {
                continue;
            };
            for (number, state) in summary.states.iter_mut().zip(states) {
                *number += bits.intersection_len(state);
            }
            for (at, action) in actions.iter().enumerate() {
                if let Some(both) = Extent::of_both(bits, action) {
                    numbers[at] += both.number;
                    oldest[at] = segment.id_at(both.least).min(oldest[at]);
                }
            }
            for (person, by_person) in people.iter() {
                if let Some(both) = Extent::of_both(bits, by_person) {
                    let last = newest.entry(person).or_insert(i64::MIN);
                    *last = segment.id_at(both.greatest).max(*last);
                }
            }
        }
        let mut order: Vec<usize> = (0..numbers.len()).filter(|at| numbers[*at] > 0).collect();
        order.sort_unstable_by_key(|at| oldest[*at]);
        summary.actions = order.into_iter().map(|at| (Action::ALL[at], numbers[at])).collect();
        summary.people = newest.into_values().collect();
        summary.people.sort_unstable_by(|a, b| b.cmp(a));
        summary
    }

    /// Returns the members that match.
    fn matching(&self, members: &Members) -> Members {
        let mut matching = Members::default();
        for (index, bits) in members.iter() {
            if let Some(matches) = self.evaluator.result(index) {
                matching.push(index, &matches.matching & bits);
            }
        }
        matching
    }
}
