//! Photos and reports, asked for as a browser asks.

mod photos;
mod reports;
mod support;
