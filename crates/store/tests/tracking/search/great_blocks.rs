//! Tests of counts in an index whose blocks were merged.

use crate::support::*;
use domain::{
    feed::ChangeFilter,
    inspection::{Field, Target, Value},
    people::Role,
};
use store::Store;
use uuid::Uuid;

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
