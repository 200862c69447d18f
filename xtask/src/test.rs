//! Test runner: format, lints, unit tests, both databases, and the browser.

use crate::build;
use crate::cargo::{kept, root, target};
use crate::children;
use crate::finish::Finish;
use crate::postgres::{self, Cluster, Durability};
use crate::process::succeeds;
use crate::step::{Step, Steps, explain};
use crate::test_binaries::{self as binaries, TestBinary};
use crate::test_counts::Counts;
use crate::{apt, browser, drivers, lint, npm, stamp, structure};
use anyhow::{Result, bail};
use clap::ValueEnum;
use serde_json::Value;
use std::env;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

/// Test stages that can be run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// Import cycles, names of types, paths in the documents, and profiles. Takes a second.
    Structure,
    /// Unit tests of the domain, the report, the pages, the server, and this tool.
    Unit,
    /// Tests of the store and the command line on SQLite and PostgreSQL, and of two servers on PostgreSQL.
    Store,
    /// End-to-end tests in Chromium.
    E2e,
    /// Smoke tests in Firefox and WebKit. Not part of a whole run.
    Browsers,
}

/// Runs all tests or those of one stage, and prints the counts.
pub(crate) fn run(only: Option<Stage>, args: &[String]) -> Result<ExitCode> {
    let wanted = |stage| match only {
        Some(only) => only == stage,
        None => stage != Stage::Browsers,
    };
    // Only the last runner gets the arguments.
    let args_for = |stage| if only.unwrap_or(Stage::E2e) == stage { args } else { &[] };
    let mut steps = Steps::of(match only {
        None => 6 + build::STEPS + 1,
        Some(Stage::Structure) => 1,
        Some(Stage::Unit | Stage::Store) => 2,
        Some(Stage::E2e | Stage::Browsers) => build::STEPS + 1,
    });
    let mut results = Results::default();

    if only.is_none() {
        let format = steps.run("Checking the format", lint::format);
        results.check("format", format);
    }
    if wanted(Stage::Structure) {
        let checked = steps.run("Checking the structure of the source", structure::check);
        results.check("structure", checked);
    }
    let toolchain = match only {
        None | Some(Stage::E2e | Stage::Browsers) => Some(build::set_up(&mut steps)),
        _ => None,
    };
    if only.is_none() {
        let lints = match &toolchain {
            Some(Ok(toolchain)) => steps.run("Linting", |step| lint::lints(step, toolchain)),
            _ => steps.run("Linting", |_| bail!("There is no compiler for the browser")),
        };
        results.check("lints", lints);
    }
    if wanted(Stage::Unit) || wanted(Stage::Store) {
        match steps.run("Compiling the tests", binaries::compile) {
            Ok(tests) => {
                if wanted(Stage::Unit) {
                    results.tests("unit", &mut steps, "Running the unit tests", |step, counts| {
                        unit(step, &tests, args_for(Stage::Unit), counts)
                    });
                }
                if wanted(Stage::Store) {
                    let title = "Running the storage tests";
                    results.tests("store", &mut steps, title, |step, counts| {
                        store(step, &tests, args_for(Stage::Store), counts)
                    });
                }
            }
            Err(error) => results.check("unit and store", Err(error)),
        }
    }
    if let Some(toolchain) = toolchain {
        let built =
            toolchain.and_then(|toolchain| build::with(&mut steps, &toolchain, Finish::Served));
        match built {
            Ok(()) if wanted(Stage::Browsers) => {
                let title = "Running Firefox and WebKit";
                results.tests("browsers", &mut steps, title, |step, counts| {
                    in_firefox_and_webkit(step, args_for(Stage::Browsers), counts)
                });
            }
            Ok(()) => results.tests("e2e", &mut steps, "Running the browser", |step, counts| {
                end_to_end(step, args_for(Stage::E2e), counts)
            }),
            Err(error) => results.check("e2e", Err(error)),
        }
    }
    Ok(results.close())
}

fn unit(step: &Step, tests: &[TestBinary], args: &[String], counts: &mut Counts) -> Result<()> {
    let tests: Vec<_> = tests.iter().filter(|test| !test.needs_postgres()).collect();
    *counts += binaries::run_all(step, &tests, args, None)?;
    *counts += binaries::documentation(step, args)?;
    *counts += binaries::own(step, args)?;
    Ok(())
}

fn store(step: &Step, tests: &[TestBinary], args: &[String], counts: &mut Counts) -> Result<()> {
    ensure_python(step)?;
    // The one that the user named, or one of our own for as long as the tests take.
    let cluster = match env::var_os(postgres::VARIABLE) {
        Some(_) => None,
        None => Some(Cluster::start(step, Durability::None)?),
    };
    let postgres = cluster.as_ref().map(|cluster| (postgres::VARIABLE, cluster.url.as_str()));
    let tests: Vec<_> = tests.iter().filter(|test| test.needs_postgres()).collect();
    *counts += binaries::run_all(step, &tests, args, postgres)?;
    Ok(())
}

