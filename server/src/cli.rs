//! Command line.

use crate::{
    commands::{
        accept_clock, backup, correct, export, migrate, render, restore, seed, serve, user, verify,
    },
    logging::{self, LogFormat},
    output,
    storage::Storage,
};
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use store::Clock;

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
