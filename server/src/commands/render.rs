//! `plumbline render-report`: one report, in a process that ends with it. The server starts it
//! ([`app::reports::Renderer`]); it is of no use to people.

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
    /// Renders the report into its folder and says on standard output how many pages it has.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        yield_to_the_server();
        thread::spawn(end_with_the_server);
        let rendered = Task(&self.folder).carry_out()?;
        serde_json::to_writer(io::stdout().lock(), &rendered)?;
        Ok(())
    }
}

/// Ends this process once the server has ended, which closes the pipe on standard input.
fn end_with_the_server() {
    let mut nothing = [0; 1];
    while !matches!(io::stdin().read(&mut nothing), Ok(0) | Err(_)) {}
    process::exit(1);
}

/// Lowers the priority below the server's, and bounds the memory, because a process without bounds would be a
/// danger to the server. The largest report that was measured takes 450 MB.
#[cfg(unix)]
fn yield_to_the_server() {
    use rustix::process::{Resource, Rlimit, nice, setrlimit};
    const PRIORITY: i32 = 10;
    const MEMORY: u64 = 2 << 30;
    let bound = Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) };
    // Where the system refuses either, the report is made all the same.
    let _ = nice(PRIORITY);
    let _ = setrlimit(Resource::Data, bound);
}

#[cfg(not(unix))]
fn yield_to_the_server() {}
