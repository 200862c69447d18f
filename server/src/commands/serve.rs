//! `plumbline serve`: runs the server.

use crate::{
    checkpoints,
    commands::migrate::ensure_guarded,
    connections::{self, Limits},
    demo_accounts::demo_accounts,
    logging::log_panics,
    output,
    routes::router,
    settings::{Origin, Settings},
    site::Site,
    state::AppState,
    stopping::Stopping,
    storage::Storage,
    test_clock::TestClock,
};
use anyhow::{Context, bail, ensure};
use clap::Args;
use report::Typefaces;
use service::reports::{FinalReports, Renderer};
use std::{
    io::{self, ErrorKind},
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};
use store::{Clock, SetUpLink, Store};
use tokio::net::TcpListener;

/// Time that requests may take to end after the server is told to stop.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// Start the server
///
/// Brings the schema of the database up to date first. While nobody has an account, it prints a link for creating
/// the first one.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Fill an empty database with demonstration data; needs a loopback address
    #[arg(long)]
    demo: bool,
    /// Address and port to listen on
    #[arg(long, env = "PLUMBLINE_ADDR", default_value = "127.0.0.1:3000", value_name = "IP:PORT")]
    addr: SocketAddr,
    /// Folder of the site's files [default: `site` next to the executable, or one folder up]
    #[arg(long, env = "PLUMBLINE_SITE", value_name = "FOLDER")]
    site: Option<PathBuf>,
    /// Address at which people reach the server, as in `https://plumbline.example.org`
    ///
    /// With https, cookies are sent over encrypted connections only.
    #[arg(long, env = "PLUMBLINE_ORIGIN", value_name = "ORIGIN")]
    origin: Option<Origin>,
    /// Address of the reverse proxy whose X-Forwarded-For is trusted; may be repeated
    #[arg(long, env = "PLUMBLINE_TRUSTED_PROXY", value_delimiter = ',', value_name = "IP")]
    trusted_proxy: Vec<IpAddr>,
    #[command(flatten)]
    clock: TestClock,
}

impl Serve {
    /// Serves until it is told to stop.
    pub(crate) async fn run(self, storage: &Storage, clock: Clock) -> anyhow::Result<()> {
        ensure!(
            !self.demo || self.addr.ip().is_loopback(),
            "--demo adds accounts whose passwords everybody knows, so it needs a loopback \
             address such as 127.0.0.1:3000, not {}",
            self.addr
        );
        ensure!(
            self.demo || !self.clock.is_set(),
            "PLUMBLINE_CLOCK sets the clock of tests, so it needs --demo. Unset it to use the system's \
             clock"
        );
        log_panics();
        let clock = self.clock.or(clock);
        let site = Site::find(self.site.as_deref())?;
        let listener = listen(self.addr).await?;
        let addr = listener.local_addr()?;
        let store = storage.open().await?;
        store.migrate().await?;
        ensure_guarded(&store).await?;
        store.try_index_changes().await;
        let renderer = Renderer::default();
        let filled = self.demo && fill(&store, &renderer, &clock).await?;

        let address =
            self.origin.as_ref().map_or_else(|| format!("http://{addr}"), Origin::to_string);
        output::line(format_args!("Plumbline is at {address}"))?;
        let (mut accounts, mut set_up) = (Vec::new(), None);
        if self.demo {
            introduce(filled)?;
            accounts = demo_accounts(&store).await?;
        } else if store.users().await?.is_empty() {
            let (link, token) = SetUpLink::new()?;
            output::line(format_args!(
                "Nobody can sign in yet. Make the first account, an admin's, with this link; it works \
                 once:\n  {address}/setup?token={token}"
            ))?;
            set_up = Some(link);
        }
        let limits = Limits::of_process();
        tracing::info!(connections = limits.all, by_address = limits.by_address, "limits");
        let mut settings = Settings::new(addr, self.origin, self.trusted_proxy);
        settings.streams = limits.streams();
        let final_reports =
            FinalReports { store: store.clone(), renderer: renderer.clone(), clock };
        settings.renderer = renderer;
        settings.demo = accounts;
        settings.set_up = set_up;
        if settings.cookie.secure && settings.origin.is_none() {
            tracing::warn!("people can only sign in over HTTPS; say where with --origin https://…");
        }
        let (stop, stopping) = Stopping::channel();
        // Checkpoints continue after the last request, so that its changes are covered.
        let (finish, finished) = tokio::sync::oneshot::channel::<()>();
        let keeping = tokio::spawn(checkpoints::keep(
            store.clone(),
            storage.checkpoints(),
            clock,
            async move { drop(finished.await) },
        ));
        let making = {
            let stopping = stopping.clone();
            tokio::spawn(final_reports.run(async move { stopping.wait().await }))
        };
        // Reading the installed typefaces is slow, so it runs in the background.
        tokio::task::spawn_blocking(log_typefaces);
        let state = AppState::new(store, clock, site, settings, stopping);
        serve(listener, state, limits, stop).await;
        making.await.context("the final reports came to an end")?;
        drop(finish);
        keeping.await.context("the checkpoints came to an end")?;
        Ok(())
    }
}

