//! Running of other programs, whose output is shown only when they fail.

use crate::children;
use crate::step::Step;
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Maximum number of output lines shown of a failed program.
const SHOWN_LINES: usize = 200;

enum Said {
    Out(String),
    Err(String),
}

/// Runs `command` within a step and returns the lines of its standard output. Its output is shown
/// only if it fails.
pub(crate) fn quietly(step: &Step, command: &mut Command) -> Result<Vec<String>> {
    quietly_within(step, command, None)
}

/// Runs `command` like [`quietly`], and fails after ending it once `limit` has passed.
pub(crate) fn quietly_within(
    step: &Step,
    command: &mut Command,
    limit: Option<Duration>,
) -> Result<Vec<String>> {
    let deadline = limit.map(|limit| Instant::now() + limit);
    let name = name(command);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child =
        children::spawn(command).with_context(|| format!("`{name}` cannot be started"))?;
    let (tell, said) = channel();
    let out = child.stdout().context("standard output is piped")?;
    let err = child.stderr().context("standard error is piped")?;
    read_lines(out, tell.clone(), Said::Out);
    read_lines(err, tell, Said::Err);

    let (mut output, mut log, mut latest) = (Vec::new(), Vec::new(), String::new());
    loop {
        match said.recv_timeout(Duration::from_millis(500)) {
            Ok(Said::Out(line)) => {
                log.push(line.clone());
                output.push(line);
            }
            Ok(Said::Err(line)) => {
                latest.clone_from(&line);
                log.push(line);
            }
            // A timeout updates the step even for a silent program.
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        step.note(&latest);
        if deadline.is_some_and(|deadline| Instant::now() > deadline) {
            child.end();
            bail!("`{name}` took too long and was stopped");
        }
        if step.is_given_up() {
            child.end();
            bail!("`{name}` is not needed any more and was stopped");
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{}\n`{name}` failed: {status}", telling(&log));
    }
    Ok(output)
}

/// Returns whether `command` succeeds, without showing its output.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Returns the trimmed standard output of `command`.
pub(crate) fn output_of(command: &mut Command) -> Result<String> {
    let name = name(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{name}` cannot be started"))?;
    if !output.status.success() {
        bail!("{}\n`{name}` failed: {}", String::from_utf8_lossy(&output.stderr), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Returns the command in two words: the program and its subcommand.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let what = command.get_args().find(|arg| !arg.to_string_lossy().starts_with('-'));
    let words = [Some(program), what].into_iter().flatten();
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

fn read_lines(from: impl Read + Send + 'static, tell: Sender<Said>, as_said: fn(String) -> Said) {
    thread::spawn(move || {
        for line in BufReader::new(from).split(b'\n') {
            let Ok(line) = line else { break };
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            if tell.send(as_said(line)).is_err() {
                break;
            }
        }
    });
}

/// Returns the relevant lines of a failed program: without cargo's progress, and only the last
/// ones.
fn telling(log: &[String]) -> String {
    const PROGRESS: [&str; 8] = [
        "Compiling",
        "Checking",
        "Downloaded",
        "Downloading",
        "Locking",
        "Updating",
        "Adding",
        "Blocking",
    ];
    let lines: Vec<&str> = log
        .iter()
        .map(String::as_str)
        .filter(|line| !PROGRESS.iter().any(|word| line.trim_start().starts_with(word)))
        .collect();
    lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_build_shows_its_errors_and_not_its_progress() {
        let log = ["   Compiling serde v1", "error: no such thing", " --> src/lib.rs:1"];
        let shown = telling(&log.map(str::to_owned));
        assert_eq!(shown, "error: no such thing\n --> src/lib.rs:1");
    }

    #[test]
    fn a_program_that_takes_too_long_is_stopped() {
        let step = Step::start(String::new());
        let started = Instant::now();
        let limit = Some(Duration::from_millis(100));
        let error = quietly_within(&step, Command::new("sleep").arg("60"), limit).unwrap_err();
        assert!(error.to_string().contains("too long"), "{error}");
        assert!(started.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_failed_program_says_why() {
        let step = Step::start(String::new());
        let mut command = Command::new("sh");
        command.args(["-c", "echo fine; echo broken >&2; exit 3"]);
        let error = quietly(&step, &mut command).unwrap_err().to_string();
        assert!(error.contains("broken") && error.contains('3'), "{error}");
    }
}
