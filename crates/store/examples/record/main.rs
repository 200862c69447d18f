//! Benchmark of the cost of recording: `cargo xtask bench record`. It takes the URLs of empty
//! databases and prints a table for each. Words before the URLs, such as `many`, choose parts of it.
//! Absolute figures are only meaningful on an idle machine; ratios are measured side by side.

#![expect(clippy::unwrap_used, reason = "a measurement that meets the unexpected stops there")]

mod plain;
mod sizes;

use chrono::{DateTime, Utc};
use domain::{
    change::Mutation,
    id::{ChangeId, InspectionId},
    inspection::{Field, Status, Target, Value, Values},
    people::{Actor, Role},
};
use plain::Plain;
use sqlx::Connection;
use sqlx_postgres::PgConnection;
use std::{
    env,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use store::{Authorship, MutationRequest, NewUser, Store};
use uuid::Uuid;

/// Number of inspections whose status is changed in one request.
const MANY: usize = 10_000;
/// Number of inspections that each writer edits in turn.
const EACH: usize = 100;
/// Duration of each measurement of a rate.
const SPELL: Duration = Duration::from_secs(1);
/// Number of alternations between measurements with and without the record.
const TURNS: usize = 9;

/// Greatest number of clients of plain SQL. More are not faster.
const PLAIN_CLIENTS: usize = 8;

#[tokio::main]
async fn main() {
    let (urls, parts): (Vec<_>, Vec<_>) = env::args().skip(1).partition(|it| it.contains("://"));
    let is_wanted = |part| parts.is_empty() || parts.iter().any(|it| it == part);
    for url in urls {
        let bench = Bench::prepare(&url).await;
        println!("\n{}", if bench.is_sqlite() { "SQLite" } else { "PostgreSQL" });
        if is_wanted("rates") {
            bench.rates().await;
        }
        if is_wanted("nodes") && !bench.is_sqlite() {
            bench.nodes().await;
        }
        if is_wanted("many") {
            bench.many().await;
        }
        if is_wanted("sizes") {
            bench.sizes().await;
        }
    }
}

/// Writers of a measurement.
enum Writers<'a> {
    /// They record, each with one of these nodes.
    Recording(&'a [Store]),
    /// They run plain SQL.
    Plain(&'a Plain),
}

struct Bench {
    store: Store,
    url: String,
    admin: Actor,
    ids: Vec<InspectionId>,
    /// Number of measurements of a rate so far. The values that one writes differ from all others.
    spells: AtomicU64,
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::Days::new(20_000)
}

fn request(admin: &Actor, inspection: InspectionId, mutation: Mutation) -> MutationRequest {
    let author = Authorship { actor: admin.clone(), request_id: Uuid::now_v7(), now: now() };
    MutationRequest { author, ordinal: 1, inspection, expected: None, mutation }
}

fn client(name: String) -> Mutation {
    let values = Values::new().with(Field::Client, Value::text(name));
    Mutation::Edit { target: Target::Inspection, values }
}

impl Bench {
    async fn open(url: &str) -> Store {
        let objects = env::temp_dir().join(format!("plumbline-bench-{}", Uuid::now_v7().simple()));
        Store::open(url, objects.to_str().unwrap()).await.unwrap()
    }

    async fn prepare(url: &str) -> Self {
        let store = Self::open(url).await;
        store.migrate().await.unwrap();
        let new = NewUser {
            email: "ada@example.org".into(),
            name: "Ada Example".into(),
            role: Role::Admin,
            password: "plumb-the-depths".into(),
        };
        let admin = store.add_user(&new, now()).await.unwrap().actor();
        let mut work = store.begin(&admin, Uuid::now_v7(), now()).await.unwrap();
        let mut ids = Vec::with_capacity(MANY);
        for number in 0..MANY {
            let values = Values::new()
                .with(Field::Name, Value::text(format!("House {number}")))
                .with(Field::Address, Value::text(format!("{number} Harbour Lane, Seatown")))
                .with(Field::Client, Value::text("Harbour Trust"));
            ids.push(work.create(values).await.unwrap().inspection_id);
        }
        work.commit().await.unwrap();
        let bench = Self { store, url: url.to_owned(), admin, ids, spells: AtomicU64::new(0) };
        bench.analyze().await;
        bench
    }

    fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }

    async fn perform(&self, id: InspectionId, mutation: Mutation) -> ChangeId {
        self.store.record(request(&self.admin, id, mutation)).await.unwrap().unwrap().id
    }

    /// Measures mutations per second with 1, 8 and 64 writers, and those of plain SQL with as many
    /// clients, up to [`PLAIN_CLIENTS`].
    async fn rates(&self) {
        let nodes = [self.store.clone()];
        for writers in [1, 8, 64] {
            let plain = Plain::open(&self.url).await;
            let clients = writers.min(PLAIN_CLIENTS);
            let mut turns = Vec::with_capacity(TURNS);
            for _ in 0..TURNS {
                let with = self.rate(writers, &Writers::Recording(&nodes)).await;
                let without = self.rate(clients, &Writers::Plain(&plain)).await;
                turns.push((with, without));
            }
            let [with, without, ratio] = medians(&turns);
            println!(
                "{writers} writer{}: {with:.0} mutations/s with the record, {without:.0} in plain SQL \
                 with {clients}: {ratio:.2} times its rate (medians of {TURNS})",
                if writers == 1 { "" } else { "s" },
            );
        }
    }

    /// Measures mutations per second of two nodes with 8 writers each, and of one with 8.
    async fn nodes(&self) {
        let nodes = [self.store.clone(), Self::open(&self.url).await];
        let mut turns = Vec::with_capacity(TURNS);
        for _ in 0..TURNS {
            let two = self.rate(16, &Writers::Recording(&nodes)).await;
            let one = self.rate(8, &Writers::Recording(&nodes[..1])).await;
            turns.push((two, one));
        }
        let [two, one, ratio] = medians(&turns);
        println!(
            "two nodes with 8 writers each: {two:.0} mutations/s, one node {one:.0}: \
             {ratio:.2} times its rate (medians of {TURNS})"
        );
    }

    async fn rate(&self, writers: usize, of: &Writers<'_>) -> f64 {
        let spell = self.spells.fetch_add(1, Ordering::Relaxed);
        // Indexes the earlier changes, so that their cost is not measured here.
        self.store.index_changes().await.unwrap();
        let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let mut tasks = Vec::new();
        for writer in 0..writers {
            let ids = self.ids[writer * EACH..(writer + 1) * EACH].to_vec();
            let (store, plain) = match of {
                Writers::Recording(nodes) => (nodes[writer % nodes.len()].clone(), None),
                Writers::Plain(plain) => (self.store.clone(), Some((*plain).clone())),
            };
            let (stop, done, admin) = (stop.clone(), done.clone(), self.admin.clone());
            tasks.push(tokio::spawn(async move {
                for (number, id) in ids.iter().cycle().enumerate() {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let name = format!("Client {spell}-{number}");
                    match &plain {
                        Some(plain) => plain.edit(*id, &format!("{name} plain")).await,
                        None => {
                            let request = request(&admin, *id, client(name));
                            store.record(request).await.unwrap().unwrap();
                        }
                    }
                    done.fetch_add(1, Ordering::Relaxed);
                }
            }));
        }
        let begun = Instant::now();
        tokio::time::sleep(SPELL).await;
        stop.store(true, Ordering::Relaxed);
        for task in tasks {
            task.await.unwrap();
        }
        let done = f64::from(u32::try_from(done.load(Ordering::Relaxed)).unwrap());
        done / begun.elapsed().as_secs_f64()
    }

    /// Measures status changes of many inspections in one request, and undoing them.
    async fn many(&self) {
        let (mut times, mut undone) = (Vec::new(), Vec::new());
        for to in [Status::Review, Status::Complete, Status::Draft, Status::Review, Status::Draft] {
            let mutation = Mutation::SetStatus { to, reason: Some("Look again.".into()) };
            for is_to_be_undone in [true, false] {
                self.store.index_changes().await.unwrap();
                let request = Uuid::now_v7();
                let begun = Instant::now();
                let mut work = self.store.begin(&self.admin, request, now()).await.unwrap();
                let many = work.perform_many(&self.ids, &mutation).await.unwrap();
                work.commit().await.unwrap();
                times.push(begun.elapsed());
                assert_eq!(many.done.len(), MANY);
                if is_to_be_undone {
                    let seen = many.done.iter().map(|it| it.id).max().unwrap();
                    self.store.index_changes().await.unwrap();
                    let begun = Instant::now();
                    let mut work =
                        self.store.begin(&self.admin, Uuid::now_v7(), now()).await.unwrap();
                    let done = work.undo_request(request, seen).await.unwrap().done;
                    work.commit().await.unwrap();
                    undone.push(begun.elapsed());
                    assert_eq!(done.len(), MANY);
                }
            }
        }
        for (what, mut times) in [("to a status", times), ("undone", undone)] {
            times.sort_unstable();
            println!(
                "{MANY} inspections {what} in one request: {:.2} s at the median of {}, {:.2} s at worst",
                times[times.len() / 2].as_secs_f64(),
                times.len(),
                times.last().unwrap().as_secs_f64()
            );
        }
    }

    /// Runs ANALYZE, as PostgreSQL does by itself after a while. SQLite does not.
    async fn analyze(&self) {
        if !self.is_sqlite() {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            sqlx::raw_sql("analyze").execute(&mut connection).await.unwrap();
        }
    }
}

/// Returns the medians of two rates that were measured in turns, and of their ratio.
fn medians(turns: &[(f64, f64)]) -> [f64; 3] {
    let median = |of: fn(&(f64, f64)) -> f64| {
        let mut figures: Vec<f64> = turns.iter().map(of).collect();
        figures.sort_unstable_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    [median(|turn| turn.0), median(|turn| turn.1), median(|turn| turn.0 / turn.1)]
}
