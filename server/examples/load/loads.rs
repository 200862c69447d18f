//! Loads in addition to the recorders.

use crate::{client::Client, photo, world::World};
use anyhow::{Context, Result, ensure};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinSet;
use uuid::Uuid;

/// Pause before a report that was refused is asked for again.
const REFUSED_PAUSE: Duration = Duration::from_millis(200);

/// Load in addition to the recorders.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Load {
    /// Number of connections that repeatedly load the dashboard.
    Readers(usize),
    /// Number of open event streams, each of which receives all edits.
    Streams(usize),
    /// Number of connections that repeatedly create reports.
    Reports(usize),
    /// Number of connections that repeatedly upload a photo of some twelve megabytes.
    Uploads(usize),
}

/// Loads to measure, one after the other.
pub(crate) const LOADS: [Load; 4] =
    [Load::Readers(16), Load::Streams(300), Load::Reports(20), Load::Uploads(8)];

impl Load {
    pub(crate) fn name(self) -> String {
        match self {
            Self::Readers(number) => format!("{number} readers of the dashboard"),
            Self::Streams(number) => format!("{number} streams of events"),
            Self::Reports(number) => format!("{number} reports asked for"),
            Self::Uploads(number) => format!("{number} uploads of a large photo"),
        }
    }
}

/// Running load.
pub(crate) struct On {
    tasks: JoinSet<Result<()>>,
    /// Flag that the tasks check before each request.
    is_over: Arc<AtomicBool>,
    /// Number of answered requests.
    pub(crate) answers: Arc<AtomicU64>,
}

impl On {
    /// Starts a load.
    pub(crate) async fn put(load: Load, world: &Arc<World>) -> Result<Self> {
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
                    let person = &world.reviewers[number % world.reviewers.len()];
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
            Load::Uploads(number) => {
                let file: Arc<[u8]> = photo::large()?.into();
                for _ in 0..number {
                    let (is_over, answers) = (on.is_over.clone(), on.answers.clone());
                    on.tasks.spawn(upload(world.clone(), file.clone(), is_over, answers));
                }
            }
        }
        Ok(on)
    }

    /// Stops the load and waits for the responses to all sent requests.
    pub(crate) async fn take_off(mut self) -> Result<()> {
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
    let person = &world.reviewers[which % world.reviewers.len()];
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

async fn upload(
    world: Arc<World>,
    file: Arc<[u8]>,
    is_over: Arc<AtomicBool>,
    answers: Arc<AtomicU64>,
) -> Result<()> {
    let mut client = Client::connect(world.address, &world.inspector).await?;
    while !is_over.load(Ordering::Relaxed) {
        let request = Uuid::now_v7().to_string();
        let answer = client.upload(&world.photos, &request, &file).await?;
        ensure!(answer.status == 303, "a photo was answered with {}", answer.status);
        answers.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}
