//! Tests of several nodes that record at once. On SQLite they are one.

use super::*;
use domain::{id::ChangeId, inspection::Status, people::Role, revert::Choices};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::task::JoinSet;

on_both!(a_reader_sees_no_change_after_a_newer_one, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ids = create_all(case, &ida, 24).await;
    let mut writers = JoinSet::new();
    for node in 0..3 {
        let store = case.another_node().await;
        for writer in 0..8 {
            // Every second inspection is edited through two nodes.
            let own = if writer % 2 == 0 { writer } else { node * 8 + writer };
            let (store, ida, id) = (store.clone(), ida.clone(), ids[own]);
            writers.spawn(async move {
                for number in 0..20 {
                    let edit = client(&format!("Node {node}, client {number}"));
                    store.record(request(&ida, id, edit)).await.unwrap();
                }
            });
        }
    }
    let ends = Arc::new(AtomicBool::new(false));
    let (mut raw, ended) = (case.raw().await, ends.clone());
    let reading = tokio::spawn(async move {
        let mut reads = 0;
        loop {
            let is_last = ended.load(Ordering::SeqCst);
            let both = raw.number("select max(id) * 1000000 + count(*) from changes").await;
            let (newest, count) = (both / 1_000_000, both % 1_000_000);
            let up_to = format!("select count(*) from changes where id <= {newest}");
            assert_eq!(raw.number(&up_to).await, count, "a change came after a newer one");
            reads += 1;
            if is_last {
                return reads;
            }
        }
    });
    writers.join_all().await;
    ends.store(true, Ordering::SeqCst);
    assert!(reading.await.unwrap() > 1);
    for id in ids {
        case.assert_folds(id).await;
    }
});

/// Numbers that look random, the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// Does something to one of the inspections. A refusal or a conflict is an outcome as well.
async fn act(store: &Store, people: &[Actor], ids: &[InspectionId], dice: &mut Dice) {
    let (actor, id) = (&people[dice.roll(people.len())], ids[dice.roll(ids.len())]);
    let now = store.inspection(id).await.unwrap().unwrap();
    let is_expected = dice.roll(2) == 0;
    let mutation = match dice.roll(12) {
        0 | 1 => section("Roof"),
        2 => equipment("Lift"),
        3 => photo("slate.jpg", now.sections.first().map(|section| section.id)),
        4 if !now.sections.is_empty() => {
            let index = dice.roll(now.sections.len());
            Mutation::RemoveSection { section: now.sections[index].id }
        }
        5 => status(Status::Review, None),
        6 => status(Status::Draft, Some("Look again.")),
        7 => status(Status::Complete, None),
        8 => {
            let mut work = store.begin(actor, Uuid::now_v7(), at(2)).await.unwrap();
            let change = (ChangeId(now.head.0), false);
            let undone = work.undo(id, now.head, change, &Choices::new()).await;
            if undone.is_ok() {
                work.commit().await.unwrap();
            }
            return;
        }
        9 => {
            let many = client(&format!("All {}", dice.roll(1_000)));
            let mut work = store.begin(actor, Uuid::now_v7(), at(2)).await.unwrap();
            work.perform_many(ids, &many).await.unwrap();
            return work.commit().await.unwrap();
        }
        _ => client(&format!("Client {}", dice.roll(1_000))),
    };
    let expected = is_expected.then_some(now.head);
    let request = MutationRequest { expected, ..request(actor, id, mutation) };
    match store.record(request).await {
        Ok(_) | Err(Error::Refused(_) | Error::Conflict(_)) => {}
        Err(other) => panic!("{other:?}"),
    }
}

on_both!(whatever_happens_at_once_the_tables_equal_the_fold, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let people = [ida.clone(), case.person("Ada Example", Role::Admin).await, ida.clone()];
    let ids = create_all(case, &ida, 6).await;
    let mut tasks = JoinSet::new();
    for node in 0..2 {
        let store = case.another_node().await;
        for task in 0..6 {
            let (store, people, ids) = (store.clone(), people.clone(), ids.clone());
            tasks.spawn(async move {
                let mut dice = Dice(node * 100 + task);
                for _ in 0..25 {
                    act(&store, &people, &ids, &mut dice).await;
                }
            });
        }
    }
    tasks.join_all().await;
    for id in ids {
        case.assert_folds(id).await;
    }
    let verified = case.store.verify(None, Arc::new(|_, _, _| {})).await.unwrap();
    assert!(verified.changes > 50, "{verified:?}");
});

on_both!(nodes_that_alter_one_inspection_at_once_lose_nothing, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let mut writers = JoinSet::new();
    for node in 0..3 {
        let store = case.another_node().await;
        for writer in 0..3 {
            let (store, ida) = (store.clone(), ida.clone());
            writers.spawn(async move {
                for number in 0..8 {
                    let added = section(&format!("Room {node}-{writer}-{number}"));
                    store.record(request(&ida, id, added)).await.unwrap().unwrap();
                }
            });
        }
    }
    writers.join_all().await;
    let titles: BTreeSet<_> =
        case.inspection(id).await.sections.into_iter().map(|section| section.title).collect();
    assert_eq!(titles.len(), 3 * 3 * 8);
    assert_eq!(case.records(id).await.len(), 1 + 3 * 3 * 8);
    case.assert_folds(id).await;
});

on_both!(a_request_that_two_nodes_get_at_once_is_recorded_once, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let other = case.another_node().await;
    for number in 1..=25 {
        let request = request(&ida, id, section("Roof"));
        let (one, two) = tokio::join!(case.store.record(request.clone()), other.record(request));
        let one = one.unwrap().expect("it changes something");
        assert_eq!(two.unwrap(), Some(one));
        assert_eq!(case.inspection(id).await.sections.len(), number);
    }
    case.assert_folds(id).await;
});

on_both!(of_two_nodes_with_conflicting_edits_one_records, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ada = case.person("Ada Example", Role::Admin).await;
    let id = case.create(&ida, "Riverside House").await;
    let other = case.another_node().await;
    for number in 0..25 {
        let expected = Some(case.inspection(id).await.head);
        let edit = |actor: &Actor, name: &str| MutationRequest {
            expected,
            ..request(actor, id, client(&format!("{name} {number}")))
        };
        let (one, two) = tokio::join!(
            case.store.record(edit(&ida, "Harbour Trust")),
            other.record(edit(&ada, "City Works"))
        );
        let recorded = [&one, &two].into_iter().filter(|it| it.is_ok()).count();
        assert_eq!(recorded, 1, "{one:?} {two:?}");
        let refused = if one.is_err() { one } else { two }.unwrap_err();
        assert!(matches!(refused, Error::Conflict(_)), "{refused:?}");
    }
    case.assert_folds(id).await;
});
