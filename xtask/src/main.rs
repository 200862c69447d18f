//! Build tool of the workspace: installs missing tools, builds, runs and tests Plumbline.
//!
//! `cargo xtask run` and `cargo xtask test` suffice for most work.

mod apt;
mod background_step;
mod bench;
mod browser;
mod build;
mod cargo;
mod children;
mod dev;
mod doc;
mod drivers;
mod finish;
mod frontend;
mod lint;
mod nextest;
mod npm;
mod package;
mod page_files;
mod postgres;
mod process;
mod server;
mod site;
mod stamp;
mod step;
mod structure;
mod style;
mod test;
mod test_binaries;
mod test_counts;
mod wasm_toolchain;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Sets up, builds, runs and tests Plumbline.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install missing tools, build, and serve the demo.
    Run {
        /// Passed to `plumbline serve`: `-- --addr 127.0.0.1:4000`.
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Check format and lints, then run every test.
    Test {
        /// Run only the tests of one stage.
        #[arg(long)]
        only: Option<test::Stage>,
        /// Passed to the last runner: a name to filter by, or Playwright's flags.
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Rebuild and restart whenever a source file changes.
    Dev {
        /// Passed to `plumbline serve`.
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Build the files that `run` serves, without serving them.
    Build,
    /// Build an archive with everything that a server needs, optimised for speed. Takes a while.
    Package,
    /// Build the documentation of the code.
    Doc,
    /// Run a benchmark and print a table. Needs an idle machine.
    Bench {
        #[command(subcommand)]
        what: bench::Bench,
    },
}

fn main() -> ExitCode {
    let outcome = children::end_with_this_program().and_then(|()| match Cli::parse().command {
        Command::Run { args } => server::run(&args),
        Command::Test { only, args } => test::run(only, &args),
        Command::Dev { args } => dev::run(&args),
        Command::Bench { what } => bench::run(what),
        Command::Build => build::release().map(|()| ExitCode::SUCCESS),
        Command::Package => package::run().map(|()| ExitCode::SUCCESS),
        Command::Doc => doc::run().map(|()| ExitCode::SUCCESS),
    });
    outcome.unwrap_or_else(|error| {
        step::explain(&error);
        ExitCode::FAILURE
    })
}
