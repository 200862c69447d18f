//! Tests of photos and reports, requested like a browser.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod demo;
mod final_reports;
mod organisation;
mod photos;
mod reports;
mod support;
