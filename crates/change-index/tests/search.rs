//! Searches compared with going through all changes, over segments of both levels and the memtable.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use change_index::{
    ChangeIndex, IndexError, IndexHead, IndexStorage, IndexedChange, PostingsPage, Query,
    ReviewStates, ReviewStatesRow, SegmentBuilder, StoredSegment, next_segment,
    tokens::{self, TokenQuery},
};
use chrono::{Days, NaiveDate};
use domain::{
    change::Action,
    feed::{ChangeFilter, Count, ReviewState},
    id::{ChangeId, InspectionId, UserId},
};
use proptest::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    pin::pin,
    task::{Context, Poll, Waker},
};

/// Greatest id of a change, so that there are a large segment, small ones and a memtable.
const MAX_ID: i64 = 80_000;

#[derive(Clone, Debug)]
struct Change {
    id: i64,
    action: Action,
    user: UserId,
    inspection: InspectionId,
    day: NaiveDate,
    state: ReviewState,
}

impl Change {
    fn indexed(&self) -> IndexedChange {
        let tokens = [
            "*".into(),
            tokens::action(self.action),
            tokens::user(self.user),
            tokens::inspection(self.inspection),
            tokens::day(self.day),
        ];
        IndexedChange { id: self.id, day: self.day, tokens: tokens.into() }
    }

    fn matches(&self, filter: &ChangeFilter) -> bool {
        let is_of = |actions: &[Action]| actions.contains(&self.action);
        (filter.actions.is_empty() || is_of(&filter.actions))
            && !is_of(&filter.without.actions)
            && (filter.users.is_empty() || filter.users.contains(&self.user))
            && (filter.inspections.is_empty() || filter.inspections.contains(&self.inspection))
            && (filter.states.is_empty() || filter.states.contains(&self.state))
            && filter.from.is_none_or(|from| from <= self.day)
            && filter.to.is_none_or(|to| self.day <= to)
    }
}

/// An index in memory.
struct Memory {
    changes: Vec<IndexedChange>,
    segments: Vec<(StoredSegment, Vec<PostingsPage>)>,
    states: Vec<ReviewStatesRow>,
}

impl Memory {
    fn new(changes: &[Change]) -> Self {
        let mut states = ReviewStates::default();
        for change in changes {
            states.set(ChangeId(change.id), change.state);
        }
        let rows: BTreeSet<i64> =
            changes.iter().map(|change| ReviewStates::row_number(ChangeId(change.id))).collect();
        let states = rows.into_iter().map(|number| states.row(number)).collect();
        let indexed = changes.iter().map(Change::indexed).collect();
        Self { changes: indexed, segments: Vec::new(), states }
    }

    fn stored(&self) -> Vec<StoredSegment> {
        self.segments.iter().map(|(segment, _)| segment.clone()).collect()
    }

    /// Builds segments for all changes below an id.
    fn build(&mut self, next: i64) {
        while let Some(key) = next_segment(&self.stored(), next) {
            let open = StoredSegment::end_of(&self.stored());
            let mut builder = SegmentBuilder::new(key);
            for change in self.changes.iter().filter(|change| change.id >= open) {
                builder.add(change.clone());
            }
            let is_part = |part: &StoredSegment| {
                key.first() <= part.key.first() && part.key.end() <= key.end()
            };
            let all = std::mem::take(&mut self.segments);
            let (parts, rest): (Vec<_>, Vec<_>) =
                all.into_iter().partition(|(segment, _)| is_part(segment));
            self.segments = rest;
            for (part, pages) in parts {
                builder.merge(&part, pages).unwrap();
            }
            let new = builder.finish().unwrap();
            let segment = StoredSegment {
                id: key.end() * 2 + key.level(),
                key,
                first_day: new.first_day,
                last_day: new.last_day,
            };
            self.segments.push((segment, new.pages));
        }
    }
}

impl IndexStorage for Memory {
    type Error = IndexError;

    async fn head(&mut self) -> Result<IndexHead, IndexError> {
        let newest = self.changes.last().map(|change| change.id);
        Ok(IndexHead { newest, review_version: 1, segments: self.stored() })
    }

    async fn changes_from(&mut self, first: i64) -> Result<Vec<IndexedChange>, IndexError> {
        Ok(self.changes.iter().filter(|change| change.id >= first).cloned().collect())
    }

