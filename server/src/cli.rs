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
#[command(
    name = "plumbline",
    version,
    after_help = "`plumbline help COMMAND` shows the options of a command."
)]
struct Cli {
    #[command(flatten)]
    storage: Storage,
    /// Format of the log on standard error; RUST_LOG selects the lines
    #[arg(
        long,
        help_heading = "Log",
        env = "PLUMBLINE_LOG_FORMAT",
        default_value = "text",
        global = true,
        value_name = "FORMAT"
    )]
    log_format: LogFormat,
    #[command(subcommand)]
    command: Command,
}

// The help of a command is the documentation of its type; one here would replace it.
#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Migrate(migrate::Migrate),
    #[command(subcommand)]
    User(user::User),
    Verify(verify::Verify),
    AcceptClock(accept_clock::AcceptClock),
    Correct(correct::Correct),
    Export(export::Export),
    Seed(seed::Seed),
    Backup(backup::BackUp),
    Restore(restore::Restore),
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
    fn every_command_and_option_has_a_help_that_fits_in_a_line() {
        fn check(command: &clap::Command) {
            let name = command.get_name();
            for arg in command.get_arguments() {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                let is_line = !help.is_empty() && help.chars().count() <= 115;
                assert!(is_line, "{name} {}: {help}", arg.get_id());
            }
            for command in command.get_subcommands() {
                let about = command.get_about().map(ToString::to_string).unwrap_or_default();
                let is_line = !about.is_empty() && about.chars().count() <= 70;
                assert!(is_line, "{}: {about}", command.get_name());
                check(command);
            }
        }
        let mut command = Cli::command();
        command.build();
        check(&command);
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
