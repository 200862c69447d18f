//! Benchmark of recording under load: `cargo xtask bench load`. It measures how much of their rate eight
//! recorders keep while others read, listen to events and create reports. The arguments are the executable
//! and the URLs of empty databases; the output has one line for each load.
//!
//! The rate under load is compared with the rates right before and after it. The median of several rounds is
//! reported, because other processes on the machine cause noise.

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

/// Number of recorders, each of which sends one edit after another.
const WRITERS: usize = 8;

/// Number of people who read and listen; each may have twenty event streams.
const REVIEWERS: usize = 15;

/// Number of times that each load is started and stopped.
const ROUNDS: usize = 9;

/// Duration of one measurement.
const WINDOW: Duration = Duration::from_millis(1_500);

/// Pause before a report that was refused is asked for again.
const REFUSED_PAUSE: Duration = Duration::from_millis(200);

/// Time between starting or stopping a load and the measurement.
const SETTLE: Duration = Duration::from_millis(500);

/// Load in addition to the recorders.
#[derive(Clone, Copy, Debug)]
enum Load {
    /// Number of connections that repeatedly load the dashboard.
    Readers(usize),
    /// Number of open event streams, each of which receives all edits.
    Streams(usize),
    /// Number of connections that repeatedly create reports.
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

/// Server address, session cookies and inspections for the requests.
#[derive(Debug)]
struct World {
    address: SocketAddr,
    /// Cookie of the inspector who records.
    inspector: String,
    /// Cookie of an admin.
    admin: String,
    /// Cookies of the people who read and listen.
    reviewers: Vec<String>,
    /// Path of the edited inspection, followed by the id of another one with photos.
    edited: String,
    reported: u64,
    /// Address of the form that creates a report.
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

/// Returns an inspection whose inspector can create a report, and the address of the form that does.
async fn reportable(address: SocketAddr, inspector: &str) -> Result<(u64, String)> {
    let mut client = Client::connect(address, inspector).await?;
    // The id of an inspection is that of its first change, and the demo has hundreds of changes.
    for id in 1..100 {
        let page = client.get(&format!("/inspections/{id}"), "").await?.text()?;
        let form = page.split('"').find(|part| part.starts_with("/api/create_report"));
        if let Some(form) = form {
            return Ok((id, form.to_owned()));
        }
    }
    bail!("the demo has no inspection to make a report of")
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

/// Running load.
struct On {
    tasks: JoinSet<Result<()>>,
    /// Flag that the tasks check before each request.
    is_over: Arc<AtomicBool>,
    /// Number of answered requests.
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

    /// Stops the load and waits for the responses to all sent requests.
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
        // After a timeout the request is repeated, as a person would do.
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
        let page = answer.location.with_context(|| format!("no page: {}", answer.status))?;
        if page.contains("refused") {
            // The server lets a person wait for a few reports only.
            tokio::time::sleep(REFUSED_PAUSE).await;
        } else {
            answers.fetch_add(1, Ordering::Relaxed);
        }
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
