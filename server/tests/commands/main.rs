//! Tests of the executable's commands, on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

// The databases are those of the storage tests.
#[expect(dead_code, reason = "these tests need some of it")]
#[path = "../../../crates/store/tests/tracking/support.rs"]
mod support;
#[expect(dead_code, reason = "these tests need some of it")]
#[path = "../../../crates/store/tests/tracking/tamper.rs"]
mod tamper;

mod backup;
mod clock;
mod correct;
mod export;
mod guards;
mod kill;
mod logs;
mod report;
mod seed;
mod serve;
mod users;
mod verify;
mod world;
