//! Temporary PostgreSQL cluster for tests and benchmarks.

use crate::apt;
use crate::children::{self, Running};
use crate::process::{output_of, quietly, succeeds};
use crate::step::Step;
use anyhow::{Context, Result, bail};
use std::env;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio, id};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Environment variable with the server's URL for the tests. A value set by the user replaces the
/// cluster.
pub(crate) const VARIABLE: &str = "TEST_POSTGRES_URL";

const FOLDER: &str = "plumbline-postgres-";
/// Account that runs PostgreSQL when the user is root, because PostgreSQL refuses to run as root.
const ACCOUNT: &str = "postgres";

/// Durability after a power failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// None, for tests.
    None,
    /// All commits are synced, as in production; for benchmarks.
    Full,
}

/// Running cluster, which is stopped and deleted when this is dropped.
pub(crate) struct Cluster {
    server: Running,
    folder: PathBuf,
    /// Connection URL of a superuser.
    pub(crate) url: String,
}

impl Cluster {
    /// Starts a cluster, and installs PostgreSQL if it is missing.
    pub(crate) fn start(step: &Step, durability: Durability) -> Result<Self> {
        remove_leftovers();
        let programs = find_programs(step)?;
        let password = random_word()?;
        let folder = env::temp_dir().join(format!("{FOLDER}{}", id()));
        let data = folder.join("data");
        make_folder(&folder, &password)?;

        let mut initdb = unprivileged(&programs.join("initdb"), &folder);
        initdb.args(["--auth=scram-sha-256", "--username=postgres", "--encoding=UTF8"]);
        initdb.args(["--locale=C.UTF-8", "--no-sync", "--pwfile"]).arg(folder.join("password"));
        quietly(step, initdb.arg("--pgdata").arg(&data)).context("initdb failed")?;

        let port = free_port()?;
        let log = File::create(folder.join("log"))?;
        let mut postgres = unprivileged(&programs.join("postgres"), &folder);
        postgres.arg("-D").arg(&data).arg("-k").arg(&folder).args(["-p", &port.to_string()]);
        // Many tests connect at the same time.
        let mut settings = vec!["listen_addresses=127.0.0.1", "max_connections=300"];
        if durability == Durability::None {
            settings.extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off"]);
        }
        for setting in settings {
            postgres.args(["-c", setting]);
        }
        postgres.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let server = children::spawn(&mut postgres).context("PostgreSQL cannot be started")?;
        let url = format!("postgres://postgres:{password}@127.0.0.1:{port}/postgres");
        let mut cluster = Self { server, folder, url };
        cluster.wait_until_ready(&programs, port)?;
        Ok(cluster)
    }

    fn wait_until_ready(&mut self, programs: &Path, port: u16) -> Result<()> {
        let patience = Instant::now() + Duration::from_secs(60);
        let mut ask = Command::new(programs.join("pg_isready"));
        ask.args(["--host=127.0.0.1", "--port", &port.to_string()]);
        while !succeeds(&mut ask) {
            let ended = self.server.try_wait()?.is_some();
            if ended || Instant::now() > patience {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                bail!("{log}\nPostgreSQL did not start");
            }
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT requests a fast shutdown, which does not wait for clients.
        self.server.interrupt();
        self.server.end();
        // The next run removes files that cannot be removed now.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Returns the folder of `initdb` and `postgres`, which Debian keeps outside the path.
fn find_programs(step: &Step) -> Result<PathBuf> {
    if let Some(folder) = installed_programs() {
        return Ok(folder);
    }
    if apt::is_here() {
        apt::install(step, &["postgresql"])?;
    }
    installed_programs().with_context(|| {
        format!("PostgreSQL is missing. Install it, or name a running one in {VARIABLE}.")
    })
}

fn installed_programs() -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    folders.sort();
    // The newest version is last.
    folders.reverse();
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    folders.into_iter().find(|folder| folder.join("initdb").is_file())
}

/// Creates a command that does not run as root and is ended with this program, even after a crash.
fn unprivileged(program: &Path, folder: &Path) -> Command {
    let mut command = if apt::is_root() {
        let mut setpriv = Command::new("setpriv");
        setpriv.arg(format!("--reuid={ACCOUNT}")).arg(format!("--regid={ACCOUNT}"));
        setpriv.args(["--init-groups", "--pdeathsig=INT"]).arg(program);
        setpriv
    } else if succeeds(Command::new("setpriv").arg("--version")) {
        let mut setpriv = Command::new("setpriv");
        setpriv.arg("--pdeathsig=INT").arg(program);
        setpriv
    } else {
        Command::new(program)
    };
    command.current_dir(folder);
    command
}

/// Creates the folder with the password file, accessible only to the account that runs PostgreSQL.
fn make_folder(folder: &Path, password: &str) -> Result<()> {
    fs::create_dir(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    if apt::is_root() {
        output_of(Command::new("chown").arg(format!("{ACCOUNT}:")).arg(folder))?;
    }
    output_of(Command::new("chmod").arg("700").arg(folder))?;
    let mut write = unprivileged(Path::new("sh"), folder)
        .args(["-c", "umask 077 && cat > password"])
        .stdin(Stdio::piped())
        .spawn()?;
    write.stdin.take().context("standard input is piped")?.write_all(password.as_bytes())?;
    if !write.wait()?.success() {
        bail!("the password of the test database cannot be written");
    }
    Ok(())
}

/// Removes the folders of runs that were killed.
fn remove_leftovers() {
    for entry in fs::read_dir(env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(process) = name.strip_prefix(FOLDER)
            && Path::new("/proc/self").exists()
            && !Path::new("/proc").join(process).exists()
        {
            // The folder of another user cannot be removed, which is ignored.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn random_word() -> Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
