//! Property test: the index gives the same results as evaluating a filter change by change in
//! memory.

use crate::support::*;
use chrono::NaiveDate;
use domain::{
    change::{Action, Change},
    feed::{ChangeFilter, Count, EntryKey, Facets, Group, ReviewState, Summary},
    id::{ChangeId, InspectionId, UserId},
    inspection::{Field, Status, Target, Value},
    people::Role,
};
use futures::TryStreamExt;
use proptest::{
    prelude::*,
    sample::{select, subsequence},
    test_runner::{Config, TestCaseError, TestRunner},
};
use std::collections::{BTreeMap, BTreeSet};
use store::{ReviewTarget, Store};
use uuid::Uuid;

/// An entry: its key, its newest changes, their number, and their summary.
type Shown = (EntryKey, Vec<ChangeId>, Count, Summary);

/// All changes with their words and review states, newest first.
struct Model {
    changes: Vec<(Change, BTreeSet<String>, ReviewState)>,
    inspections: Vec<InspectionId>,
    users: Vec<UserId>,
    requests: Vec<Uuid>,
}

impl Model {
    /// Reads all changes from the histories of the inspections.
    async fn read(case: &Case, inspections: Vec<InspectionId>, users: Vec<UserId>) -> Self {
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

    fn matching(&self, filter: &ChangeFilter) -> Vec<&Change> {
        let matching = self
            .changes
            .iter()
            .filter(|(change, words, state)| filter.matches(change, words, *state));
        matching.map(|(change, ..)| change).collect()
    }

    fn count(&self, filter: &ChangeFilter) -> Count {
        Count::of(self.matching(filter).len() as u64)
    }

    /// Returns the entries of a page without changes after `last`, and the start of the next page.
    fn page(&self, filter: &ChangeFilter, last: ChangeId) -> (Vec<Shown>, Option<ChangeId>) {
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

const WORDS: [&str; 8] = ["roof", "Roofing", "loose", "Größe", "gutter", "gut", "12-34", "lo"];

/// Creates more changes than a block has, so that some are in no block.
async fn busy(case: &Case) -> Model {
    let ada = case.person("Ada Roofer", Role::Admin).await;
    let ida = case.person("Ida Müller", Role::Inspector).await;
    let gone = case.person("Gone Example", Role::Admin).await;
    let away = case.person("Away Example", Role::Admin).await;
    let mut inspections = Vec::new();
    for number in 0..70 {
        let name = format!("{} {number}", WORDS[number % WORDS.len()]);
        let actor = if number % 3 == 0 { &ada } else { &ida };
        inspections.push(case.create(actor, &name).await);
    }
    let many = |number: usize| match number % 4 {
        0 => edit(
            Target::Inspection,
            Field::Summary,
            Value::text(format!("{number} {}", WORDS[number % 7])),
        ),
        1 => edit(Target::Inspection, Field::Client, Value::text(format!("No. {number}"))),
        2 => edit(
            Target::Inspection,
            Field::Name,
            Value::text(format!("{} {number}", WORDS[number % 8])),
        ),
        _ => edit(Target::Inspection, Field::Address, Value::text(format!("Lane {number}"))),
    };
    for number in 0..92_usize {
        let actor = [&ada, &ada, &ida, &gone, &away][number % 5];
        let hours = i64::try_from(number).unwrap() * 9_000;
        let mut work = case.store.begin(actor, Uuid::now_v7(), at(hours)).await.unwrap();
        work.perform_many(&inspections[number % 5..], &many(number)).await.unwrap();
        // Another mutation in the same request, and one that is rolled back.
        work.perform(inspections[number % 70], None, section(WORDS[number % 8])).await.ok();
        if number % 7 == 3 {
            drop(work);
            continue;
        }
        work.commit().await.unwrap();
    }
    // One request is used twice, with others in between.
    let request = Uuid::now_v7();
    for (id, number) in [(inspections[1], 1), (inspections[2], 2), (inspections[1], 3)] {
        let named = if number == 2 { Uuid::now_v7() } else { request };
        let mut work = case.store.begin(&ada, named, at(600_000 + number)).await.unwrap();
        work.perform(id, None, photo(&format!("gutter{number}.jpg"), None)).await.unwrap();
        work.perform(id, None, equipment("Boiler")).await.unwrap();
        work.commit().await.unwrap();
    }
    // One account is deleted before the index is built, another one after it.
    case.store.delete_user(away.id).await.unwrap();
    case.empty_index().await;
    case.store.index_changes().await.unwrap();
    let (newest, flagged) = (ChangeId(i64::MAX), "action=add-section");
    for (query, state) in
        [("to=2026-03-05&-field=client", ReviewState::Reviewed), (flagged, ReviewState::Flagged)]
    {
        let (filter, _) = ChangeFilter::from_query(query);
        let (expected, _) = case.store.count_changes(&filter).await.unwrap();
        let target = ReviewTarget::Matching { filter, newest, expected };
        case.store.review(&ada, &target, state, None, at(0)).await.unwrap();
    }
    let mut work = case.store.begin(&ida, Uuid::now_v7(), at(700_000)).await.unwrap();
    work.perform_many(&inspections[..20], &status(Status::Review, None)).await.unwrap();
    work.commit().await.unwrap();
    case.store.delete_user(gone.id).await.unwrap();
    let users = vec![ada.id, ida.id, gone.id, UserId(9_999)];
    Model::read(case, inspections, users).await
}

fn filters(model: &Model) -> impl Strategy<Value = ChangeFilter> {
    let few = |number: usize| 0..=number;
    let facets = (
        subsequence(Action::ALL.to_vec(), few(3)),
        subsequence(model.users.clone(), few(2)),
        subsequence(model.inspections[..6].to_vec(), few(2)),
        subsequence(vec![Field::Name, Field::Client, Field::Summary, Field::Kind], few(2)),
        subsequence(ReviewState::ALL.to_vec(), few(2)),
    );
    let facets = facets.prop_map(|(actions, users, inspections, fields, states)| Facets {
        actions,
        users,
        inspections,
        fields,
        states,
    });
    let nothing = Just(Facets::default());
    let facets = prop_oneof![2 => nothing.clone(), 1 => nothing, 3 => facets].boxed();
    let days = prop::option::weighted(
        0.3,
        (0..14_u64).prop_map(|day| {
            let first: NaiveDate = "2026-02-28".parse().unwrap();
            first + chrono::Days::new(day)
        }),
    );
    let words = select(vec![
        "", "", "", "r", "roof", "roofi", "müll", "GRÖS", "lo 12", "boil", "ga", "bi 2026", "no 13",
    ]);
    let newest = model.changes[0].0.id.0;
    (
        (facets.clone(), facets),
        prop::option::weighted(0.1, select(model.requests.clone())),
        words,
        (days.clone(), days),
        select(Group::ALL.to_vec()),
        prop::option::weighted(0.5, 1..newest),
    )
        .prop_map(|((with, without), request, words, (from, to), group, before)| {
            ChangeFilter {
                actions: with.actions,
                users: with.users,
                inspections: with.inspections,
                fields: with.fields,
                states: with.states,
                without,
                request,
                words: words.into(),
                from,
                to,
                group,
                before: before.map(ChangeId),
            }
        })
}

async fn check(
    case: &Case,
    model: &Model,
    filter: &ChangeFilter,
    last: Option<ChangeId>,
) -> Result<(), TestCaseError> {
    let page = case.store.changes(filter, last).await.unwrap();
    let shown: Vec<_> = page
        .entries
        .iter()
        .map(|entry| {
            let ids: Vec<_> = entry.rows.iter().map(|row| row.change.id).collect();
            (entry.key, ids, entry.count, entry.summary.clone())
        })
        .collect();
    let last = last.unwrap_or(ChangeId(i64::MAX));
    prop_assert_eq!((shown, page.next), model.page(filter, last));
    prop_assert_eq!(page.newest, Some(last.min(model.changes[0].0.id)));
    prop_assert_eq!(page.total, model.count(filter));
    for (action, count) in page.counts {
        let mut only = ChangeFilter { actions: vec![action], ..filter.clone() };
        only.without.actions.clear();
        prop_assert_eq!(count, model.count(&only), "{}", action);
    }
    let tab = |states: &[ReviewState]| {
        let mut only = ChangeFilter { states: states.to_vec(), ..filter.clone() };
        only.without.states.clear();
        model.count(&only)
    };
    let tabs = (page.tabs.unreviewed, page.tabs.flagged, page.tabs.all);
    let expected = (tab(&[ReviewState::Unreviewed]), tab(&[ReviewState::Flagged]), tab(&[]));
    prop_assert_eq!(tabs, expected);

    let ids: Vec<ChangeId> = model.matching(filter).iter().map(|change| change.id).collect();
    let counted = case.store.count_changes(filter).await.unwrap();
    prop_assert_eq!(counted, (ids.len() as u64, Some(model.changes[0].0.id)));
    let latest = case.store.latest_changes(filter, 30).await.unwrap();
    let latest: Vec<_> = latest.iter().map(|row| row.change.id).collect();
    let older = ids.iter().filter(|id| filter.before.is_none_or(|before| **id < before));
    prop_assert_eq!(latest, older.take(30).copied().collect::<Vec<_>>());
    if let Some(before) = filter.before {
        let newer = ids.iter().filter(|id| **id > before).count() as u64;
        let page = case.store.changes(filter, Some(before)).await.unwrap();
        prop_assert_eq!(page.later, Count::of(newer));
    }
    let today: NaiveDate = "2026-03-12".parse().unwrap();
    let activity = case.store.activity(filter, 30, today).await.unwrap();
    let until = filter.to.map_or(today, |to| to.min(today));
    let known = model.matching(&ChangeFilter { to: Some(until), ..filter.clone() });
    prop_assert_eq!(activity.total, known.len() as u64);
    for (day, counts) in activity.days {
        for (action, count) in counts {
            let same = known.iter().filter(|change| {
                change.created_at.date_naive() == day && change.record.action == action
            });
            prop_assert_eq!(count, same.count() as u64);
        }
    }
    Ok(())
}

fn check_any_filter(case: Case, runtime: &tokio::runtime::Runtime) {
    let model = runtime.block_on(busy(&case));
    assert!(model.changes.len() > 4_096 + 512, "{} changes", model.changes.len());
    let mut runner =
        TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(150) });
    let newest = model.changes[0].0.id.0;
    let last = prop::option::weighted(0.4, (1..newest + 2).prop_map(ChangeId));
    let result = runner.run(&(filters(&model), last), |(filter, last)| {
        runtime.block_on(check(&case, &model, &filter, last))
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    // An export contains all matches, in order.
    let (filter, _) = ChangeFilter::from_query("-field=client&state=unreviewed");
    let rows = case.store.stream_changes(filter.clone()).try_collect::<Vec<_>>();
    let ids: Vec<_> = runtime.block_on(rows).unwrap().iter().map(|row| row.change.id).collect();
    let expected: Vec<_> = model.matching(&filter).iter().map(|change| change.id).collect();
    assert!(expected.len() > 1_000);
    assert_eq!(ids, expected);
    runtime.block_on(check_plans(&case, &model));
    if !case.is_sqlite() {
        runtime.block_on(case.close());
    }
}

/// Checks that no statement of a page reads all changes. PostgreSQL prefers a full scan for so few
/// rows even with an index, so sequential scans are disabled; it then uses one only if no index
/// serves.
async fn check_plans(case: &Case, model: &Model) {
    let mut raw = case.raw().await;
    raw.run("analyze").await.unwrap();
    if !case.is_sqlite() {
        let never = "do $$ begin execute format('alter database %I set enable_seqscan = off', \
            current_database()); end $$";
        raw.run(never).await.unwrap();
    }
    let store = case.opened_again().await;
    let (user, inspection) = (model.users[0], model.inspections[0]);
    for query in [
        String::new(),
        "action=edit".into(),
        "action=add-photo&before=2000".into(),
        "-action=edit&-field=name".into(),
        format!("user={user}&-inspection={inspection}"),
        format!("inspection={inspection}&group=inspection"),
        "q=roof+gutter&field=summary".into(),
        "q=boiler&group=day".into(),
        "from=2026-03-03&to=2026-03-04&state=unreviewed".into(),
        format!("request={}&state=flagged", model.requests[0]),
    ] {
        let (filter, _) = ChangeFilter::from_query(&query);
        for plan in store.explain_changes(&filter).await.unwrap() {
            let full = plan.lines().skip(1).find(|line| {
                let line = line.trim();
                let of_changes =
                    [" c", " o", " changes", " p", " index_pages", " reviewed_changes", " m"];
                let scan =
                    line.starts_with("SCAN") && of_changes.iter().any(|it| line.ends_with(it));
                scan || line.contains("Seq Scan on changes")
                    || line.contains("Seq Scan on index_pages")
                    // It must not filter all pages of a block for each token.
                    || line.contains("Filter: (first_token = ")
                    || line.contains("Seq Scan on reviewed_changes")
            });
            assert_eq!(full, None, "{query}: {plan}");
        }
    }
}

#[test]
fn any_filter_is_answered_rightly_on_sqlite() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let case = runtime.block_on(Case::sqlite());
    check_any_filter(case, &runtime);
}

#[test]
fn any_filter_is_answered_rightly_on_postgres() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let case = runtime.block_on(Case::postgres());
    check_any_filter(case, &runtime);
}

/// Checks that merging sixteen blocks into one does not alter the results.
async fn check_great_blocks(case: Case) {
    const INSPECTIONS: u64 = 500;
    const ROUNDS: u64 = 133;
    let ada = case.person("Ada Roofer", Role::Admin).await;
    let mut inspections = Vec::new();
    for number in 0..INSPECTIONS {
        inspections.push(case.create(&ada, &format!("House {number}")).await);
    }
    for round in 0..ROUNDS {
        let field = if round % 3 == 0 { Field::Client } else { Field::Summary };
        let value = Value::text(format!("roof r{round}x"));
        let days = i64::try_from(round + 1).unwrap() * 86_400;
        let mut work = case.store.begin(&ada, Uuid::now_v7(), at(days)).await.unwrap();
        let edit = edit(Target::Inspection, field, value);
        work.perform_many(&inspections, &edit).await.unwrap();
        work.commit().await.unwrap();
    }
    case.store.index_changes().await.unwrap();
    let all = INSPECTIONS * (ROUNDS + 1);
    assert!(all > 65_536 + 512);
    let first = at(0).date_naive();
    let day = first + chrono::Days::new(100);
    let expected = [
        ("action=edit".to_owned(), all),
        // The field is also set at creation.
        ("field=client".into(), INSPECTIONS * (ROUNDS.div_ceil(3) + 1)),
        ("q=roof&-field=client".into(), INSPECTIONS * (ROUNDS - ROUNDS.div_ceil(3))),
        (format!("inspection={}", inspections[7]), ROUNDS + 1),
        (format!("q=r131x&user={}", ada.id), INSPECTIONS),
        (format!("from={day}&to={day}"), INSPECTIONS),
        (format!("to={}", first + chrono::Days::new(9)), INSPECTIONS * 10),
        ("q=house+499".into(), ROUNDS + 1),
        ("q=nowhere".into(), 0),
    ];
    check_counts(&case.store, &expected).await;
    // Another process with empty caches finds the same.
    check_counts(&case.opened_again().await, &expected).await;
    // So does one that builds the index again.
    let blocks = case.empty_index().await;
    let other = case.opened_again().await;
    other.index_changes().await.unwrap();
    assert_eq!(case.raw().await.number("select count(*) from index_blocks").await, blocks);
    check_counts(&other, &expected).await;
    case.close().await;
}

/// Checks the numbers of matches.
async fn check_counts(store: &Store, expected: &[(String, u64)]) {
    for (query, expected) in expected {
        let (filter, problems) = ChangeFilter::from_query(query);
        assert_eq!(problems, [], "{query}");
        let (found, _) = store.count_changes(&filter).await.unwrap();
        assert_eq!(found, *expected, "{query}");
    }
}

#[tokio::test]
async fn great_blocks_say_what_the_small_ones_said_on_sqlite() {
    check_great_blocks(Case::sqlite().await).await;
}

#[tokio::test]
async fn great_blocks_say_what_the_small_ones_said_on_postgres() {
    check_great_blocks(Case::postgres().await).await;
}
