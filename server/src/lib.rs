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
mod commands;
mod connections;
pub mod demo;
mod export;
mod inspections;
mod live;
mod logging;
mod middleware;
mod organisation;
mod output;
mod pages;
mod people;
mod photos;
mod reading;
mod reports;
mod routes;
mod set_up;
mod settings;
mod sign_in;
mod site;
mod state;
mod stopping;

pub use cli::run;
pub use live::StreamLimits;
pub use middleware::ClientAddress;
pub use routes::router;
pub use settings::{Origin, Settings};
pub use site::Site;
pub use state::AppState;
pub use stopping::Stopping;
