//! Benchmarks: example programs of a package, run on empty databases, and measurements of pages in a browser.

use crate::browser;
use crate::build;
use crate::cargo::{native, target};
use crate::children;
use crate::finish::Finish;
use crate::npm;
use crate::postgres::{self, Cluster, Durability};
use crate::process::quietly;
use crate::step::Steps;
use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use serde_json::Value;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio, id};

/// Benchmark to run.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum Bench {
    /// Measure the cost of the record: time and bytes per change, and bulk changes.
    Record,
    /// Measure the verification of a million changes.
    Verify,
    /// Measure the rate of eight writers beside readers, event streams, reports and uploads.
    Load,
    /// Measure how soon a thousand viewers are told of a change, and the memory of each.
    Live,
    /// Measure the blocking time and the sizes of pages in a browser, with deferred hydration and without.
    Page,
    /// Measure the dashboard with various filters over changes generated from a seed.
    Dashboard {
        /// Number of changes.
        #[arg(long, default_value_t = 1_000_000)]
        changes: u64,
        /// Databases to measure.
        #[arg(long, default_value = "both")]
        database: Databases,
    },
}

/// Databases that can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Databases {
    Both,
    Sqlite,
    Postgres,
}

impl Bench {
    /// Returns the name of the example program; measurements of pages have none.
    const fn program(self) -> Option<&'static str> {
        match self {
            Self::Record => Some("record"),
            Self::Verify => Some("verify"),
            Self::Load | Self::Live => Some("load"),
            Self::Page => None,
            Self::Dashboard { .. } => Some("dashboard"),
        }
    }
}

/// Runs a benchmark.
pub(crate) fn run(bench: Bench) -> Result<ExitCode> {
    match bench.program() {
        Some(program) => on_databases(bench, program),
        None => in_browser(),
    }
}

/// Measures pages of the release with Playwright.
fn in_browser() -> Result<ExitCode> {
    let mut steps = Steps::of(build::STEPS + 1);
    build::all(&mut steps, Finish::Served)?;
    steps.run("Measuring pages", |step| {
        let folder = npm::install(step, "end2end")?;
        let browser = browser::find(step, &folder, &[])?;
        let mut playwright = Command::new("npx");
        playwright.current_dir(&folder).args(["playwright", "test", "--config", "bench.config.ts"]);
        playwright.env("PLUMBLINE_BIN", target("release/plumbline")).stdin(Stdio::null());
        playwright.envs(browser.map(|browser| (browser::VARIABLE, browser)));
        step.line("Playwright:");
        if !children::status(&mut playwright)?.success() {
            bail!("The benchmark failed; see above.");
        }
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Runs a program on SQLite and on PostgreSQL; PostgreSQL syncs to disk as in production.
fn on_databases(bench: Bench, name: &str) -> Result<ExitCode> {
    let mut steps = Steps::of(2);
    let program = steps.run("Building the benchmark", |step| {
        let mut build = native("build");
        build.args(["--example", name, "--message-format", "json-render-diagnostics"]);
        if matches!(bench, Bench::Load | Bench::Live) {
            build.args(["--bin", "plumbline"]);
        }
        let messages = quietly(step, &mut build).context("The benchmark could not be built.")?;
        executable(&messages, name)
    })?;
    let cluster =
        steps.run("Starting PostgreSQL", |step| Cluster::start(step, Durability::Full))?;
    let folder = env::temp_dir().join(format!("plumbline-bench-{}", id()));
    let mut measure = Command::new(program);
    match bench {
        Bench::Record | Bench::Verify => {
            let sqlite = format!("sqlite://{}", folder.join("bench.db").display());
            measure.args([sqlite.as_str(), cluster.url.as_str()]);
        }
        // Pages are not measured by a program.
        Bench::Page => {}
        Bench::Load | Bench::Live => {
            let sqlite = format!("sqlite://{}", folder.join("bench.db").display());
            measure.arg(if matches!(bench, Bench::Live) { "live" } else { "load" });
            measure.arg(target("release/plumbline")).args([sqlite.as_str(), cluster.url.as_str()]);
        }
        Bench::Dashboard { changes, database } => {
            measure.arg(changes.to_string()).arg(match database {
                Databases::Both => "both",
                Databases::Sqlite => "sqlite",
                Databases::Postgres => "postgres",
            });
            measure.env(postgres::VARIABLE, &cluster.url);
        }
    }
    let status = children::status(&mut measure);
    // A folder that cannot be removed does no harm.
    let _ = fs::remove_dir_all(&folder);
    if !status?.success() {
        bail!("The benchmark failed; see above.");
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the path of an example that cargo built.
fn executable(messages: &[String], name: &str) -> Result<PathBuf> {
    let messages = messages.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut built = messages.filter_map(|message| {
        let is_it = message["target"]["name"] == name && message["target"]["kind"][0] == "example";
        is_it.then(|| message["executable"].as_str().map(PathBuf::from)).flatten()
    });
    built.next().context("cargo did not say where the benchmark is")
}
