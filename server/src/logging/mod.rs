//! Log on standard error. `RUST_LOG` selects the lines.

mod executor;

pub(crate) use executor::keep_spans_in_pages;

use anyhow::Context;
use clap::ValueEnum;
use std::{
    backtrace::{Backtrace, BacktraceStatus},
    env, panic,
};
use tracing_subscriber::EnvFilter;

/// Filter that applies when `RUST_LOG` is not set.
const DEFAULT_FILTER: &str = "info,sqlx=warn,tower_http=info";

/// Format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people to read
    Text,
    /// A JSON object on each line, for programs that collect logs
    Json,
}

/// Starts the log. Must be called once per process.
///
/// # Errors
/// `RUST_LOG` cannot be read.
pub(crate) fn init(format: LogFormat) -> anyhow::Result<()> {
    let filter = match env::var_os(EnvFilter::DEFAULT_ENV) {
        Some(_) => EnvFilter::try_from_default_env().context(
            "RUST_LOG cannot be read. Set it to a level such as info, or to parts and levels such as \
             info,server=debug",
        )?,
        None => EnvFilter::new(DEFAULT_FILTER),
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // The subscriber would report a failed write by `eprintln!`, which panics when standard
        // error is closed.
        .log_internal_errors(false);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).init(),
    }
    Ok(())
}

/// Logs panics, so that they have the log's format and the request's id.
pub(crate) fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("no message");
        let location = panic.location().map(ToString::to_string).unwrap_or_default();
        let backtrace = Backtrace::capture();
        match backtrace.status() {
            BacktraceStatus::Captured => {
                tracing::error!(panic = message, location, %backtrace, "panicked");
            }
            _ => tracing::error!(panic = message, location, "panicked"),
        }
    }));
}
