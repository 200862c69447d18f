//! Benchmark of verifying a million changes, and of rebuilding an inspection with 10,000 of them:
//! `cargo xtask bench verify`. It takes the URLs of databases, fills each unless it is filled
//! already, and prints the times.

#![expect(clippy::unwrap_used, reason = "a measurement that meets the unexpected stops there")]

use chrono::{DateTime, Utc};
use domain::{
    change::Mutation,
    id::InspectionId,
    inspection::{Field, Section, Target, Value, Values},
    people::Role,
};
use std::{
    env,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use store::{
    At, CheckpointFolder, Checkpointer, ExternalCheckpoint, NewUser, Progress, Store, VerifyStep,
};
use uuid::Uuid;

/// Number of changes of the inspection that is rebuilt.
const LONG: usize = 10_000;
/// Number of rebuilds.
const REBUILT: usize = 21;
/// Number of other inspections.
const INSPECTIONS: usize = 9_901;
/// Number of changes of each.
const CHANGES: usize = 100;
/// Number of those changes that add a section.
const SECTIONS: usize = 5;

#[tokio::main]
async fn main() {
    for url in env::args().skip(1) {
        let name = if url.starts_with("sqlite:") { "SQLite" } else { "PostgreSQL" };
        let objects = env::temp_dir().join(format!("plumbline-bench-{}", Uuid::now_v7().simple()));
        let store = Store::open(&url, objects.to_str().unwrap()).await.unwrap();
        store.migrate().await.unwrap();
        // The first change creates the first inspection, which gets its id.
        let first = InspectionId(1);
        let long = match store.inspection(first).await.unwrap() {
            Some(_) => first,
            None => fill(&store).await,
        };
        rebuild(name, &store, long).await;
        let witness = witness(&store, CheckpointFolder::at(objects.join("checkpoints"))).await;
        for _ in 0..2 {
            let (chain, ..) = verify(&store, None).await;
            let (with_checkpoint, all, changes) = verify(&store, Some(&witness)).await;
            println!(
                "{name}: {changes} changes: the chain {:.1} s, with a checkpoint {:.1} s, \
                 everything {:.1} s",
                chain.as_secs_f64(),
                with_checkpoint.as_secs_f64(),
                all.as_secs_f64()
            );
        }
        // Leftover files are harmless.
        let _ = std::fs::remove_dir_all(&objects);
    }
}

/// Returns a checkpoint of all changes.
async fn witness(store: &Store, folder: CheckpointFolder) -> ExternalCheckpoint {
    let mut checkpointer = Checkpointer::open(store.clone(), folder.clone()).unwrap();
    checkpointer.keep(began()).await.unwrap().unwrap();
    ExternalCheckpoint {
        checkpoints: folder.all().unwrap(),
        gaps: Vec::new(),
        key: checkpointer.public_key(),
    }
}

async fn verify(store: &Store, witness: Option<&ExternalCheckpoint>) -> (Duration, Duration, u64) {
    let begun = Instant::now();
    let chain = Arc::new(Mutex::new(None));
    let progress: Progress = {
        let chain = chain.clone();
        Arc::new(move |step, _, _| {
            if step == VerifyStep::Tables {
                chain.lock().unwrap().get_or_insert_with(|| begun.elapsed());
            }
        })
    };
    let sound = store.verify(witness, progress).await.unwrap();
    let chain = chain.lock().unwrap().unwrap();
    (chain, begun.elapsed(), sound.changes)
}

/// Returns the time of all changes.
fn began() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::Days::new(20_000)
}

/// Rebuilds the inspection with the long history up to its last change.
async fn rebuild(name: &str, store: &Store, id: InspectionId) {
    let mut times = Vec::with_capacity(REBUILT);
    for _ in 0..REBUILT {
        let begun = Instant::now();
        let moment = store.snapshot(id, At::Step(i64::MAX)).await.unwrap().unwrap();
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        assert_eq!(moment.steps, i64::try_from(LONG).unwrap());
    }
    times.sort_unstable_by(f64::total_cmp);
    let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
    println!("{name}: rebuilt from {LONG} changes in {median:.0} ms, at worst {worst:.0} ms");
}

/// Fills the database and returns the inspection with the long history.
async fn fill(store: &Store) -> InspectionId {
    let now = began();
    let new = NewUser {
        email: "ada@example.org".into(),
        name: "Ada Example".into(),
        role: Role::Admin,
        password: "plumb-the-depths".into(),
    };
    let admin = store.add_user(&new, now).await.unwrap().actor();
    let mut ids = Vec::with_capacity(INSPECTIONS);
    let mut work = store.begin(&admin, Uuid::now_v7(), now).await.unwrap();
    for number in 0..INSPECTIONS {
        let values = Values::new().with(Field::Name, Value::text(format!("House {number}")));
        let id = work.create(values).await.unwrap().inspection_id;
        for title in ["Roof", "Stairs", "Cellar", "Lift", "Façade"].into_iter().take(SECTIONS) {
            let section = Section { title: title.into(), ..Section::default() };
            let add = Mutation::AddSection { section, position: None, photos: Vec::new() };
            work.perform(id, None, add).await.unwrap();
        }
        ids.push(id);
    }
    work.commit().await.unwrap();
    for number in 0..CHANGES - SECTIONS - 1 {
        let values = Values::new().with(Field::Client, Value::text(format!("Client {number}")));
        let edit = Mutation::Edit { target: Target::Inspection, values };
        let mut work = store.begin(&admin, Uuid::now_v7(), now).await.unwrap();
        work.perform_many(&ids, &edit).await.unwrap();
        work.commit().await.unwrap();
    }
    let long = ids[0];
    let mut work = store.begin(&admin, Uuid::now_v7(), now).await.unwrap();
    for number in CHANGES..LONG {
        let values = Values::new().with(Field::Summary, Value::text(format!("Visit {number}.")));
        let edit = Mutation::Edit { target: Target::Inspection, values };
        work.perform(long, None, edit).await.unwrap();
    }
    work.commit().await.unwrap();
    long
}
