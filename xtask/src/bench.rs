//! Measuring: programs of the store's own, built as the server is.

use crate::cargo::{native, target};
use crate::postgres::{Cluster, VARIABLE};
use crate::process::quietly;
use crate::step::Steps;
use anyhow::{Context, Result};
use clap::{Subcommand, ValueEnum};
use std::env;
use std::process::{Command, ExitCode};

/// What is measured.
#[derive(Subcommand)]
pub(crate) enum What {
    /// How long the page of changes takes, filter by filter, over many changes made up from a seed.
    Dashboard {
        /// How many changes.
        #[arg(long, default_value_t = 1_000_000)]
        changes: u64,
        /// One of the databases alone.
        #[arg(long)]
        database: Option<Database>,
    },
}

/// A database that can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

/// Builds what measures, and runs it. Its words are the answer.
pub(crate) fn run(what: &What) -> Result<ExitCode> {
    let What::Dashboard { changes, database } = what;
    let mut steps = Steps::of(1);
    // The one that the user named, or one of our own for as long as it takes.
    let cluster = steps.run("Building the benchmark", |step| {
        quietly(step, native("build").args(["--example", "dashboard"]))?;
        match env::var_os(VARIABLE) {
            None if *database != Some(Database::Sqlite) => Cluster::start(step).map(Some),
            _ => Ok(None),
        }
    })?;
    let mut bench = Command::new(target("release/examples/dashboard"));
    bench.arg(changes.to_string()).arg(match database {
        None => "both",
        Some(Database::Sqlite) => "sqlite",
        Some(Database::Postgres) => "postgres",
    });
    bench.envs(cluster.as_ref().map(|cluster| (VARIABLE, cluster.url.as_str())));
    let status = bench.status().context("the benchmark cannot be started")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
