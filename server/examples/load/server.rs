//! Server process to measure: the executable with the demo in an empty database.

use crate::client::Client;
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

/// Running server, killed on drop.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts the executable with an empty database. All its files are in `folder`, which must exist.
    pub(crate) fn start(executable: &Path, database: &str, folder: &Path) -> Result<Self> {
        // Only pages are requested, so the site needs no other file.
        let site = folder.join("site");
        fs::create_dir(&site)?;
        fs::write(site.join("hash.txt"), "js: a\nwasm: b\ncss: c\n")?;
        let mut command = Command::new(executable);
        command.args(["serve", "--demo", "--addr", "127.0.0.1:0", "--site"]).arg(site);
        command.env("DATABASE_URL", database).env("RUST_LOG", "error").current_dir(folder);
        command.env("PLUMBLINE_OBJECTS", folder.join("objects"));
        command.env("PLUMBLINE_CHECKPOINTS", folder.join("checkpoints"));
        let mut process = command.stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().context("its output is not read")?;
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let address = lines.find_map(|line| {
            line.strip_prefix("Plumbline is at http://").and_then(|address| address.parse().ok())
        });
        // The rest of the output is read, because the server would otherwise block on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        match address {
            Some(address) => Ok(Self { process, address }),
            None => {
                drop(process.kill());
                anyhow::bail!("the server did not say where it is: {}", process.wait()?)
            }
        }
    }

    /// Returns its resident memory in bytes, where the system tells it in `/proc`.
    pub(crate) fn memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1_024)
    }

    /// Signs in a person of the demo and returns the session cookie.
    pub(crate) async fn sign_in(&self, role: &str) -> Result<String> {
        let mut client = Client::connect(self.address, "").await?;
        let form = format!("email={role}@example.org&password=plumb-the-depths");
        let answer = client.post("/login", &form).await?;
        ensure!(answer.status == 303, "signing in was answered with {}", answer.status);
        answer.cookie.context("no cookie")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server has no data to keep.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
