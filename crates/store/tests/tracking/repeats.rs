//! Tests that a request that is retried because its answer was lost is not performed twice.

use crate::support::*;
use domain::{
    change::MutationKind,
    id::ChangeId,
    inspection::{Field, Status, Target, Value},
    people::Role,
};
use store::Error;
use uuid::Uuid;

on_both!(a_retry_answers_with_the_first_change, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let roof = case.does(&ida, id, section("Roof")).await;
    let target = Target::Section(domain::id::SectionId(roof.id.0));
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
    let again = work.create(named("Another name")).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(again, changes[0], "a mutation is told by its key");
});

on_both!(a_request_of_several_mutations_sent_ten_times_at_once_is_done_once, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let request = Uuid::now_v7();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let (store, ida) = (case.store.clone(), ida.clone());
        tasks.spawn(async move {
            let mut work = store.begin(&ida, request, at(1)).await.unwrap();
            let mut changes = Vec::new();
            // The second is as the first, and the third changes nothing.
            for mutation in [
                section("Roof"),
                section("Roof"),
                edit(Target::Inspection, Field::Name, Value::text("Riverside House")),
                photo("slate.jpg", None),
            ] {
                changes.push(work.perform(id, None, mutation).await.unwrap());
            }
            work.commit().await.unwrap();
            changes
        });
    }
    let answers = tasks.join_all().await;
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let ordinals: Vec<_> = answers[0].iter().flatten().map(|change| change.ordinal).collect();
    assert_eq!(ordinals, [1, 2, 4]);
    let inspection = case.inspection(id).await;
    assert_eq!((inspection.sections.len(), inspection.photos.len()), (2, 1));
    assert_eq!(case.records(id).await.len(), 4);
    case.assert_folds(id).await;
});

on_both!(a_key_of_another_mutation_is_refused, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let other = case.create(&ida, "Another house").await;
    let request = Uuid::now_v7();
    let mut work = case.store.begin(&ida, request, at(3)).await.unwrap();
    work.perform(id, None, section("Roof")).await.unwrap().unwrap();
    work.commit().await.unwrap();
    for (id, mutation) in [(id, equipment("Lift")), (other, section("Roof"))] {
        let mut work = case.store.begin(&ida, request, at(3)).await.unwrap();
        let result = work.perform(id, None, mutation).await;
        assert!(matches!(result, Err(Error::RequestReused)), "{result:?}");
    }
    // A later mutation of the same request is new.
    let mut work = case.store.begin(&ida, request, at(3)).await.unwrap();
    work.perform(id, None, section("Roof")).await.unwrap().unwrap();
    let lift = work.perform(id, None, equipment("Lift")).await.unwrap().unwrap();
    work.commit().await.unwrap();
    assert_eq!(lift.ordinal, 2);
});

on_both!(no_two_changes_share_a_key, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let mut raw = case.raw().await;
    let head = format!("update inspections set change_id = 9000, number = 2 where id = {id}");
    let columns = "created_at, user_id, user_name, request_id, ordinal, action, kind, fields, \
         related_model, related_str, related_data, author_id, hash";
    let twin = format!(
        "insert into changes (id, inspection_id, number, {columns}) \
         select 9000, {id}, 2, {columns} from changes where inspection_id = {id}"
    );
    let result = raw.transaction(&[head.clone(), twin.clone()]).await;
    assert!(result.is_err(), "a second change has the key of the first");
    let (into, from) = twin.split_once(" select ").unwrap();
    let other = format!("{into} select {}", from.replace("ordinal", "ordinal + 1"));
    raw.transaction(&[head, other]).await.expect("another key is another change");
});

on_both!(a_request_id_is_its_users_own, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ada = case.person("Ada Example", Role::Admin).await;
    let id = case.create(&ida, "Riverside House").await;
    let request = Uuid::now_v7();
    let mut work = case.store.begin(&ida, request, at(3)).await.unwrap();
    work.perform(id, None, section("Roof")).await.unwrap().unwrap();
    work.commit().await.unwrap();
    let mut work = case.store.begin(&ada, request, at(3)).await.unwrap();
    let result = work.perform(id, None, section("Roof")).await;
    assert!(matches!(result, Err(Error::RequestReused)), "{result:?}");
    drop(work);
    assert_eq!(case.inspection(id).await.sections.len(), 1);
});

on_both!(the_database_knows_the_kinds_and_their_actions, |case| {
    let mut raw = case.raw().await;
    let mut pairs = 0;
    for kind in MutationKind::ALL {
        for action in kind.actions() {
            let text = format!(
                "select count(*) from mutation_kinds where kind = '{kind}' and action = '{action}'"
            );
            assert_eq!(raw.number(&text).await, 1, "{kind} as {action}");
            pairs += 1;
        }
    }
    assert_eq!(raw.number("select count(*) from mutation_kinds").await, pairs);
});
