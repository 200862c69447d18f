//! Benchmarks of the running server. `cargo xtask bench load` measures how much of their rate eight recorders
//! keep while others read, listen to events, create reports and upload photos; `cargo xtask bench live`
//! measures how soon viewers are told of a change. The arguments are the name of the benchmark, the
//! executable and the URLs of empty databases.
//!
//! The rate under load is compared with the rates right before and after it. The median of several rounds is
//! reported, because other processes on the machine cause noise.

mod client;
mod live;
mod loads;
mod photo;
mod server;
mod world;

use anyhow::{Context, Result, bail, ensure};
use client::Client;
use loads::{LOADS, On};
use server::Server;
use std::{
    env,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;
use world::World;

/// Number of recorders, each of which sends one edit after another.
const WRITERS: usize = 8;

/// Number of people who read and listen; each may have twenty event streams.
const REVIEWERS: usize = 15;

/// Number of times that each load is started and stopped.
const ROUNDS: usize = 9;

/// Duration of one measurement.
const WINDOW: Duration = Duration::from_millis(1_500);

/// Time between starting or stopping a load and the measurement.
const SETTLE: Duration = Duration::from_millis(500);

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let benchmark = arguments.next().context("which benchmark?")?;
    let executable = PathBuf::from(arguments.next().context("which executable?")?);
    for (number, url) in arguments.enumerate() {
        let folder =
            env::temp_dir().join(format!("plumbline-{benchmark}-{}-{number}", std::process::id()));
        std::fs::create_dir(&folder)?;
        let database = if url.starts_with("sqlite:") { "SQLite" } else { "PostgreSQL" };
        let server = Server::start(&executable, &url, &folder)?;
        let measured = match &*benchmark {
            "load" => measure(&server, database).await,
            "live" => live::measure(&server, database).await,
            _ => bail!("{benchmark} is not a benchmark of the server"),
        };
        drop(server);
        std::fs::remove_dir_all(&folder)?;
        measured?;
    }
    Ok(())
}

/// Measures the rate of the recorders beside each load.
async fn measure(server: &Server, database: &str) -> Result<()> {
    let world = Arc::new(World::new(server, REVIEWERS).await?);
    let recorded = Arc::<AtomicU64>::default();
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn(write(world.clone(), writer, recorded.clone()));
    }
    for load in LOADS {
        let (mut ratios, mut alone, mut done) = (Vec::new(), Vec::new(), Vec::new());
        let mut before = rate(&recorded).await;
        for _ in 0..ROUNDS {
            let on = On::put(load, &world).await?;
            let from = on.answers.load(Ordering::Relaxed);
            let beside = rate(&recorded).await;
            let answered = on.answers.load(Ordering::Relaxed) - from;
            on.take_off().await?;
            let after = rate(&recorded).await;
            ratios.push(beside / f64::midpoint(before, after));
            alone.push(after);
            done.push(answered as f64 / (SETTLE + WINDOW).as_secs_f64());
            before = after;
        }
        if let Some(ended) = writers.try_join_next() {
            ended??;
        }
        println!(
            "{database}, {}: {:.0} % of {:.0} edits a second; {:.1} answers a second to the others",
            load.name(),
            median(ratios) * 100.0,
            median(alone),
            median(done),
        );
    }
    Ok(())
}

/// Repeatedly edits a name.
async fn write(world: Arc<World>, writer: usize, recorded: Arc<AtomicU64>) -> Result<()> {
    let mut client = Client::connect(world.address, &world.inspector).await?;
    for edit in 0_u64.. {
        let form = format!("do=edit&name=Load+{writer}+{edit}");
        let answer = client.post(&world.edited, &form).await?;
        ensure!(answer.status == 303, "an edit was answered with {}", answer.status);
        recorded.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// Returns the number of edits recorded per second, measured after [`SETTLE`].
async fn rate(recorded: &AtomicU64) -> f64 {
    tokio::time::sleep(SETTLE).await;
    let (began, from) = (Instant::now(), recorded.load(Ordering::Relaxed));
    tokio::time::sleep(WINDOW).await;
    (recorded.load(Ordering::Relaxed) - from) as f64 / began.elapsed().as_secs_f64()
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}
