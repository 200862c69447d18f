//! Benchmarks: example programs of a package, run on empty databases.

use crate::cargo::{native, target};
use crate::children;
use crate::postgres::{self, Cluster, Durability};
use crate::process::quietly;
use crate::step::Steps;
use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use serde_json::Value;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode, id};

/// Benchmark to run.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum Bench {
    /// Measure the cost of the record: time and bytes per change, and bulk changes.
    Record,
    /// Measure the verification of a million changes.
    Verify,
    /// Measure the rate of eight writers beside readers, event streams and reports.
    Load,
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
    const fn program(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Verify => "verify",
            Self::Load => "load",
            Self::Dashboard { .. } => "dashboard",
        }
    }
}

/// Runs a benchmark on SQLite and on PostgreSQL; PostgreSQL syncs to disk as in production.
pub(crate) fn run(bench: Bench) -> Result<ExitCode> {
    let mut steps = Steps::of(2);
    let program = steps.run("Building the benchmark", |step| {
        let mut build = native("build");
        build.args(["--example", bench.program(), "--message-format", "json-render-diagnostics"]);
        if matches!(bench, Bench::Load) {
            build.args(["--bin", "plumbline"]);
        }
        let messages = quietly(step, &mut build).context("The benchmark could not be built.")?;
        executable(&messages, bench.program())
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
        Bench::Load => {
            let sqlite = format!("sqlite://{}", folder.join("bench.db").display());
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
