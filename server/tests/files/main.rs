//! Photos and reports, asked for as a browser asks.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod demo;
mod photos;
mod reports;
mod support;
