//! Running of the built server.

use crate::build;
use crate::cargo::{root, target};
use crate::finish::Finish;
use crate::step::Steps;
use anyhow::{Result, bail};
use std::env;
use std::net::TcpListener;
use std::process::{Command, ExitCode};

const ADDRESS: &str = "127.0.0.1:3000";

/// Builds, then replaces this process by the server, so that Ctrl-C reaches only the server.
pub(crate) fn run(args: &[String]) -> Result<ExitCode> {
    // The check comes before a build that may take minutes.
    require_free(&address(args, env::var("PLUMBLINE_ADDR").ok()))?;
    build::all(&mut Steps::of(build::STEPS), Finish::Served)?;
    println!();
    become_program(command("release", args))
}

/// Returns the command that serves the demo, from a build in `target/PROFILE`.
pub(crate) fn command(profile: &str, args: &[String]) -> Command {
    let mut command = Command::new(target(profile).join("plumbline"));
    command.current_dir(root()).args(["serve", "--demo"]).args(args);
    command
}

#[cfg(unix)]
fn become_program(mut command: Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    bail!("{} cannot be started: {error}", command.get_program().display())
}

#[cfg(not(unix))]
fn become_program(mut command: Command) -> Result<ExitCode> {
    let status = crate::children::status(&mut command)?;
    if !status.success() {
        bail!("plumbline ended: {status}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the address the server will listen on, from its flag, its variable or its default.
pub(crate) fn address(args: &[String], variable: Option<String>) -> String {
    let flag = args.iter().enumerate().find_map(|(at, arg)| match arg.strip_prefix("--addr") {
        Some("") => args.get(at + 1).cloned(),
        Some(rest) => rest.strip_prefix('=').map(str::to_owned),
        None => None,
    });
    flag.or(variable).unwrap_or_else(|| ADDRESS.to_owned())
}

/// Fails, with a hint, if another program listens on the address.
pub(crate) fn require_free(address: &str) -> Result<()> {
    match TcpListener::bind(address) {
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => bail!(
            "{address} is taken by another program. Stop that one, or choose another address: \
             `cargo xtask run -- --addr 127.0.0.1:3001`"
        ),
        // The server itself reports other errors better.
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_one_that_the_server_will_take() {
        let args = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let variable = Some("[::1]:80".to_owned());
        assert_eq!(address(&args(&["--addr", "a:1"]), variable.clone()), "a:1");
        assert_eq!(address(&args(&["--addr=a:2"]), None), "a:2");
        assert_eq!(address(&args(&["--quiet"]), variable), "[::1]:80");
        assert_eq!(address(&[], None), ADDRESS);
    }

    #[test]
    fn a_taken_port_is_named_with_a_way_out() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap().to_string();
        let error = require_free(&address).unwrap_err().to_string();
        assert!(error.contains(&address) && error.contains("--addr"), "{error}");
        drop(taken);
        require_free(&address).unwrap();
    }
}
