//! Rendering reports in processes of their own, a few at a time.
//!
//! A process gives its memory back when it ends, and it can be ended when it takes too long.

use super::{
    jobs::Jobs,
    mutex::lock,
    turns::{Turn, Turns},
};
use domain::Inspection;
use report::{Input, Rendered, Task, TaskError};
use std::{
    fmt, io,
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};
use tempfile::TempDir;
use tokio::{
    task::{JoinError, spawn_blocking},
    time::timeout,
};

/// The name of the hidden command that renders one report: `plumbline render-report FOLDER`.
pub const RENDER_COMMAND: &str = "render-report";

/// How long one report may take. One with 500 sections and a million characters, as much as `domain` allows, took 85
/// seconds on two cores that were shared with ten other processes.
const LIMIT: Duration = Duration::from_secs(120);

/// Starts the processes that render reports. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Renderer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    executable: PathBuf,
    limit: Duration,
    turns: Turns,
    jobs: Jobs,
}

/// Why a report was not rendered.
#[derive(Debug, thiserror::Error)]
pub(super) enum RenderFailure {
    /// It took longer than the limit, and was ended.
    #[error("rendering took longer than {} seconds and was ended", .0.as_secs())]
    TooLong(Duration),
    /// The process could not be started, or its answer could not be read.
    #[error("the process that renders reports cannot be run")]
    Process(#[from] io::Error),
    /// The process ended without a report. Its reason is in the log.
    #[error("the process that renders reports ended with {0}")]
    Failed(ExitStatus),
    /// The process answered something else than expected.
    #[error("the answer of the process that renders reports cannot be read")]
    Answer(#[from] serde_json::Error),
    /// The folder of the report cannot be written.
    #[error(transparent)]
    Folder(#[from] TaskError),
    /// The thread that waits for the process failed.
    #[error(transparent)]
    Thread(#[from] JoinError),
}

impl Default for Renderer {
    /// Runs this executable, even if its file was replaced since it was started.
    fn default() -> Self {
        let started = PathBuf::from("/proc/self/exe");
        let executable = if started.exists() { Ok(started) } else { std::env::current_exe() };
        Self::running(executable.unwrap_or_else(|_| "plumbline".into()))
    }
}

impl Renderer {
    /// Runs this executable of Plumbline.
    pub fn running(executable: PathBuf) -> Self {
        Self(Arc::new(Inner {
            executable,
            limit: LIMIT,
            turns: Turns::default(),
            jobs: Jobs::default(),
        }))
    }

    /// The same with another limit of time for one report.
    #[must_use]
    pub fn with_limit(self, limit: Duration) -> Self {
        let mut inner = Self::running(self.0.executable.clone());
        if let Some(inner) = Arc::get_mut(&mut inner.0) {
            inner.limit = limit;
        }
        inner
    }

    /// The turns in which reports are made.
    pub(super) fn turns(&self) -> &Turns {
        &self.0.turns
    }

    /// The reports that are being made.
    pub(super) fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    /// Renders what is in a folder. The process is ended when the limit is reached, or when nobody waits for it any
    /// more.
    pub(super) async fn render(
        &self,
        _turn: &Turn,
        folder: &ReportFolder,
    ) -> Result<Rendered, RenderFailure> {
        let limit = self.0.limit;
        let mut command = Command::new(&self.0.executable);
        // It needs nothing of the environment, which may hold passwords.
        command.env_clear().arg(RENDER_COMMAND).arg(folder.path());
        // The pipe on its standard input is never written to. It ends when this process does, and so does the other.
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let said = child.stdout.take();
        let running = Running(Arc::new(Mutex::new(child)));
        let waited = running.0.clone();
        let wait = spawn_blocking(move || -> io::Result<_> {
            let mut answer = Vec::new();
            if let Some(mut said) = said {
                said.read_to_end(&mut answer)?;
            }
            Ok((answer, wait_for(&waited)?))
        });
        let ended = timeout(limit, wait).await.map_err(|_| RenderFailure::TooLong(limit))?;
        drop(running);
        let (answer, status) = ended??;
        if !status.success() {
            return Err(RenderFailure::Failed(status));
        }
        Ok(serde_json::from_slice(&answer)?)
    }
}

/// A process that is ended when this is dropped, if it has not ended by then.
struct Running(Arc<Mutex<Child>>);

impl Drop for Running {
    fn drop(&mut self) {
        // A process that has ended already refuses this, and that is fine.
        let _ = lock(&self.0).kill();
    }
}

/// Waits for a process that has closed its standard output, and so is about to end or is being ended.
fn wait_for(child: &Mutex<Child>) -> io::Result<ExitStatus> {
    const PAUSE: Duration = Duration::from_millis(5);
    loop {
        // Not locked while it waits, so that the process can still be ended.
        if let Some(status) = lock(child).try_wait()? {
            return Ok(status);
        }
        std::thread::sleep(PAUSE);
    }
}

/// A temporary folder for one report, removed when dropped.
pub(super) struct ReportFolder(TempDir);

impl ReportFolder {
    /// Makes a folder with the input of a report in it.
    pub(super) fn new(input: &Input) -> Result<Self, TaskError> {
        let folder = tempfile::Builder::new().prefix("plumbline-report-").tempdir()?;
        Task(folder.path()).prepare(input)?;
        Ok(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Where the picture of a photo belongs.
    pub(super) fn photo(&self, sha256: &str) -> PathBuf {
        Task(self.path()).photos().file(sha256)
    }

    /// The file that the logo of the organisation belongs in.
    pub(super) fn logo(&self) -> PathBuf {
        Task(self.path()).photos().logo_file()
    }

    /// The file of the report, once it is rendered.
    pub(super) fn pdf(&self) -> PathBuf {
        Task(self.path()).pdf()
    }
}

impl fmt::Debug for ReportFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path().fmt(f)
    }
}

/// The photos of an inspection, each file once.
pub(super) fn files_of(inspection: &Inspection) -> Vec<String> {
    let mut hashes: Vec<_> = inspection.photos.iter().map(|photo| photo.sha256.clone()).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::tracker::ProgressTracker;
    use domain::UserId;

    #[tokio::test]
    async fn what_cannot_be_run_is_an_error() {
        let renderer = Renderer::running("/nowhere/plumbline".into());
        let turn =
            renderer.turns().turn(UserId(1), &ProgressTracker::default()).await.expect("a turn");
        let folder = ReportFolder(TempDir::new().expect("a folder"));
        let failure = renderer.render(&turn, &folder).await.expect_err("no such executable");
        assert!(matches!(failure, RenderFailure::Process(_)), "{failure}");
    }
}
