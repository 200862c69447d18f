//! Evaluation of filters in memory.

use crate::support::*;
use domain::{
    change::{Action, Change},
    feed::{ChangeFilter, Count, EntryKey, ReviewState, Summary},
    id::{ChangeId, InspectionId, UserId},
    inspection::{Field, Value},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// An entry: its key, its newest changes, their number, and their summary.
pub(super) type Shown = (EntryKey, Vec<ChangeId>, Count, Summary);

/// All changes with their words and review states, newest first.
pub(super) struct Model {
    pub(super) changes: Vec<(Change, BTreeSet<String>, ReviewState)>,
    pub(super) inspections: Vec<InspectionId>,
    pub(super) users: Vec<UserId>,
    pub(super) requests: Vec<Uuid>,
}

impl Model {
    /// Reads all changes from the histories of the inspections.
    pub(super) async fn read(
        case: &Case,
        inspections: Vec<InspectionId>,
        users: Vec<UserId>,
    ) -> Self {
        let mut changes = Vec::new();
        for id in &inspections {
            let reference = case.inspection(*id).await.reference;
            let mut name = String::new();
            for change in case.records(*id).await {
                let record = &change.record;
                if let (Action::Edit, None, Some(Value::Text(given))) =
                    (record.action, &record.related, record.data.after.get(Field::Name))
                {
                    name.clone_from(given);
                }
                let words = change.words(&reference, &name);
                changes.push((change, words, ReviewState::Unreviewed));
            }
        }
        changes.sort_by_key(|(change, ..)| std::cmp::Reverse(change.id));
        let ids: Vec<_> = changes.iter().map(|(change, ..)| change.id).collect();
        let reviews = case.store.reviews_of(&ids).await.unwrap();
        for (change, _, state) in &mut changes {
            *state = reviews.get(&change.id).map_or(*state, |review| review.state);
        }
        let requests: BTreeSet<_> = changes.iter().map(|(change, ..)| change.request_id).collect();
        Self { changes, inspections, users, requests: requests.into_iter().collect() }
    }

    pub(super) fn matching(&self, filter: &ChangeFilter) -> Vec<&Change> {
        let matching = self
            .changes
            .iter()
            .filter(|(change, words, state)| filter.matches(change, words, *state));
        matching.map(|(change, ..)| change).collect()
    }

    pub(super) fn count(&self, filter: &ChangeFilter) -> Count {
        Count::of(self.matching(filter).len() as u64)
    }

    /// Returns the entries of a page without changes after `last`, and the start of the next page.
    pub(super) fn page(
        &self,
        filter: &ChangeFilter,
        last: ChangeId,
    ) -> (Vec<Shown>, Option<ChangeId>) {
        let mut entries: Vec<(EntryKey, Vec<ChangeId>)> = Vec::new();
        let mut places: BTreeMap<EntryKey, usize> = BTreeMap::new();
        for change in self.matching(filter).into_iter().filter(|change| change.id <= last) {
            let key = filter.group.key(change);
            let place = *places.entry(key).or_insert(entries.len());
            if place == entries.len() {
                entries.push((key, Vec::new()));
            }
            entries[place].1.push(change.id);
        }
        entries.retain(|(_, ids)| filter.before.is_none_or(|before| ids[0] < before));
        let more = entries.len() > filter.group.page();
        entries.truncate(filter.group.page());
        let next = entries.last().filter(|_| more).map(|(_, ids)| ids[0]);
        let shown = entries.into_iter().map(|(key, mut ids)| {
            let count = Count::of(ids.len() as u64);
            let summary = self.summary(&ids);
            ids.truncate(filter.shown());
            (key, ids, count, summary)
        });
        (shown.collect(), next)
    }

    /// Returns the summary of these changes, given newest first.
    fn summary(&self, ids: &[ChangeId]) -> Summary {
        let mut summary = Summary::default();
        let (mut people, mut inspections) = (Vec::new(), BTreeSet::new());
        for id in ids {
            let at = self.changes.binary_search_by(|(change, ..)| id.cmp(&change.id)).unwrap();
            let (change, _, state) = &self.changes[at];
            summary.states[*state as usize] += 1;
            inspections.insert(change.inspection_id);
            if !people.contains(&change.user_name) {
                people.push(change.user_name.clone());
            }
            // The action that occurred first is visited last.
            let action = change.record.action;
            let number = summary.actions.iter().position(|(it, _)| *it == action);
            let number = number.map_or(0, |at| summary.actions.remove(at).1);
            summary.actions.insert(0, (action, number + 1));
        }
        summary.others = people.len().saturating_sub(Summary::NAMED) as u64;
        people.truncate(Summary::NAMED);
        summary.people = people;
        summary.inspection = inspections.pop_first().filter(|_| inspections.is_empty());
        summary
    }
}
