//! Tests that a request that is retried because its answer was lost is not performed twice.

use crate::support::*;
use domain::{ChangeId, Field, Mutation, Role, Status, Target, Value};
use uuid::Uuid;

on_both!(a_retry_answers_with_the_first_change, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let roof = case.does(&ida, id, section("Roof")).await;
    let target = Target::Section(domain::SectionId(roof.id.0));
    let shows = case.does(&ida, id, equipment("Lift")).await.id;
    let mutations = [
        report(shows),
        section("Stairs"),
        equipment("Boiler"),
        photo("slate.jpg", None),
        edit(target, Field::Notes, Value::text("Slates loose.  ")),
        edit(Target::Inspection, Field::Inspector, Value::Person(None)),
    ];
    for mutation in mutations.into_iter().take(5) {
        let request = Uuid::now_v7();
        let mut changes = Vec::new();
        for _ in 0..2 {
            let mut work = case.store.begin(&ida, request, at(3)).await.unwrap();
            changes.push(work.perform(id, None, mutation.clone()).await.unwrap().unwrap());
            work.commit().await.unwrap();
        }
        assert_eq!(changes[0], changes[1], "{mutation:?}");
    }
    let request = Uuid::now_v7();
    let ready = status(Status::Review, None);
    let mut work = case.store.begin(&ida, request, at(4)).await.unwrap();
    let first = work.perform(id, None, ready.clone()).await.unwrap();
    work.commit().await.unwrap();
    let rita = case.person("Rita Example", Role::Reviewer).await;
    case.does(&rita, id, status(Status::Draft, Some("Look at the stairs."))).await;
    let mut work = case.store.begin(&ida, request, at(5)).await.unwrap();
    let expected = first.as_ref().map(|change| ChangeId(change.id.0 - 1));
    assert_eq!(work.perform(id, expected, ready).await.unwrap(), first);
    work.commit().await.unwrap();
    assert_eq!(case.inspection(id).await.status, Status::Draft);
    case.assert_folds(id).await;
});

on_both!(a_request_makes_one_report_whatever_it_shows, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let request = Uuid::now_v7();
    let mut made = Vec::new();
    for round in 0..3 {
        let shows = case.inspection(id).await.head;
        let mut work = case.store.begin(&ida, request, at(3 + round)).await.unwrap();
        made.push(work.perform(id, Some(shows), report(shows)).await.unwrap().unwrap());
        work.commit().await.unwrap();
        case.does(&ida, id, section(&format!("Section {round}"))).await;
    }
    assert!(made.iter().all(|change| *change == made[0]), "{made:?}");
    assert_eq!(case.inspection(id).await.reports.len(), 1);
    case.assert_folds(id).await;
});

on_both!(a_retried_creation_makes_one_inspection, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let request = Uuid::now_v7();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (store, ida) = (case.store.clone(), ida.clone());
        tasks.spawn(async move {
            let mut work = store.begin(&ida, request, at(0)).await.unwrap();
            let change = work.create(named("Riverside House")).await.unwrap();
            work.commit().await.unwrap();
            change
        });
    }
    let changes = tasks.join_all().await;
    assert!(changes.iter().all(|change| *change == changes[0]));
    let mut work = case.store.begin(&ida, request, at(0)).await.unwrap();
    let other = work.create(named("Another name")).await.unwrap();
    work.commit().await.unwrap();
    assert_ne!(other.id, changes[0].id, "other values are another inspection");
});

on_both!(something_new_under_an_old_request_is_done, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let request = Uuid::now_v7();
    let values = |client: &str| {
        let values = named("Riverside Court").with(Field::Client, Value::text(client));
        Mutation::Edit { target: Target::Inspection, values }
    };
    // The form sends all its fields; the first time only the name differs.
    for client in ["", "A client"] {
        let mut work = case.store.begin(&ida, request, at(3)).await.unwrap();
        assert!(work.perform(id, None, values(client)).await.unwrap().is_some());
        work.commit().await.unwrap();
    }
    let inspection = case.inspection(id).await;
    assert_eq!(
        (inspection.name.as_str(), inspection.client.as_str()),
        ("Riverside Court", "A client")
    );
});

on_both!(a_request_id_is_its_users_own, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ada = case.person("Ada Example", Role::Admin).await;
    let id = case.create(&ida, "Riverside House").await;
    let request = Uuid::now_v7();
    let mut ids = Vec::new();
    for actor in [&ida, &ada] {
        let mut work = case.store.begin(actor, request, at(3)).await.unwrap();
        ids.push(work.perform(id, None, section("Roof")).await.unwrap().unwrap().id);
        work.commit().await.unwrap();
    }
    assert_ne!(ids[0], ids[1]);
});
