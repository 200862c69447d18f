//! Tests of tracking, on SQLite and on PostgreSQL: one story, the guards against raw SQL, and the
//! equality of the tables with the fold of the records.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected stops there")]

mod support;

mod activity;
mod feed;
mod fields;
mod final_reports;
mod fold;
mod guards;
mod lists;
mod many;
mod migrations;
mod organisation;
mod past;
mod people;
mod recorder;
mod repeats;
mod reverts;
mod reviews;
mod search;
mod story;
mod tamper;
mod undo_request;
mod verify;
mod waiting;