    async fn pages(
        &mut self,
        segments: &[i64],
        queries: &BTreeSet<TokenQuery>,
    ) -> Result<Vec<(i64, PostingsPage)>, IndexError> {
        let mut found = Vec::new();
        for (segment, pages) in &self.segments {
            if !segments.contains(&segment.id) {
                continue;
            }
            for query in queries {
                let mut before =
                    pages.iter().filter(|page| page.first_token.as_str() <= query.first());
                found.extend(before.next_back().map(|page| (segment.id, page.clone())));
                let within = pages.iter().filter(|page| {
                    query.range().is_some_and(|(first, end)| {
                        first < page.first_token.as_str() && page.first_token.as_str() < end
                    })
                });
                found.extend(within.map(|page| (segment.id, page.clone())));
            }
        }
        Ok(found)
    }

    async fn review_states(&mut self, _version: i64) -> Result<Vec<ReviewStatesRow>, IndexError> {
        Ok(self.states.clone())
    }
}

/// Returns the output of a future that never waits, because the index is in memory.
fn finish<T>(future: impl Future<Output = Result<T, IndexError>>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output.unwrap(),
        Poll::Pending => panic!("the index is in memory"),
    }
}

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).unwrap() + Days::new(number)
}

/// Changes on ascending days, some of them close together.
fn changes() -> impl Strategy<Value = Vec<Change>> {
    let ids = prop_oneof![0..MAX_ID, 60_000..62_000_i64, 78_000..MAX_ID];
    let rest = (0..4_usize, 1..6_i64, 1..4_i64, 0..3_usize);
    prop::collection::btree_map(ids, rest, 1..300).prop_map(|changes| {
        let change = |(id, (action, user, inspection, state)): (i64, _)| Change {
            id,
            action: Action::ALL[action],
            user: UserId(user),
            inspection: InspectionId(inspection),
            day: day(u64::try_from(id / 5_000).unwrap()),
            state: ReviewState::ALL[state],
        };
        changes.into_iter().map(change).collect()
    })
}

