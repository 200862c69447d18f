//! Tests of the stored frontier, from which a start continues the tree of the checkpoints.

use super::*;
use std::{fs, path::PathBuf};
use store::CheckpointError;

fn file(world: &World) -> PathBuf {
    world.folder.path().join("frontier")
}

fn reopen(case: &Case, world: &World) -> Result<Checkpointer, CheckpointError> {
    Checkpointer::open(case.store.clone(), world.folder.clone())
}

on_both!(a_start_continues_from_the_frontier_to_the_same_root, |case| {
    let world = World::new(case).await;
    let of_16 = fs::read_to_string(file(&world)).unwrap();
    let kept = reopen(case, &world).unwrap().keep(at(40)).await.unwrap().unwrap();
    assert_eq!((kept.size, kept.last), (17, ChangeId(17)));
    assert!(verify(case, &world.witness()).await.is_ok());
    let of_17 = fs::read_to_string(file(&world)).unwrap();
    assert_ne!(of_16, of_17);
    // The same tree is computed from all hashes if there is no frontier, and stored again.
    fs::remove_file(file(&world)).unwrap();
    assert_eq!(reopen(case, &world).unwrap().keep(at(41)).await.unwrap(), None);
    assert_eq!(fs::read_to_string(file(&world)).unwrap(), of_17);
    // A server that was killed before it stored the frontier continues from the one before.
    fs::write(file(&world), of_16).unwrap();
    assert_eq!(reopen(case, &world).unwrap().keep(at(42)).await.unwrap(), None);
    assert_eq!(fs::read_to_string(file(&world)).unwrap(), of_17);
    world.close().await;
});

on_both!(a_frontier_that_was_not_signed_is_refused, |case| {
    let world = World::new(case).await;
    let honest = fs::read_to_string(file(&world)).unwrap();
    let peak = honest.lines().nth(2).unwrap().to_owned();
    let altered = honest.replace(&peak, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    for (text, problem) in [
        (altered, "its root is not the one in the checkpoint 000000000016.checkpoint"),
        (honest.replace("\n16\n", "\n15\n"), "it cannot be read"),
        ("plumbline".into(), "it cannot be read"),
    ] {
        fs::write(file(&world), text).unwrap();
        let refused = reopen(case, &world).unwrap_err();
        assert!(refused.is_lasting(), "{refused}");
        assert_names(&refused.to_string(), &["`frontier`", problem, "plumbline verify", "delete"]);
        // Verification does not read it.
        assert!(verify(case, &world.witness()).await.is_ok());
    }
    fs::remove_file(file(&world)).unwrap();
    assert!(reopen(case, &world).unwrap().keep(at(40)).await.unwrap().is_some());
    world.close().await;
});

on_both!(a_frontier_whose_checkpoint_was_moved_away_is_not_used, |case| {
    let world = World::new(case).await;
    // An old backup was restored, and the checkpoints that are newer than it were moved away.
    fs::remove_file(world.folder.path().join("000000000016.checkpoint")).unwrap();
    let of_16 = fs::read_to_string(file(&world)).unwrap();
    assert_eq!(reopen(&world.early, &world).unwrap().keep(at(40)).await.unwrap(), None);
    assert_ne!(fs::read_to_string(file(&world)).unwrap(), of_16);
    world.close().await;
});
