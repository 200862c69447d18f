//! Tests of tampering that only a checkpoint reveals, and of invalid checkpoints.

use super::*;
use crate::tamper::{copy_of, rechain};
use store::CheckpointFile;

on_both!(a_chain_forged_throughout_is_found_by_a_checkpoint, |case| {
    let world = World::new(case).await;
    let copy = case.copy().await;
    let mut raw = unguarded(&copy).await;
    let forged = "update changes set \
         related_data = '{\"after\":{\"client\":\"Bribed Ltd\"},\"before\":{\"client\":\"\"}}' \
         where id = 8";
    raw.run(forged).await.unwrap();
    let before = "update changes set \
         related_data = '{\"after\":{\"client\":\"Both\"},\"before\":{\"client\":\"Bribed Ltd\"}}' \
         where id = 10";
    raw.run(before).await.unwrap();
    rechain(&mut raw, FIRST).await;
    guarded_again(&copy, raw).await;
    let alone = copy.store.verify(None, quietly()).await;
    assert!(alone.is_ok(), "without a checkpoint nobody can tell: {alone:?}");
    let found = verify(&copy, &world.witness()).await.unwrap_err();
    let words = ["rewritten", "from 1 to 9", "000000000009.checkpoint", "2 March 2026"];
    assert_names(&found, &words);
    // A checkpoint that is signed after it covers the changes as they were, so it does not fit either.
    let mut checkpointer = Checkpointer::open(copy.store.clone(), world.folder.clone()).unwrap();
    let later = checkpointer.keep(at(40)).await.unwrap().unwrap();
    let mut witness = world.witness();
    witness.checkpoints.retain(|kept| kept.size == Some(later.size));
    let found = verify(&copy, &witness).await.unwrap_err();
    assert_names(&found, &["rewritten", &format!("{:012}.checkpoint", later.size)]);
    // Without the stored frontier all hashes are read, and none is signed.
    std::fs::remove_file(world.folder.path().join("frontier")).unwrap();
    let mut checkpointer = Checkpointer::open(copy.store.clone(), world.folder.clone()).unwrap();
    let refused = checkpointer.keep(at(41)).await.unwrap_err();
    assert_names(&refused.to_string(), &["000000000009.checkpoint", "no longer fits"]);
    copy.close().await;
    world.close().await;
});

on_both!(a_clean_deletion_from_the_middle_is_found_by_a_checkpoint, |case| {
    let world = World::new(case).await;
    // The inspection that they concern is deleted with them.
    let gone =
        ["delete from changes where id in (15, 16)", "delete from inspections where id = 15"];
    let found = found_after(case, &world.witness(), &gone).await;
    let words =
        ["deleted from the middle", "000000000016.checkpoint", "covers 16 changes", "14 of"];
    assert_names(&found, &words);
    assert!(!found.contains("cut off"), "{found}");
    world.close().await;
});

on_both!(a_clean_insertion_into_the_middle_is_found_by_a_checkpoint, |case| {
    let world = World::new(case).await;
    let inserted = async |raw: &mut Raw| {
        // An inspection with a smaller id than all others.
        let inspection = "create temporary table twin as select * from inspections where id = 15";
        let change = copy_of(15, -5, 1, &[("inspection_id", "-5")]);
        for statement in [
            inspection,
            "update twin set id = -5, change_id = -5, number = 1, reference = 'BI-X'",
            "insert into inspections select * from twin",
            &change,
        ] {
            raw.run(statement).await.unwrap();
        }
        rechain(raw, InspectionId(-5)).await;
    };
    let found = found_after_doing(case, &world.witness(), inserted).await.unwrap_err();
    let words =
        ["inserted into the middle", "000000000009.checkpoint", "9 changes", "10 are there"];
    assert_names(&found, &words);
    world.close().await;
});

