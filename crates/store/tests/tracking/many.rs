//! Tests of one mutation for many inspections.

use crate::support::*;
use domain::{
    change::{Mutation, Refusal},
    inspection::{Field, Status, Target, Value},
    people::{Denied, Role},
};
use store::Error;
use uuid::Uuid;

on_both!(each_gets_its_own_record_and_refusals_do_not_stop_the_rest, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ira = case.person("Ira Example", Role::Inspector).await;
    let first = case.create(&ida, "First").await;
    let second = case.create(&ida, "Second").await;
    let theirs = case.create(&ira, "Theirs").await;
    let shows = case.inspection(first).await.head;
    case.does(&ida, first, report(shows)).await;
    case.does(&ida, second, section("Roof")).await;
    let waiting = case.create(&ida, "Waiting").await;
    case.does(&ida, waiting, status(Status::Review, None)).await;
    let nowhere = domain::id::InspectionId(99_999);

    let request = Uuid::now_v7();
    let ids = [first, theirs, second, nowhere, waiting, first];
    let mut work = case.store.begin(&ida, request, at(5)).await.unwrap();
    let many = work.perform_many(&ids, &status(Status::Review, None)).await.unwrap();
    work.commit().await.unwrap();
    let done: Vec<_> = many.done.iter().map(|change| change.inspection_id).collect();
    assert_eq!(done, [first, second]);
    assert!(many.done.iter().all(|change| change.request_id == request));
    let from_review = Refusal::Transition { from: Status::Review, to: Status::Review };
    let mut refused = many.refused.clone();
    refused.sort_by_key(|(id, _)| *id);
    let expected =
        [(theirs, Denied::NotYours.into()), (waiting, from_review), (nowhere, Refusal::NotThere)];
    assert_eq!(refused, expected);
    let inspection = case.inspection(first).await;
    assert!(!inspection.is_current(&inspection.reports[0]));
    for id in [first, second, theirs, waiting] {
        case.assert_folds(id).await;
    }

    let mut work = case.store.begin(&ida, request, at(6)).await.unwrap();
    let again = work.perform_many(&ids, &status(Status::Review, None)).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(again.done, many.done, "a retry answers as the first time");
    assert_eq!(case.records(second).await.len(), 3);
});

on_both!(a_field_of_many_changes_where_it_differs, |case| {
    let ada = case.person("Ada Example", Role::Admin).await;
    let ida = case.person("Ida Example", Role::Inspector).await;
    let first = case.create(&ada, "First").await;
    let second = case.create(&ida, "Second").await;
    let hand_over = edit(Target::Inspection, Field::Inspector, Value::Person(Some(ida.person())));
    let mut work = case.store.begin(&ada, Uuid::now_v7(), at(5)).await.unwrap();
    let many = work.perform_many(&[first, second], &hand_over).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!((many.done.len(), many.unchanged, many.refused), (1, vec![second], vec![]));
    assert_eq!(case.inspection(first).await.inspector, Some(ida.person()));
    case.assert_folds(first).await;

    let mut work = case.store.begin(&ada, Uuid::now_v7(), at(6)).await.unwrap();
    let result = work.perform_many(&[first], &section("Roof")).await;
    assert!(matches!(result, Err(Error::OneAtATime)), "{result:?}");
});

on_both!(a_correction_goes_past_draft_and_says_why, |case| {
    let ada = case.person("Ada Example", Role::Admin).await;
    let ida = case.person("Ida Example", Role::Inspector).await;
    let (first, second) = (case.create(&ida, "First").await, case.create(&ida, "Second").await);
    case.does(&ida, first, status(Status::Review, None)).await;
    let values = domain::inspection::Values::new()
        .with(Field::Client, Value::text("Harbour Trust"))
        .with(Field::Inspector, Value::Person(Some(ada.person())));
    let correct = Mutation::Correct { values, reason: "The contract says so.".into() };
    let mut work = case.store.begin(&ida, Uuid::now_v7(), at(5)).await.unwrap();
    let many = work.perform_many(&[first, second], &correct).await.unwrap();
    let denied = Refusal::Denied(Denied::Role);
    assert_eq!(many.refused, [(first, denied.clone()), (second, denied)]);
    drop(work);

    let request = Uuid::now_v7();
    for _ in 0..2 {
        let mut work = case.store.begin(&ada, request, at(5)).await.unwrap();
        let many = work.perform_many(&[first, second], &correct).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(many.done.len(), 2);
        assert!(many.done.iter().all(|change| change.request_id == request));
    }
    for id in [first, second] {
        let last = case.records(id).await.pop().unwrap();
        assert_eq!(last.record.data.reason.as_deref(), Some("The contract says so."));
        assert_eq!(case.inspection(id).await.inspector, Some(ada.person()));
        case.assert_folds(id).await;
        case.store.verify_inspection(id).await.unwrap();
    }
    assert_eq!(case.records(second).await.len(), 2, "a retry does nothing twice");
});

on_both!(the_number_of_statements_is_fixed, |case| {
    let ada = case.person("Ada Example", Role::Admin).await;
    let mut ids = Vec::new();
    let mut work = case.store.begin(&ada, Uuid::now_v7(), at(0)).await.unwrap();
    for number in 0..1_000 {
        ids.push(work.create(named(&format!("Number {number}"))).await.unwrap().inspection_id);
    }
    work.commit().await.unwrap();
    let client = |name: &str| edit(Target::Inspection, Field::Client, Value::text(name));
    let mutations: [(&[domain::id::InspectionId], Mutation); 4] = [
        (&ids[..1], client("One")),
        (&ids, client("All")),
        (&ids[..10], status(Status::Review, None)),
        (&ids[10..], status(Status::Review, None)),
    ];
    let mut statements = Vec::new();
    for (ids, mutation) in mutations {
        let mut work = case.store.begin(&ada, Uuid::now_v7(), at(1)).await.unwrap();
        let many = work.perform_many(ids, &mutation).await.unwrap();
        assert_eq!(many.done.len(), ids.len());
        statements.push(work.statements());
        work.commit().await.unwrap();
    }
    // On SQLite all writes count as one statement. An edit writes the search texts as well.
    let [edits @ .., _, _] = &statements[..] else { panic!("{statements:?}") };
    assert!(edits.iter().all(|it| *it == statements[0] && *it <= 6), "{statements:?}");
    assert!(statements[2..].iter().all(|it| *it == statements[2] && *it <= 5), "{statements:?}");
    case.assert_folds(ids[500]).await;
});
