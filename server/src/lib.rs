//! Program `plumbline`: the command line and the HTTP server.

#![warn(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "they panic on a closed pipe: see `output`"
)]

mod account;
mod answer;
mod backup;
mod changes;
mod checkpoints;
mod cli;
mod client_address;
mod commands;
mod completion;
mod connections;
mod demo_accounts;
mod export;
mod inspections;
mod live;
mod live_stream;
mod logging;
mod middleware;
mod organisation;
mod output;
mod pages;
mod people;
mod photos;
mod progress;
mod reading;
mod reports;
mod routes;
mod set_up;
mod settings;
mod sign_in;
mod site;
mod state;
mod stopping;
mod storage;
mod streams;
mod test_clock;

pub use cli::run;
pub use client_address::ClientAddress;
pub use routes::router;
pub use settings::{Origin, Settings};
pub use site::Site;
pub use state::AppState;
pub use stopping::Stopping;
pub use streams::StreamLimits;
