//! How much of their rate eight people who record keep while others read, listen and make reports:
//! `cargo xtask bench load`. Takes the executable and the URLs of empty databases, and prints a line
//! for each load.
//!
//! The rate with a load is compared with the rate right before and after it, again and again, and the
//! median of the ratios is told, because machines do other things as well.

mod client;
mod server;

use anyhow::{Context, Result, bail, ensure};
use client::Client;
use server::Server;
use std::{
    env,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;
use uuid::Uuid;

/// How many people record, each one edit after the other.
const WRITERS: usize = 8;

/// How many people read and listen. One may have twenty streams of events.
const REVIEWERS: usize = 15;

/// How often each load is put on and taken off.
const ROUNDS: usize = 9;

/// How long a rate is measured.
const WINDOW: Duration = Duration::from_millis(1_500);

/// How long a load is on or off before that.
const SETTLE: Duration = Duration::from_millis(500);

/// What goes on beside those who record.
#[derive(Clone, Copy, Debug)]
enum Load {
    /// Connections that load the dashboard, again and again.
    Readers(usize),
    /// Open streams of events, in which every edit is told.
    Streams(usize),
    /// Connections that make reports, again and again.
    Reports(usize),
}

const LOADS: [Load; 3] = [Load::Readers(16), Load::Streams(300), Load::Reports(20)];

impl Load {
    fn name(self) -> String {
        match self {
            Self::Readers(number) => format!("{number} readers of the dashboard"),
            Self::Streams(number) => format!("{number} streams of events"),
            Self::Reports(number) => format!("{number} reports asked for"),
        }
    }
}

/// Where the requests go, and for whom.
#[derive(Debug)]
struct World {
    address: SocketAddr,
    /// The cookie of the inspector who records.
    inspector: String,
    /// The cookie of an admin.
    admin: String,
    /// The cookies of those who read and listen.
    reviewers: Vec<String>,
    /// The inspection that is edited, and another with photos.
    edited: String,
    reported: u64,
    /// Where the form goes that makes a report.
    create_report: String,
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let executable = PathBuf::from(arguments.next().context("which executable?")?);
    for (number, url) in arguments.enumerate() {
        let folder =
            env::temp_dir().join(format!("plumbline-load-{}-{number}", std::process::id()));
        std::fs::create_dir(&folder)?;
        let measured = measure(&executable, &url, &folder).await;
        std::fs::remove_dir_all(&folder)?;
        measured?;
    }
    Ok(())
}

async fn measure(executable: &Path, url: &str, folder: &Path) -> Result<()> {
    let database = if url.starts_with("sqlite:") { "SQLite" } else { "PostgreSQL" };
    let server = Server::start(executable, url, folder)?;
    let world = Arc::new(World::new(&server).await?);
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

impl World {
    async fn new(server: &Server) -> Result<Self> {
        let inspector = server.sign_in("inspector").await?;
        let admin = server.sign_in("admin").await?;
        let address = server.address;
        let mut reviewers = Vec::new();
        let mut client = Client::connect(address, &admin).await?;
        for number in 0..REVIEWERS {
            let name = format!("reviewer-{number}");
            let form = format!(
                "form=add&email={name}@example.org&name=Reviewer+{number}&role=reviewer&\
                 password=plumb-the-depths"
            );
            let answer = client.post("/users", &form).await?;
            ensure!(answer.status == 303, "an account was answered with {}", answer.status);
            reviewers.push(server.sign_in(&name).await?);
        }
        let mut client = Client::connect(address, &inspector).await?;
        let answer = client.post("/inspections/new", "name=Load").await?;
        let edited = answer.location.context("the inspection was not started")?;
        let edited = edited.split(['?', '#']).next().unwrap_or(&edited).to_owned();
        let (reported, create_report) = reportable(address, &inspector).await?;
        Ok(Self { address, inspector, admin, reviewers, edited, reported, create_report })
    }
}

/// An inspection of the demo that its inspector can make a report of, and where the form goes that does.
async fn reportable(address: SocketAddr, inspector: &str) -> Result<(u64, String)> {
    let mut client = Client::connect(address, inspector).await?;
    // An inspection bears the id of its first change, and the demo has hundreds of changes.
    for id in 1..100 {
        let page = client.get(&format!("/inspections/{id}"), "").await?.text()?;
        let form = page.split('"').find(|part| part.starts_with("/api/create_report"));
        if let Some(form) = form {
            return Ok((id, form.to_owned()));
        }
    }
    bail!("the demo has no inspection to make a report of")
}

/// Edits a name, again and again.
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

/// A load that is on.
struct On {
    tasks: JoinSet<Result<()>>,
    /// What the tasks ask before they send another request.
    is_over: Arc<AtomicBool>,
    /// Requests that were answered.
    answers: Arc<AtomicU64>,
}

impl On {
    async fn put(load: Load, world: &Arc<World>) -> Result<Self> {
        let (is_over, answers) = (Arc::default(), Arc::default());
        let mut on = Self { tasks: JoinSet::new(), is_over, answers };
        match load {
            Load::Readers(number) => {
                for which in 0..number {
                    let (is_over, answers) = (on.is_over.clone(), on.answers.clone());
                    on.tasks.spawn(read(world.clone(), which, is_over, answers));
                }
            }
            Load::Streams(number) => {
                for number in 0..number {
                    let person = &world.reviewers[number % REVIEWERS];
                    let mut client = Client::connect(world.address, person).await?;
                    client.listen().await?;
                    let is_over = on.is_over.clone();
                    on.tasks.spawn(async move { client.drain(&is_over).await });
                }
            }
            Load::Reports(number) => {
                for which in 0..number {
                    let (is_over, answers) = (on.is_over.clone(), on.answers.clone());
                    on.tasks.spawn(make_reports(world.clone(), which, is_over, answers));
                }
            }
        }
        Ok(on)
    }

    /// Waits until all requests that were sent are answered.
    async fn take_off(mut self) -> Result<()> {
        self.is_over.store(true, Ordering::Relaxed);
        while let Some(ended) = self.tasks.join_next().await {
            ended??;
        }
        Ok(())
    }
}

async fn read(
    world: Arc<World>,
    which: usize,
    is_over: Arc<AtomicBool>,
    answers: Arc<AtomicU64>,
) -> Result<()> {
    let person = &world.reviewers[which % REVIEWERS];
    let mut client = Client::connect(world.address, person).await?;
    while !is_over.load(Ordering::Relaxed) {
        // One that found no turn in time tries again, as a person would.
        if client.get("/changes?state=unreviewed", "Accept-Encoding: gzip\r\n").await?.status == 200
        {
            answers.fetch_add(1, Ordering::Relaxed);
        }
    }
    Ok(())
}

async fn make_reports(
    world: Arc<World>,
    which: usize,
    is_over: Arc<AtomicBool>,
    answers: Arc<AtomicU64>,
) -> Result<()> {
    let people = [&world.admin, &world.inspector];
    let mut client = Client::connect(world.address, people[which % people.len()]).await?;
    let inspection = world.reported;
    while !is_over.load(Ordering::Relaxed) {
        let form = format!("inspection={inspection}&request={}", Uuid::now_v7());
        let answer = client.post(&world.create_report, &form).await?;
        let is_made = answer.location.is_some_and(|page| !page.contains("refused"));
        ensure!(is_made, "a report was not made: {}", answer.status);
        answers.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// How many edits a second are recorded from now on, once what was put on or taken off has settled.
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
