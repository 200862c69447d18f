//! Tests of proofs that a change is covered by a checkpoint.

use super::*;
use crate::tamper::rechain;
use store::{Error, Inclusion};

on_both!(a_covered_change_is_proved_to_somebody_without_the_database, |case| {
    let world = World::new(case).await;
    let witness = world.witness();
    for id in [1, 8, 16] {
        let change = ChangeId(id);
        let proof = case.store.prove(change, &witness).await.unwrap().unwrap();
        // The verifier has only the file and the key.
        let read = Inclusion::read("proof.txt", &proof.to_string()).unwrap();
        let checkpoint = read.open(&world.key).unwrap();
        assert_eq!((checkpoint.size, checkpoint.last), (16, ChangeId(16)));
        let inspection = case.store.change(change).await.unwrap().unwrap().change.inspection_id;
        let hash = case.store.verified_hash(inspection, change).await.unwrap();
        assert_eq!((read.change, Some(read.hash)), (change, hash));
        // The same for the hash of another change.
        let other = case.store.prove(ChangeId(id % 16 + 1), &witness).await.unwrap().unwrap();
        let extra = |proof: &Inclusion| proof.to_string().lines().nth(1).unwrap().to_owned();
        let other = proof.to_string().replace(&extra(&proof), &extra(&other));
        let other = Inclusion::read("proof.txt", &other).unwrap();
        assert_names(&other.open(&world.key).unwrap_err().to_string(), &["does not hold"]);
    }
    assert!(case.store.prove(ChangeId(17), &witness).await.unwrap().is_none(), "not covered yet");
    let unknown = case.store.prove(ChangeId(70), &witness).await;
    assert!(matches!(unknown, Err(VerifyError::Failed(Error::NotFound))), "{unknown:?}");
    let none = ExternalCheckpoint { checkpoints: Vec::new(), ..witness };
    assert!(case.store.prove(ChangeId(1), &none).await.unwrap().is_none());
    world.close().await;
});

on_both!(nothing_is_proved_of_a_record_that_was_rewritten, |case| {
    let world = World::new(case).await;
    let copy = case.copy().await;
    let mut raw = unguarded(&copy).await;
    raw.run("update changes set created_at = created_at + 1 where id = 8").await.unwrap();
    rechain(&mut raw, FIRST).await;
    guarded_again(&copy, raw).await;
    let proved = copy.store.prove(ChangeId(11), &world.witness()).await;
    let Err(VerifyError::Wrong(wrong)) = proved else { panic!("{proved:?}") };
    assert_names(&wrong.to_string(), &["rewritten", "000000000009.checkpoint"]);
    copy.close().await;
    world.close().await;
});
