//! Password prompt.

use anyhow::{Context, ensure};
use std::io::{BufRead, IsTerminal, stdin};

/// Prompts twice at a terminal without echo; otherwise reads the first line of standard input.
pub(super) fn ask() -> anyhow::Result<String> {
    if stdin().is_terminal() {
        let hidden = |prompt| rpassword::prompt_password(prompt).context("no password was given");
        let password = hidden("Password: ")?;
        ensure!(!password.is_empty(), "no password was given");
        ensure!(hidden("Once more: ")? == password, "the two are not the same; nothing was done");
        return Ok(password);
    }
    let mut line = String::new();
    stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    ensure!(!password.is_empty(), "no password was given; write it to standard input");
    Ok(password.to_owned())
}
