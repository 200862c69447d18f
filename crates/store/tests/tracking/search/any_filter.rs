//! Property test: pages, counts, the activity and exports of any filter equal those of the model.

use super::{
    model::Model,
    sample::{busy, filters},
};
use crate::support::*;
use chrono::NaiveDate;
use domain::{
    feed::{ChangeFilter, Count, ReviewState},
    id::ChangeId,
};
use futures::TryStreamExt;
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};

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
