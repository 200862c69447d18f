//! Delay until a change reaches the viewers of the live dashboard: `cargo xtask bench live`.

use crate::{client::Client, server::Server, world::World};
use anyhow::{Context, Result, ensure};
use std::time::{Duration, Instant};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinSet,
    time::timeout_at,
};

/// Number of open event streams.
const VIEWERS: usize = 1_000;

/// Number of people who view. The server gives each at most twenty streams.
const PEOPLE: usize = 50;

/// Number of changes that are followed to all viewers.
const CHANGES: usize = 20;

/// Time after which a viewer counts as not reached.
const PATIENCE: Duration = Duration::from_secs(10);

/// Largest delay within which 95 of 100 viewers must be reached.
const LIMIT: Duration = Duration::from_secs(1);

/// Opens the streams and measures, from the moment an edit is sent, when each viewer is told of it.
pub(crate) async fn measure(server: &Server, database: &str) -> Result<()> {
    let world = World::new(server, PEOPLE).await?;
    let before = server.memory();
    let (events, mut received) = unbounded_channel();
    let mut viewers = JoinSet::new();
    for number in 0..VIEWERS {
        let person = &world.reviewers[number % PEOPLE];
        let mut client = Client::connect(world.address, person).await?;
        client.listen().await?;
        viewers.spawn(view(client, events.clone()));
    }
    let mut editor = Client::connect(world.address, &world.inspector).await?;
    let mut delays = Vec::with_capacity(CHANGES * VIEWERS);
    for change in 0..CHANGES {
        let sent = Instant::now();
        let answer = editor.post(&world.edited, &format!("do=edit&name=Live+{change}")).await?;
        ensure!(answer.status == 303, "an edit was answered with {}", answer.status);
        follow(&mut received, sent, &mut delays).await;
    }
    if let Some(ended) = viewers.try_join_next() {
        ended??;
    }
    let with = server.memory();
    delays.sort_unstable();
    let reached = delays.len() as f64 / (CHANGES * VIEWERS) as f64;
    let at = |share: f64| {
        let position = (share * (CHANGES * VIEWERS) as f64).ceil() as usize;
        delays.get(position.saturating_sub(1)).copied()
    };
    let p95 = at(0.95).context("fewer than 95 of 100 viewers were told of the changes")?;
    println!(
        "{database}: of {VIEWERS} viewers, a change reaches half after {:.0} ms, 95 % after {:.0} ms \
         (limit {:.0} ms), and {:.1} % within {:.0} s",
        millis(at(0.5).unwrap_or_default()),
        millis(p95),
        millis(LIMIT),
        reached * 100.0,
        PATIENCE.as_secs_f64(),
    );
    if let (Some(before), Some(with)) = (before, with) {
        println!(
            "{database}: {:.1} kB of memory for each viewer; {:.0} MB in all",
            with.saturating_sub(before) as f64 / VIEWERS as f64 / 1e3,
            with as f64 / 1e6
        );
    }
    ensure!(p95 <= LIMIT, "the limit of {LIMIT:?} is exceeded");
    Ok(())
}

/// Reports each announcement of a change to the channel.
async fn view(mut client: Client, events: UnboundedSender<Instant>) -> Result<()> {
    loop {
        if client.event().await? == "changed" && events.send(Instant::now()).is_err() {
            return Ok(());
        }
    }
}

/// Collects the delays of one change until all viewers are reached or [`PATIENCE`] is over. Nothing
/// else changes meanwhile, so each viewer is told once.
async fn follow(
    received: &mut UnboundedReceiver<Instant>,
    sent: Instant,
    delays: &mut Vec<Duration>,
) {
    for _ in 0..VIEWERS {
        match timeout_at((sent + PATIENCE).into(), received.recv()).await {
            Ok(Some(at)) => delays.push(at.duration_since(sent)),
            Ok(None) | Err(_) => return,
        }
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