/// Installs Python 3 where it is missing, because a test runs the programs in `docs/record.md`.
fn ensure_python(step: &Step) -> Result<()> {
    if succeeds(Command::new("python3").arg("--version")) {
        return Ok(());
    }
    if !apt::is_here() {
        bail!("Python 3 is missing. Install it so that `python3` is on the path.");
    }
    apt::install(step, &["python3"])
}

fn end_to_end(step: &Step, args: &[String], counts: &mut Counts) -> Result<()> {
    let folder = npm::install(step, "end2end")?;
    let browser = browser::find(step, &folder, args)?;
    playwright(step, args, browser.map(|browser| (browser::VARIABLE, browser)), counts)
}

fn in_firefox_and_webkit(step: &Step, args: &[String], counts: &mut Counts) -> Result<()> {
    npm::install(step, "end2end")?;
    let driver = drivers::set_up(step)?;
    let config = ["--config", "browsers.config.ts"].map(str::to_owned);
    playwright(step, &[&config, args].concat(), Some((drivers::GECKODRIVER, driver)), counts)
}

/// Runs Playwright with these arguments and one more variable, and counts.
fn playwright(
    step: &Step,
    args: &[String],
    variable: Option<(&str, PathBuf)>,
    counts: &mut Counts,
) -> Result<()> {
    let report = kept("playwright.json");
    stamp::remove_file(&report)?;
    let mut playwright = Command::new("npx");
    playwright.current_dir(root().join("end2end")).args(["playwright", "test"]);
    playwright.args(args).stdin(Stdio::null());
    playwright.env("PLUMBLINE_BIN", target("release/plumbline"));
    // The variable adds a JSON report, from which the tests are counted.
    playwright.env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report);
    playwright.envs(variable);
    step.line("Playwright:");
    let status = children::status(&mut playwright)?;
    if let Ok(report) = std::fs::read_to_string(&report) {
        *counts += playwright_counts(&report);
    }
    if !status.success() {
        counts.failed = counts.failed.max(1);
    }
    Ok(())
}

/// Returns the counts of Playwright's report. A test that passed only on a retry counts as failed,
/// because it is unreliable.
fn playwright_counts(report: &str) -> Counts {
    let report: Value = serde_json::from_str(report).unwrap_or_default();
    let count = |name: &str| report["stats"][name].as_u64().unwrap_or(0);
    Counts { passed: count("expected"), failed: count("unexpected") + count("flaky") }
}

/// Results of all stages.
#[derive(Default)]
struct Results {
    counts: Counts,
    failed: Vec<String>,
    lines: Vec<String>,
}

impl Results {
    /// Records a stage without a test count. A failed one counts as one failure.
    fn check(&mut self, stage: &str, result: Result<()>) {
        let word = if result.is_ok() { "ok" } else { "failed" };
        self.lines.push(format!("{stage}: {word}"));
        if let Err(error) = result {
            self.fail(stage, &error);
            self.counts.failed += 1;
        }
    }

    /// Records a stage of tests, which are counted.
    fn tests(
        &mut self,
        stage: &str,
        steps: &mut Steps,
        title: &str,
        run: impl FnOnce(&Step, &mut Counts) -> Result<()>,
    ) {
        let mut counts = Counts::default();
        let result = steps.run(title, |step| {
            let mut ran = run(step, &mut counts);
            if ran.is_err() {
                counts.failed += 1;
            } else if counts.failed > 0 {
                ran = Err(anyhow::anyhow!("{} tests failed: see above", counts.failed));
            }
            ran
        });
        self.counts += counts;
        self.lines.push(format!("{stage}: {} passed, {} failed", counts.passed, counts.failed));
        if let Err(error) = result {
            self.fail(stage, &error);
        }
    }

    fn fail(&mut self, stage: &str, error: &anyhow::Error) {
        explain(error);
        self.failed.push(stage.to_owned());
    }

    /// Prints the summary and returns the exit code.
    fn close(self) -> ExitCode {
        println!();
        self.lines.iter().for_each(|line| println!("{line}"));
        if !self.failed.is_empty() {
            println!("Failed: {}", self.failed.join(", "));
        }
        println!("{} passed, {} failed", self.counts.passed, self.counts.failed);
        if self.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn playwrights_report_is_counted() {
        let report = r#"{"stats":{"expected":7,"unexpected":2,"flaky":1,"skipped":0}}"#;
        assert_eq!(playwright_counts(report), Counts { passed: 7, failed: 3 });
        assert_eq!(playwright_counts("not a report"), Counts::default());
    }

    #[test]
    fn a_stage_without_tests_that_fails_is_counted_and_named() {
        let mut results = Results::default();
        results.check("format", Err(anyhow::anyhow!("unformatted")));
        results.check("lints", Ok(()));
        assert_eq!(results.counts, Counts { passed: 0, failed: 1 });
        assert_eq!(results.failed, ["format"]);
        assert_eq!(results.lines, ["format: failed", "lints: ok"]);
    }
}
