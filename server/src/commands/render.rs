//! `plumbline render-report`: renders one report in a process of its own. It is started by the
//! server ([`service::reports::Renderer`]), not by people.

use clap::Args;
use report::Task;
use std::{
    io::{self, Read},
    path::PathBuf,
    process, thread,
};

/// Render one report in this process.
#[derive(Debug, Args)]
pub(crate) struct Render {
    /// The folder with the report's input and photos
    folder: PathBuf,
}

impl Render {
    /// Renders the report into its folder and writes the number of pages to standard output.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        yield_to_the_server();
        thread::spawn(end_with_the_server);
        let rendered = Task(&self.folder).carry_out()?;
        serde_json::to_writer(io::stdout().lock(), &rendered)?;
        Ok(())
    }
}

/// Exits once the server has ended, which closes the pipe on standard input.
fn end_with_the_server() {
    let mut nothing = [0; 1];
    while !matches!(io::stdin().read(&mut nothing), Ok(0) | Err(_)) {}
    process::exit(1);
}

/// Lowers the priority below the server's and limits the memory, because an unlimited process would
/// endanger the server. The largest report measured takes 450 MB.
#[cfg(unix)]
fn yield_to_the_server() {
    use rustix::process::{Resource, Rlimit, nice, setrlimit};
    const PRIORITY: i32 = 10;
    const MEMORY: u64 = 2 << 30;
    let bound = Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) };
    // If the system refuses either limit, the report is rendered anyway.
    let _ = nice(PRIORITY);
    let _ = setrlimit(Resource::Data, bound);
}

#[cfg(not(unix))]
fn yield_to_the_server() {}
