//! Tests of verification: tampering with a copy of a record is found and named, and an untouched
//! record verifies.

mod altered;
mod checkpoints;
mod clock;
mod files;
mod frontier;
mod guards;
mod meanwhile;
mod order;
mod proofs;
mod readers;
mod resting;
mod rows;
mod shown;

use crate::{
    support::*,
    tamper::{guarded_again, unguarded},
};
use domain::{
    change::Mutation,
    id::{ChangeId, InspectionId, PhotoId, SectionId},
    inspection::{Field, Status, Target, Value},
    people::{Actor, Role},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use store::{
    CheckpointFolder, Checkpointer, ExternalCheckpoint, PublicKey, Store, VerifyError,
    VerifyReport, VerifyStep,
};
use uuid::Uuid;

/// A record with objects of all kinds, and the checkpoints made along the way.
struct World {
    folder: CheckpointFolder,
    /// The database when it had nine changes.
    early: Case,
    key: PublicKey,
    ada: Actor,
}

const FIRST: InspectionId = InspectionId(1);
const SECOND: InspectionId = InspectionId(6);

impl World {
    async fn new(case: &Case) -> Self {
        let ida = case.person("Ida Example", Role::Inspector).await;
        let gus = case.person("Gus Example", Role::Inspector).await;
        let ada = case.person("Ada Example", Role::Admin).await;
        let client = |name: &str| edit(Target::Inspection, Field::Client, Value::text(name));
        let folder = CheckpointFolder::at(case.folder.path().join("checkpoints"));
        let mut checkpointer = Checkpointer::open(case.store.clone(), folder.clone()).unwrap();
        assert!(checkpointer.keep(at(0)).await.unwrap().is_none(), "there is nothing yet");

        assert_eq!(case.create(&ida, "Riverside House").await, FIRST);
        case.does(&ida, FIRST, section("Roof")).await;
        case.does(&ida, FIRST, equipment("Boiler")).await;
        case.does(&ida, FIRST, photo("slate \"1\".jpg", Some(SectionId(2)))).await;
        case.does(&ida, FIRST, report(ChangeId(4))).await;
        assert_eq!(case.create(&gus, "Größe 7").await, SECOND);
        case.does(&gus, SECOND, section("Stairs")).await;
        case.does(&ida, FIRST, client("Harbour Trust")).await;
        case.does(&gus, SECOND, client("City\n\"Works\" \\ Ümlaut")).await;
        let kept = checkpointer.keep(at(10)).await.unwrap().unwrap();
        assert_eq!((kept.size, kept.last), (9, ChangeId(9)));
        assert!(checkpointer.keep(at(11)).await.unwrap().is_none(), "nothing has changed");
        let early = case.copy().await;

        case.store.delete_user(gus.id).await.unwrap();
        let mut work = case.store.begin(&ada, Uuid::now_v7(), at(12)).await.unwrap();
        let many = work.perform_many(&[FIRST, SECOND], &client("Both")).await.unwrap();
        assert_eq!(many.done.len(), 2);
        work.commit().await.unwrap();
        case.does(&ida, FIRST, Mutation::Remove { target: Target::Photo(PhotoId(4)) }).await;
        case.does(&ida, FIRST, section("Attic")).await;
        case.does(&ida, FIRST, Mutation::RemoveSection { section: SectionId(13) }).await;
        let third = case.create(&ida, "Third").await;
        case.does(&ida, third, Mutation::Remove { target: Target::Inspection }).await;
        // A restarted checkpointer continues from the last checkpoint.
        let mut checkpointer = Checkpointer::open(case.store.clone(), folder.clone()).unwrap();
        let kept = checkpointer.keep(at(20)).await.unwrap().unwrap();
        assert_eq!((kept.size, kept.last), (16, ChangeId(16)));
        let mut again = Checkpointer::open(case.store.clone(), folder.clone()).unwrap();
        assert!(again.keep(at(21)).await.unwrap().is_none(), "it is there");
        case.does(&ida, FIRST, status(Status::Review, None)).await;
        Self { early, key: again.public_key(), folder, ada }
    }

    fn witness(&self) -> ExternalCheckpoint {
        ExternalCheckpoint {
            checkpoints: self.folder.all().unwrap(),
            gaps: self.folder.gaps().unwrap(),
            key: self.key,
        }
    }

    async fn close(self) {
        self.early.close().await;
    }
}

/// Returns a progress callback that does nothing.
fn quietly() -> store::Progress {
    Arc::new(|_, _, _| {})
}

async fn verify(case: &Case, witness: &ExternalCheckpoint) -> Result<VerifyReport, String> {
    let progress = Arc::new(|_, done, total| assert!(done <= total));
    // Opened read-only, as by somebody who got a copy of the file.
    let store = Store::open_to_read(&case.url).await.unwrap();
    match store.verify(Some(witness), progress).await {
        Ok(sound) => Ok(sound),
        Err(VerifyError::Wrong(wrong)) => Err(wrong.to_string()),
        Err(failed) => panic!("{failed:?}"),
    }
}

/// Runs statements on a copy and returns the finding.
async fn found_after(case: &Case, witness: &ExternalCheckpoint, statements: &[&str]) -> String {
    let doing = async |raw: &mut Raw| {
        for statement in statements {
            raw.run(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
    };
    found_after_doing(case, witness, doing).await.expect_err(&format!("nobody saw {statements:?}"))
}

/// Tampers with a copy and returns the finding.
async fn found_after_doing(
    case: &Case,
    witness: &ExternalCheckpoint,
    doing: impl AsyncFnOnce(&mut Raw),
) -> Result<VerifyReport, String> {
    let copy = case.copy().await;
    let mut raw = unguarded(&copy).await;
    doing(&mut raw).await;
    guarded_again(&copy, raw).await;
    let found = verify(&copy, witness).await;
    copy.close().await;
    found
}

fn assert_names(found: &str, words: &[&str]) {
    for word in words {
        assert!(found.contains(word), "{word:?} is not in {found:?}");
    }
}

on_both!(an_untouched_record_is_never_complained_of, |case| {
    let world = World::new(case).await;
    let copy = case.copy().await;
    for case in [case, &copy] {
        let sound = verify(case, &world.witness()).await.unwrap();
        assert_eq!((sound.changes, sound.inspections, sound.checkpoints), (17, 3, 2));
        assert_eq!(sound.newest.map(|newest| newest.size), Some(16));
        for (id, changes) in [(FIRST, 11), (SECOND, 4), (InspectionId(15), 2)] {
            assert_eq!(case.store.verify_inspection(id).await.unwrap(), changes);
        }
    }
    world.close().await;
    copy.close().await;
});

on_both!(it_is_told_how_far_it_is, |case| {
    let world = World::new(case).await;
    let progress: Arc<Mutex<BTreeMap<&str, (u64, u64)>>> = Arc::default();
    let report = {
        let progress = progress.clone();
        Arc::new(move |step, done, total| {
            let step = match step {
                VerifyStep::Chain => "chain",
                VerifyStep::Tables => "tables",
                VerifyStep::Files => "files",
            };
            let mut progress = progress.lock().unwrap();
            let last = progress.entry(step).or_default();
            *last = (last.0.max(done), total);
        })
    };
    case.store.verify(None, report).await.unwrap();
    let progress = progress.lock().unwrap().clone();
    assert_eq!(progress, BTreeMap::from([("chain", (17, 17)), ("tables", (17, 17))]));
    world.close().await;
});

on_both!(an_empty_database_verifies, |case| {
    let sound = case.store.verify(None, quietly()).await.unwrap();
    assert_eq!(sound, VerifyReport::default());
});
