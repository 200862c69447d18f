//! Command line.

use crate::{
    commands::{
        accept_clock, backup, correct, export, migrate, render, restore, seed, serve, user, verify,
    },
    logging::{self, LogFormat},
    output,
};
use clap::{Args, Parser, Subcommand};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};
use store::{CheckpointFolder, Clock, Objects, Store};

/// Building inspections, with a record of every change.
#[derive(Debug, Parser)]
#[command(name = "plumbline", version)]
struct Cli {
    #[command(flatten)]
    storage: Storage,
    /// How lines of the log are written; RUST_LOG says which
    #[arg(
        long,
        env = "PLUMBLINE_LOG_FORMAT",
        default_value = "text",
        global = true,
        value_name = "FORMAT"
    )]
    log_format: LogFormat,
    #[command(subcommand)]
    command: Command,
}

/// Options for the location of all data.
#[derive(Debug, Args)]
pub(crate) struct Storage {
    /// The database: sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        default_value = "sqlite://data/plumbline.db",
        global = true,
        value_name = "URL"
    )]
    database_url: String,
    /// Photos and reports: a folder or s3://BUCKET/PREFIX (AWS_* variables say how to reach it)
    #[arg(
        long,
        env = "PLUMBLINE_OBJECTS",
        default_value = "data/objects",
        global = true,
        value_name = "URL"
    )]
    objects: String,
    /// The folder outside the database where signed checkpoints of the record are kept
    #[arg(
        long,
        env = "PLUMBLINE_CHECKPOINTS",
        default_value = "data/checkpoints",
        global = true,
        value_name = "FOLDER"
    )]
    checkpoints: PathBuf,
}

impl Storage {
    /// Opens the database and the object store.
    pub(crate) async fn open(&self) -> anyhow::Result<Store> {
        Ok(Store::open(&self.database_url, &self.objects).await?)
    }

    /// Opens the database read-only.
    pub(crate) async fn open_to_read(&self) -> anyhow::Result<Store> {
        Ok(Store::open_to_read(&self.database_url).await?)
    }

    /// Opens the object store read-only, without creating a folder.
    pub(crate) fn objects_to_read(&self) -> anyhow::Result<Objects> {
        Ok(Objects::open_to_read(&self.objects)?)
    }

    /// Returns the path of the database, if it is a SQLite file.
    pub(crate) fn sqlite_file(&self) -> anyhow::Result<Option<PathBuf>> {
        Ok(store::sqlite_file(&self.database_url)?)
    }

    /// Copies the SQLite database in its present state, even while it is in use.
    pub(crate) async fn copy_sqlite(&self, to: &Path) -> anyhow::Result<()> {
        Ok(store::copy_sqlite(&self.database_url, to).await?)
    }

    /// Opens the object store.
    pub(crate) fn objects(&self) -> anyhow::Result<Objects> {
        Ok(Objects::open(&self.objects)?)
    }

    /// Returns the folder of the checkpoints.
    pub(crate) fn checkpoints(&self) -> CheckpointFolder {
        CheckpointFolder::at(&self.checkpoints)
    }
}

/// Option for a clock that tests set.
#[derive(Debug, Args)]
pub(crate) struct TestClock {
    /// For tests: the time is the one in this file, as in 2026-03-12T09:00:00Z, while the file exists
    #[arg(long, env = "PLUMBLINE_CLOCK", hide = true, value_name = "FILE")]
    clock: Option<PathBuf>,
}

impl TestClock {
    /// Returns whether the clock follows a file.
    pub(crate) const fn is_set(&self) -> bool {
        self.clock.is_some()
    }

    /// Returns the clock of the file, with a warning in the log, or the given one if no file is named.
    pub(crate) fn or(self, clock: Clock) -> Clock {
        let Some(file) = self.clock else { return clock };
        tracing::warn!(
            file = %file.display(),
            "PLUMBLINE_CLOCK is set: recorded times come from a file and not from the system's clock. \
             This is for tests only"
        );
        Clock::following(file)
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages; brings the database up to date first
    Serve(serve::Serve),
    /// Bring the database up to date
    Migrate(migrate::Migrate),
    /// Add, list and disable the people who may sign in
    #[command(subcommand)]
    User(user::User),
    /// Verify that the record is whole and unaltered, or that a PDF is one of our reports
    Verify(verify::Verify),
    /// Accept once that the clock was set back
    AcceptClock(accept_clock::AcceptClock),
    /// Correct data in bulk, each correction recorded
    Correct(correct::Correct),
    /// Write changes to standard output or a file
    Export(export::Export),
    /// Add inspections of demo accounts from a JSON file, for tests
    Seed(seed::Seed),
    /// Copy everything to a folder, while it is in use
    Backup(backup::BackUp),
    /// Bring everything back from a backup, once it has been verified
    Restore(restore::Restore),
    /// Render one report in this process; the server starts it
    #[command(name = service::reports::RENDER_COMMAND, hide = true)]
    Render(render::Render),
}

/// Runs the command line.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match logging::init(cli.log_format).and_then(|()| start(cli)) {
        Ok(code) => code,
        Err(error) => {
            output::error_line(format_args!("plumbline: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn start(cli: Cli) -> anyhow::Result<ExitCode> {
    let clock = Clock::system();
    let done = match cli.command {
        Command::Serve(serve) => serve.run(&cli.storage, clock).await,
        Command::Migrate(migrate) => migrate.run(&cli.storage).await,
        Command::User(user) => user.run(&cli.storage, clock).await,
        Command::Verify(verify) => verify.run(&cli.storage, clock).await,
        Command::AcceptClock(accept) => accept.run(&cli.storage, clock).await,
        Command::Correct(correct) => return correct.run(&cli.storage, clock).await,
        Command::Export(export) => export.run(&cli.storage).await,
        Command::Seed(seed) => seed.run(&cli.storage, clock).await,
        Command::Backup(backup) => backup.run(&cli.storage, clock).await,
        Command::Restore(restore) => restore.run(&cli.storage).await,
        Command::Render(render) => render.run(),
    };
    done.map(|()| ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_names_each_variable_beside_its_flag() {
        let mut serve = Cli::command();
        serve.build();
        let help = serve.find_subcommand_mut("serve").expect("serve").render_help().to_string();
        for name in [
            "DATABASE_URL",
            "PLUMBLINE_OBJECTS",
            "PLUMBLINE_CHECKPOINTS",
            "PLUMBLINE_ADDR",
            "PLUMBLINE_SITE",
            "PLUMBLINE_ORIGIN",
            "PLUMBLINE_TRUSTED_PROXY",
            "PLUMBLINE_LOG_FORMAT",
        ] {
            assert!(help.contains(&format!("[env: {name}")), "{name} in {help}");
        }
    }
}
