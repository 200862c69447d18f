//! Rendering of reports in separate processes, a few at a time.
//!
//! A process returns its memory when it ends, and it can be killed when it exceeds the time limit.

use super::{
    jobs::Jobs,
    mutex::lock,
    turns::{Turn, Turns},
};
use domain::inspection::Inspection;
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

/// Name of the hidden command that renders one report: `plumbline render-report FOLDER`.
pub const RENDER_COMMAND: &str = "render-report";

/// Time limit for one report. A report with 500 sections and a million characters, the maximum that `domain`
/// allows, took 85 seconds on two cores that were shared with ten other processes.
const LIMIT: Duration = Duration::from_secs(120);

/// Launcher of the processes that render reports. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Renderer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    executable: PathBuf,
    limit: Duration,
    turns: Turns,
    jobs: Jobs,
}

/// Reason that a report was not rendered.
#[derive(Debug, thiserror::Error)]
pub(super) enum RenderFailure {
    /// The process exceeded the time limit and was killed.
    #[error("rendering took longer than {} seconds and was ended", .0.as_secs())]
    TooLong(Duration),
    /// The process could not be started, or its output could not be read.
    #[error("the process that renders reports cannot be run")]
    Process(#[from] io::Error),
    /// The process exited without a report. The log has its error message.
    #[error("the process that renders reports ended with {0}")]
    Failed(ExitStatus),
    /// The output of the process could not be parsed.
    #[error("the answer of the process that renders reports cannot be read")]
    Answer(#[from] serde_json::Error),
    /// The folder of the report could not be written.
    #[error(transparent)]
    Folder(#[from] TaskError),
    /// The thread that waits for the process failed.
    #[error(transparent)]
    Thread(#[from] JoinError),
}

impl Default for Renderer {
    /// Returns a renderer that runs this executable, even if its file was replaced since the start.
    fn default() -> Self {
        let started = PathBuf::from("/proc/self/exe");
        let executable = if started.exists() { Ok(started) } else { std::env::current_exe() };
        Self::running(executable.unwrap_or_else(|_| "plumbline".into()))
    }
}

impl Renderer {
    /// Returns a renderer that runs the given Plumbline executable.
    pub fn running(executable: PathBuf) -> Self {
        Self(Arc::new(Inner {
            executable,
            limit: LIMIT,
            turns: Turns::default(),
            jobs: Jobs::default(),
        }))
    }

    /// Returns the renderer with a different time limit for one report.
    #[must_use]
    pub fn with_limit(self, limit: Duration) -> Self {
        let mut inner = Self::running(self.0.executable.clone());
        if let Some(inner) = Arc::get_mut(&mut inner.0) {
            inner.limit = limit;
        }
        inner
    }

    /// Returns the turns of report jobs.
    pub(super) fn turns(&self) -> &Turns {
        &self.0.turns
    }

    /// Returns the running report jobs.
    pub(super) fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    /// Renders the input in a folder. The process is killed at the time limit, or when the returned future is
    /// dropped.
    pub(super) async fn render(
        &self,
        _turn: &Turn,
        folder: &ReportFolder,
    ) -> Result<Rendered, RenderFailure> {
        let limit = self.0.limit;
        let mut command = Command::new(&self.0.executable);
        // The process needs no environment variables, and they may contain passwords.
        command.env_clear().arg(RENDER_COMMAND).arg(folder.path());
        // Nothing is written to its standard input. The pipe closes when this process ends, which ends the
        // other.
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

/// Process that is killed on drop if it has not exited by then.
struct Running(Arc<Mutex<Child>>);

impl Drop for Running {
    fn drop(&mut self) {
        // Killing a process that has already exited fails, which is harmless.
        let _ = lock(&self.0).kill();
    }
}

/// Waits for a process that has closed its standard output, so it is about to exit or is being killed.
fn wait_for(child: &Mutex<Child>) -> io::Result<ExitStatus> {
    const PAUSE: Duration = Duration::from_millis(5);
    loop {
        // The mutex is not held during the pause, so that the process can still be killed.
        if let Some(status) = lock(child).try_wait()? {
            return Ok(status);
        }
        std::thread::sleep(PAUSE);
    }
}

/// Temporary folder for one report, removed when dropped.
pub(super) struct ReportFolder(TempDir);

impl ReportFolder {
    /// Creates a folder with the input of a report.
    pub(super) fn new(input: &Input) -> Result<Self, TaskError> {
        let folder = tempfile::Builder::new().prefix("plumbline-report-").tempdir()?;
        Task(folder.path()).prepare(input)?;
        Ok(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Returns the path for the picture of a photo.
    pub(super) fn photo(&self, sha256: &str) -> PathBuf {
        Task(self.path()).photos().file(sha256)
    }

    /// Returns the path for the organisation's logo.
    pub(super) fn logo(&self) -> PathBuf {
        Task(self.path()).photos().logo_file()
    }

    /// Returns the path of the rendered report.
    pub(super) fn pdf(&self) -> PathBuf {
        Task(self.path()).pdf()
    }
}

impl fmt::Debug for ReportFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path().fmt(f)
    }
}

/// Returns the hashes of an inspection's photos, without duplicates.
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
    use domain::id::UserId;

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