on_both!(a_change_that_is_backdated_is_found_by_a_checkpoint, |case| {
    let world = World::new(case).await;
    let witness = world.witness();
    let client = |name: &str| edit(Target::Inspection, Field::Client, Value::text(name));
    // A change that waited long, or was dated by a clock that is behind.
    let mut work = case.store.begin(&world.ada, Uuid::now_v7(), at(-3_600)).await.unwrap();
    work.perform(SECOND, None, client("Slow")).await.unwrap();
    work.commit().await.unwrap();
    assert!(verify(case, &witness).await.is_ok());
    let mut work = case.store.begin(&world.ada, Uuid::now_v7(), at(-90_000)).await.unwrap();
    work.perform(SECOND, None, client("Never")).await.unwrap();
    work.commit().await.unwrap();
    let found = verify(case, &witness).await.unwrap_err();
    let words =
        ["BI-2026-0002", "change 19:", "backdated", "1 March 2026", "000000000016.checkpoint"];
    assert_names(&found, &words);
    world.close().await;
});

on_both!(a_cut_end_is_found_by_a_checkpoint, |case| {
    let world = World::new(case).await;
    // An older state as a whole, such as a restored old backup.
    let all = world.witness();
    let found = verify(&world.early, &all).await.unwrap_err();
    let words = ["cut off", "000000000016.checkpoint", "covers 16 changes", "there are 9"];
    assert_names(&found, &words);
    let mut checkpointer =
        Checkpointer::open(world.early.store.clone(), world.folder.clone()).unwrap();
    assert!(checkpointer.keep(at(40)).await.is_err(), "nothing is signed on top of it");
    // The old checkpoint replaces the new one.
    let [old, new] = all.checkpoints.as_slice() else { panic!("{all:?}") };
    let replayed = CheckpointFile { text: old.text.clone(), ..new.clone() };
    let witness = ExternalCheckpoint { checkpoints: vec![old.clone(), replayed], ..all.clone() };
    let found = verify(&world.early, &witness).await.unwrap_err();
    assert_names(&found, &["000000000016.checkpoint", "put in the place of another"]);
    // A person who kept a copy of the new checkpoint detects it, whatever the folder has.
    let auditor = ExternalCheckpoint { checkpoints: vec![new.clone()], ..all.clone() };
    let found = verify(&world.early, &auditor).await.unwrap_err();
    assert_names(&found, &["cut off"]);
    let honest = ExternalCheckpoint { checkpoints: vec![old.clone()], ..all.clone() };
    assert!(verify(&world.early, &honest).await.is_ok());
    world.close().await;
});

on_both!(a_checkpoint_that_is_not_ours_is_found, |case| {
    let world = World::new(case).await;
    let ExternalCheckpoint { checkpoints, gaps, key } = world.witness();
    let elsewhere = CheckpointFolder::at(case.folder.path().join("elsewhere"));
    let mut theirs = Checkpointer::open(case.store.clone(), elsewhere.clone()).unwrap();
    theirs.keep(at(30)).await.unwrap().unwrap();
    let witness =
        ExternalCheckpoint { checkpoints: elsewhere.all().unwrap(), gaps: gaps.clone(), key };
    let found = verify(case, &witness).await.unwrap_err();
    assert_names(&found, &["signed with another key", &theirs.public_key().name(), &key.name()]);

    let damaged = |change: &dyn Fn(&str) -> String| {
        let mut checkpoints = checkpoints.clone();
        checkpoints[0].text = change(&checkpoints[0].text);
        ExternalCheckpoint { checkpoints, gaps: gaps.clone(), key }
    };
    for (witness, words) in [
        (damaged(&|text| text[..100].into()), "is damaged: it has no signature"),
        (damaged(&|text| text.replace("\n9\n", "\n8\n")), "its signature does not fit"),
        (damaged(&|text| text.replace("last 9", "last 8")), "its signature does not fit"),
        (damaged(&|text| text.replace("— ", "- ")), "a signature cannot be read"),
        (damaged(&|_| String::new()), "is damaged"),
    ] {
        let found = verify(case, &witness).await.unwrap_err();
        assert_names(&found, &["000000000009.checkpoint", words]);
    }
    world.close().await;
});
