//! cargo-nextest, which runs the tests of all programs at once and each test in a process of its own. It is used
//! where it is installed; nothing needs it.

use crate::cargo::cargo;
use crate::children;
use crate::process::succeeds;
use crate::step::Step;
use crate::test_counts::Counts;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// Returns whether it is installed.
pub(crate) fn is_installed() -> bool {
    succeeds(cargo("nextest").arg("--version"))
}

/// Creates a command that runs tests with cargo's arguments for selecting packages and profile.
pub(crate) fn command<'a>(selection: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = cargo("nextest");
    command.arg("run").args(selection).args(["--no-fail-fast", "--no-tests=pass"]);
    command.args(["--color=never", "--status-level=pass", "--final-status-level=none"]);
    command
}

/// Runs tests and counts them. Its output, except for tests that passed, is shown if a test fails.
pub(crate) fn run(step: &Step, title: &str, command: &mut Command) -> Result<Counts> {
    // All its output is on standard error, with that of failed tests.
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = children::spawn(command).context("cargo-nextest cannot be started")?;
    let output = child.stderr().context("standard error is piped")?;
    let (mut summary, mut log) = (None, Vec::new());
    for line in BufReader::new(output).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        summary = summary_line(&line).or(summary);
        step.note(line.trim());
        if !line.trim_start().starts_with("PASS [") {
            log.push(line);
        }
    }
    let status = child.wait()?;
    if !status.success() {
        log.iter().for_each(|line| step.line(line));
    }
    let counts = match summary {
        Some(Counts { failed: 0, .. }) | None if !status.success() => {
            bail!("cargo-nextest failed: {status}")
        }
        Some(counts) => counts,
        None => bail!("cargo-nextest printed no summary"),
    };
    step.line(&format!("{title}: {} passed, {} failed", counts.passed, counts.failed));
    Ok(counts)
}

/// Parses the counts in `Summary [   1.204s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 3 skipped`.
/// Every test that ran and did not pass counts as failed.
fn summary_line(line: &str) -> Option<Counts> {
    let (_, result) = line.trim_start().strip_prefix("Summary [")?.split_once(']')?;
    let (run, outcomes) = result.split_once(" run: ")?;
    // A run that was cancelled states how many of how many tests ran.
    let run: u64 = run.split_whitespace().next()?.split('/').next()?.parse().ok()?;
    let passed = outcomes.split(',').find_map(|outcome| outcome.trim().split_once(" passed"));
    let passed: u64 = passed.map_or(Some(0), |(passed, _)| passed.parse().ok())?;
    Some(Counts { passed, failed: run.checked_sub(passed)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_the_summary() {
        let counts = |passed, failed| Some(Counts { passed, failed });
        let read = |rest: &str| summary_line(&format!("     Summary [   1.204s] {rest}"));
        assert_eq!(read("12 tests run: 12 passed, 3 skipped"), counts(12, 0));
        assert_eq!(read("1 test run: 1 passed (1 slow), 0 skipped"), counts(1, 0));
        assert_eq!(
            read("12 tests run: 9 passed (1 slow, 2 leaky), 1 failed, 2 timed out, 3 skipped"),
            counts(9, 3)
        );
        assert_eq!(read("3/12 tests run: 2 passed, 1 failed, 0 skipped"), counts(2, 1));
        assert_eq!(read("2 tests run: 2 exec failed, 0 skipped"), counts(0, 2));
        assert_eq!(read("0 tests run: 0 passed, 4 skipped"), counts(0, 0));
        assert_eq!(summary_line("        PASS [   0.005s] domain tests::summary"), None);
    }

    /// Runs a program in the place of cargo-nextest.
    fn run_script(script: &str) -> Result<Counts> {
        let step = Step::start(String::new());
        run(&step, "scripted", Command::new("sh").args(["-c", script]))
    }

    #[test]
    fn tests_that_failed_are_counted_and_a_run_without_a_result_fails() {
        let summary =
            "echo '     Summary [   0.1s] 3 tests run: 2 passed, 1 failed, 0 skipped' >&2";
        let counts = run_script(&format!("{summary}; exit 100")).unwrap();
        assert_eq!(counts, Counts { passed: 2, failed: 1 });
        for script in [
            "echo 'error: expected filterset' >&2; exit 94",
            "echo '     Summary [   0.1s] 3 tests run: 3 passed, 0 skipped' >&2; exit 1",
            "true",
        ] {
            run_script(script).unwrap_err();
        }
    }
}
