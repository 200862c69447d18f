//! Tests of changes that were deleted, inserted, moved or reordered.

use super::*;
use crate::tamper::{add_twin, copy_of, rechain, take_key};

on_both!(a_record_put_together_otherwise_is_found, |case| {
    let world = World::new(case).await;
    let witness = world.witness();
    let swap = |column: &str, a: i64, b: i64, va: i64, vb: i64| {
        [
            format!("update changes set {column} = -1 where id = {a}"),
            format!("update changes set {column} = {va} where id = {b}"),
            format!("update changes set {column} = {vb} where {column} = -1"),
        ]
    };
    // Deleted from the middle.
    let found = found_after(case, &witness, &["delete from changes where id = 8"]).await;
    assert_names(&found, &["BI-2026-0001", "change 10:", "number 6, was deleted"]);
    let found = found_after(case, &witness, &["delete from changes where id in (7, 9)"]).await;
    assert_names(&found, &["BI-2026-0002", "change 11:", "was deleted"]);
    // The first change deleted.
    let found = found_after(case, &witness, &["delete from changes where id = 1"]).await;
    assert_names(&found, &["BI-2026-0001", "change 2:", "number 1, was deleted"]);
    // The last changes of an inspection deleted.
    let found = found_after(case, &witness, &["delete from changes where id = 17"]).await;
    assert_names(&found, &["BI-2026-0001", "its last change, number 11, was deleted"]);
    let found = found_after(case, &witness, &["delete from changes where id >= 13"]).await;
    assert_names(&found, &["its last changes, numbers 9 to 11, were deleted"]);
    // Inserted.
    let copy = |id: i64, of: i64, number: i64| copy_of(of, id, number, &[]);
    let found = found_after(case, &witness, &[&copy(100, 8, 6)]).await;
    assert_names(&found, &["BI-2026-0001", "change 100:", "inserted", "number 6"]);
    let found = found_after(case, &witness, &[&copy(-5, 1, 1)]).await;
    assert_names(&found, &["BI-2026-0001", "change -5:", "inserted"]);
    let found = found_after(case, &witness, &[&copy(100, 17, 12)]).await;
    assert_names(&found, &["BI-2026-0001", "change 100:", "altered or forged"]);
    // With the smallest and the greatest possible ids.
    for id in [i64::MAX, i64::MIN] {
        let number = if id > 0 { 12 } else { 1 };
        let found = found_after(case, &witness, &[&copy(id, 17, number)]).await;
        assert_names(&found, &["BI-2026-0001", &format!("change {id}:")]);
    }
    // Reordered.
    let statements = swap("id", 8, 10, 8, 10);
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    let found = found_after(case, &witness, &statements).await;
    assert_names(&found, &["BI-2026-0001", "change 8:", "reordered", "number 7 where 6 belongs"]);
    let statements = swap("number", 8, 10, 6, 7);
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    let found = found_after(case, &witness, &statements).await;
    assert_names(&found, &["BI-2026-0001", "change 8:", "reordered", "number 7 where 6 belongs"]);
    // Changes of two inspections, swapped.
    let found = found_after(
        case,
        &witness,
        &[
            "update changes set inspection_id = 6 where id = 10",
            "update changes set inspection_id = 1 where id = 11",
        ],
    )
    .await;
    assert_names(&found, &["BI-2026-0002", "change 10:", "belongs to the record of inspection 1"]);
    world.close().await;
});

on_both!(a_record_put_under_another_id_is_found, |case| {
    let world = World::new(case).await;
    // The whole inspection, with every hash computed anew. Its new id is greater than those of its
    // changes, so that it seems to begin at any change.
    let moved = async |raw: &mut Raw| {
        for table in ["changes", "sections", "equipment", "photos", "reports"] {
            let set = format!("update {table} set inspection_id = 900 where inspection_id = 6");
            raw.run(&set).await.unwrap();
        }
        raw.run("update inspections set id = 900 where id = 6").await.unwrap();
        rechain(raw, InspectionId(900)).await;
    };
    let found = found_after_doing(case, &world.witness(), moved).await.unwrap_err();
    assert_names(&found, &["BI-2026-0002 (inspection 900), change 6:", "put under another"]);
    // Only a later part of it, with its numbers starting again.
    let restarted = async |raw: &mut Raw| {
        for statement in [
            "update changes set inspection_id = 900, number = 1 where id = 15",
            "update changes set inspection_id = 900, number = 1 where id = 16",
            "update inspections set id = 900, number = 1 where id = 15",
        ] {
            raw.run(statement).await.unwrap();
        }
        rechain(raw, InspectionId(900)).await;
    };
    let found = found_after_doing(case, &world.witness(), restarted).await.unwrap_err();
    assert_names(&found, &["inspection 900"]);
    world.close().await;
});

on_both!(a_second_change_with_the_same_id_is_found, |case| {
    let world = World::new(case).await;
    let witness = world.witness();
    let twin = async |raw: &mut Raw| add_twin(raw, "changes", 8, "user_name = 'Eve'").await;
    let found = found_after_doing(case, &witness, twin).await.unwrap_err();
    assert_names(&found, &["BI-2026-0001", "change 8:", "inserted", "number 6"]);
    // An insertion into another inspection, whose hashes were computed anew.
    let elsewhere = async |raw: &mut Raw| {
        take_key(raw, "changes").await;
        for statement in [
            "update changes set number = number + 1 where inspection_id = 6 and id > 8",
            "update inspections set number = number + 1 where id = 6",
            &copy_of(9, 8, 3, &[]),
        ] {
            raw.run(statement).await.unwrap();
        }
        rechain(raw, SECOND).await;
    };
    let found = found_after_doing(case, &witness, elsewhere).await.unwrap_err();
    assert_names(&found, &["change 8:", "another has the same id"]);
    world.close().await;
});

on_both!(a_second_change_between_what_is_read_at_once_is_found, |case| {
    let ada = case.person("Ada Example", Role::Admin).await;
    let mut work = case.store.begin(&ada, Uuid::now_v7(), at(0)).await.unwrap();
    let mut ids = Vec::new();
    for number in 0..90 {
        ids.push(work.create(named(&format!("House {number}"))).await.unwrap().inspection_id);
    }
    work.commit().await.unwrap();
    for number in 0..90 {
        let client = Value::text(format!("Client {number}"));
        let mut work = case.store.begin(&ada, Uuid::now_v7(), at(0)).await.unwrap();
        let edit = edit(Target::Inspection, Field::Client, client);
        work.perform_many(&ids, &edit).await.unwrap();
        work.commit().await.unwrap();
    }
    assert_eq!(case.store.verify(None, quietly()).await.unwrap().changes, 90 * 91);
    let mut raw = unguarded(case).await;
    // Up to eight concurrent readers read a thousand changes at a time.
    add_twin(&mut raw, "changes", 1_000, "user_name = 'Eve'").await;
    drop(raw);
    let Err(VerifyError::Wrong(wrong)) = case.store.verify(None, quietly()).await else {
        panic!("nobody saw it")
    };
    assert_names(&wrong.to_string(), &["change 1000:", "inserted"]);
});