fn filters() -> impl Strategy<Value = ChangeFilter> {
    let actions = prop::collection::vec(0..4_usize, 0..3);
    let users = prop::collection::vec(1..6_i64, 0..3);
    let inspections = prop::collection::vec(1..4_i64, 0..2);
    let states = prop::collection::vec(0..3_usize, 0..2);
    let days = (prop::option::of(0..18_u64), prop::option::of(0..18_u64));
    let without = prop::collection::vec(0..4_usize, 0..2);
    (actions, users, inspections, states, days, without).prop_map(
        |(actions, users, inspections, states, (from, to), without)| {
            let of = |actions: Vec<usize>| actions.into_iter().map(|at| Action::ALL[at]).collect();
            let mut filter = ChangeFilter {
                actions: of(actions),
                users: users.into_iter().map(UserId).collect(),
                inspections: inspections.into_iter().map(InspectionId).collect(),
                states: states.into_iter().map(|at| ReviewState::ALL[at]).collect(),
                from: from.map(day),
                to: to.map(day),
                ..ChangeFilter::default()
            };
            filter.without.actions = of(without);
            filter
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn searches_find_the_matches(
        changes in changes(),
        filter in filters(),
        indexed in 0..=MAX_ID,
        last in 0..=MAX_ID,
        most in 1..20_usize,
    ) {
        let mut storage = Memory::new(&changes);
        storage.build(indexed.min(changes.last().unwrap().id + 1));
        storage.build(changes.last().unwrap().id + 1);
        let index = ChangeIndex::default();
        let query = Query::new(&filter, &(1..6).map(UserId).collect(), None);
        let matching: Vec<&Change> =
            changes.iter().rev().filter(|change| change.matches(&filter)).collect();
        let ids: Vec<i64> = matching.iter().map(|change| change.id).collect();

        // Each search after the first finds posting lists in the cache.
        for _ in 0..2 {
            let search = finish(index.search(&mut storage, query.clone()));
            prop_assert_eq!(finish(search.count_matching(true)), ids.len() as u64);
        }
        let search = finish(index.search(&mut storage, query.clone()));
        let until: Vec<i64> = ids.iter().copied().filter(|id| *id <= last).collect();
        prop_assert_eq!(finish(search.all_until(last)), &until[..]);

        let mut search = finish(index.search(&mut storage, query.clone()));
        let counts = finish(search.count());
        prop_assert_eq!(counts.matching, ids.len() as u64);
        for (at, action) in Action::ALL.into_iter().enumerate() {
            let mut others = filter.clone();
            others.actions.clear();
            others.without.actions.clear();
            let expected =
                changes.iter().filter(|it| it.action == action && it.matches(&others)).count();
            prop_assert_eq!(counts.actions[at], expected as u64);
        }
        let mut others = filter.clone();
        others.states.clear();
        let in_state = |state: ReviewState| {
            changes.iter().filter(|it| it.state == state && it.matches(&others)).count() as u64
        };
        prop_assert_eq!(counts.unreviewed, in_state(ReviewState::Unreviewed));
        prop_assert_eq!(counts.flagged, in_state(ReviewState::Flagged));
        prop_assert_eq!(finish(search.count_after(last)), (ids.len() - until.len()) as u64);

        let mut search = search.bound(Some(last));
        let mut read = Vec::new();
        loop {
            let newest = finish(search.newest(i64::MAX, most));
            if newest.is_empty() {
                break;
            }
            newest.iter().for_each(|id| search.mark_one_returned(*id));
            read.extend(newest);
        }
        prop_assert_eq!(&read, &until);

        let mut search = finish(search.evaluate());
        let mut days: BTreeMap<NaiveDate, [u64; Action::ALL.len()]> = BTreeMap::new();
        for change in matching.iter().filter(|change| change.id <= last) {
            days.entry(change.day).or_default()[change.action as usize] += 1;
        }
        let by_day = finish(search.by_day());
        let by_day: BTreeMap<_, _> =
            by_day.into_iter().filter(|(_, counts)| counts.iter().any(|count| *count > 0)).collect();
        prop_assert_eq!(&by_day, &days);
        let newest = finish(search.newest_days(i64::MAX, most));
        let expected: Vec<NaiveDate> = days.keys().rev().take(most).copied().collect();
        prop_assert_eq!(newest.iter().map(|(day, _)| *day).collect::<Vec<_>>(), expected);
        for (day, members) in &newest {
            let number: u64 = days[day].iter().sum();
            prop_assert_eq!(search.as_bounded().count_members(members), number);
        }

        let inspection = TokenQuery::One(tokens::inspection(InspectionId(1)));
        let members = finish(search.members_with(&[inspection])).pop().unwrap();
        let of_one: Vec<i64> = matching
            .iter()
            .filter(|it| it.inspection == InspectionId(1) && it.id <= last)
            .map(|it| it.id)
            .collect();
        let search = search.as_bounded();
        prop_assert_eq!(search.newest_members(&members, usize::MAX), &of_one[..]);
        let summary = finish(search.summaries(&[(members, InspectionId(1))])).pop().unwrap();
        prop_assert!(summary.is_of_one);
        prop_assert_eq!(summary.states.iter().sum::<u64>(), of_one.len() as u64);
        let counted: u64 = summary.actions.iter().map(|(_, count)| count).sum();
        prop_assert_eq!(counted, of_one.len() as u64);
        let newest_of: BTreeMap<UserId, i64> = matching
            .iter()
            .rev()
            .filter(|it| of_one.contains(&it.id))
            .map(|it| (it.user, it.id))
            .collect();
        let mut newest_of: Vec<i64> = newest_of.into_values().collect();
        newest_of.sort_unstable_by(|a, b| b.cmp(a));
        prop_assert_eq!(summary.people, newest_of);
    }
}

#[test]
fn counts_stop_once_more_would_change_nothing_shown() {
    let change = |id| Change {
        id,
        action: Action::ALL[usize::try_from(id).unwrap() % Action::ALL.len()],
        user: UserId(1),
        inspection: InspectionId(1),
        day: day(0),
        state: ReviewState::ALL[usize::try_from(id / 10).unwrap() % 3],
    };
    let changes: Vec<Change> = (0..4_096 * 8).map(change).collect();
    let mut storage = Memory::new(&changes);
    storage.build(4_096 * 8);
    let index = ChangeIndex::default();
    let query = Query::new(&ChangeFilter::default(), &BTreeSet::new(), None);
    let search = finish(index.search(&mut storage, query.clone()));
    let number = finish(search.count_matching(false));
    assert!(number > u64::from(Count::MAX_EXACT));
    let search = finish(index.search(&mut storage, query));
    assert_eq!(finish(search.count_matching(true)), 4_096 * 8);
}
