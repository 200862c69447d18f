//! Measurements: each is an example program of a package, let loose on empty databases.

use crate::cargo::native;
use crate::postgres::{Cluster, Durability};
use crate::process::quietly;
use crate::step::Steps;
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use serde_json::Value;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode, id};

/// What to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// What the record costs: time and bytes for each change, and bulk changes.
    Record,
    /// How long verifying a million changes takes.
    Verify,
}

impl Bench {
    const fn program(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Verify => "verify",
        }
    }
}

/// Measures, on SQLite and on a PostgreSQL that syncs to disk as it would for a team.
pub(crate) fn run(bench: Bench) -> Result<ExitCode> {
    let mut steps = Steps::of(2);
    let program = steps.run("Building the benchmark", |step| {
        let mut build = native("build");
        build.args(["--example", bench.program(), "--message-format", "json-render-diagnostics"]);
        let messages = quietly(step, &mut build).context("The benchmark could not be built.")?;
        executable(&messages, bench.program())
    })?;
    let cluster =
        steps.run("Starting PostgreSQL", |step| Cluster::start(step, Durability::Full))?;
    let folder = env::temp_dir().join(format!("plumbline-bench-{}", id()));
    let sqlite = format!("sqlite://{}", folder.join("bench.db").display());
    let status = Command::new(program).args([sqlite.as_str(), cluster.url.as_str()]).status();
    // What cannot be removed is in the way of nobody.
    let _ = fs::remove_dir_all(&folder);
    if !status?.success() {
        bail!("The benchmark failed; see above.");
    }
    Ok(ExitCode::SUCCESS)
}

/// Where cargo put an example.
fn executable(messages: &[String], name: &str) -> Result<PathBuf> {
    let messages = messages.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut built = messages.filter_map(|message| {
        let is_it = message["target"]["name"] == name && message["target"]["kind"][0] == "example";
        is_it.then(|| message["executable"].as_str().map(PathBuf::from)).flatten()
    });
    built.next().context("cargo did not say where the benchmark is")
}