/// Logs the scripts that reports can print, and how to add missing ones.
fn log_typefaces() {
    let typefaces = Typefaces::installed();
    let printable = typefaces.printable().join(", ");
    tracing::info!("reports print Latin, Greek, Cyrillic, {printable}");
    let lacking = typefaces.lacking();
    if lacking.is_empty() {
        return;
    }
    let scripts: Vec<_> = lacking.iter().map(|(script, _)| *script).collect();
    let mut packages: Vec<_> = lacking.iter().map(|(_, package)| *package).collect();
    packages.sort_unstable();
    packages.dedup();
    tracing::warn!(
        "reports cannot print {}, because no typeface for them is installed. On Debian, install {} \
         and restart",
        scripts.join(", "),
        packages.join(", ")
    );
}

async fn listen(addr: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(addr).await.or_else(|error| match error.kind() {
        ErrorKind::AddrInUse => bail!(
            "{addr} is already in use. Choose another address with --addr, as in --addr {}:{}",
            addr.ip(),
            addr.port().checked_add(1).unwrap_or(3000)
        ),
        ErrorKind::PermissionDenied => {
            bail!("not allowed to listen on {addr}. Choose a port from 1024 with --addr")
        }
        _ => Err(error).with_context(|| format!("cannot listen on {addr}; see --addr")),
    })
}

/// Fills an empty database with the demonstration. Returns whether it was empty. Of several
/// processes, one fills it and the others wait.
async fn fill(store: &Store, renderer: &Renderer, clock: &Clock) -> anyhow::Result<bool> {
    let _alone = store.lock_set_up().await?;
    if !store.users().await?.is_empty() {
        return Ok(false);
    }
    output::line("Filling the empty database with demonstration inspections…")?;
    let filled = demo::fill(store, renderer, clock).await;
    filled.context("the demonstration could not be filled in")?;
    Ok(true)
}

fn introduce(filled: bool) -> io::Result<()> {
    if filled {
        output::line("Sign in with the password plumb-the-depths as one of")?;
        for role in ["inspector", "reviewer", "admin"] {
            output::line(format_args!("  {role}@example.org"))?;
        }
    } else {
        output::line(
            "The database is not empty, so it was left as it is. If --demo filled it, the accounts \
             are\n  inspector@example.org, reviewer@example.org and admin@example.org, all with the \
             password plumb-the-depths",
        )?;
    }
    Ok(())
}

async fn serve(
    listener: TcpListener,
    state: AppState,
    limits: Limits,
    stop: tokio::sync::watch::Sender<bool>,
) {
    let stopping = state.stopping.clone();
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("stopping");
        stop.send_replace(true);
    });
    let proxies = state.settings.trusted_proxies.clone();
    let serving = connections::serve(listener, router(state), limits, proxies, stopping.clone());
    let too_long = async move {
        stopping.wait().await;
        tokio::time::sleep(SHUTDOWN_GRACE).await;
    };
    tokio::select! {
        () = serving => {}
        () = too_long => tracing::warn!("stopped before every request had ended"),
    }
}

/// Completes on Ctrl-C or a termination signal.
async fn asked_to_stop() {
    let interrupted = async { drop(tokio::signal::ctrl_c().await) };
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
