//! Storage of inspections and people: SQLite or PostgreSQL for rows, an object store for files.
//!
//! Tracked data is written only by [`Store::record`] and [`RecordingTx`], which append the record of a
//! change in the transaction that makes it. Everything is read through [`Store`].

mod bulk_insert;
mod chain;
mod checkpoint;
mod clock;
mod db;
mod dialect;
mod error;
mod feed;
mod feed_cache;
mod final_reports;
mod guards;
mod index;
mod index_state;
mod json;
pub mod keys;
mod notices;
mod objects;
mod organisation;
mod people;
mod pool;
mod queries;
mod readers;
mod recorder;
mod recorder_queue;
mod reference;
mod reviews;
mod rows;
mod store;
mod verified_records;
mod verify;

/// Attribute of public async functions, which return boxed futures. Otherwise each calling crate
/// would compile their state machines again, in many copies and at its own optimisation level.
pub(crate) use async_recursion::async_recursion as boxed;

use db::sql;

pub use chain::Hash;
pub use checkpoint::{
    AcceptedGap, Checkpoint, CheckpointError, CheckpointFile, CheckpointFolder, Checkpointer,
    Frontier, Inclusion, PublicKey, Signer, Tree,
};
pub use clock::Clock;
pub use db::{SetupLock, copy_sqlite, sqlite_file, sqlite_options};
pub use error::Error;
pub use final_reports::{QueueState, QueuedReport};
pub use guards::{GuardFault, GuardProblem};
pub use notices::{Notice, Notices};
pub use objects::{Objects, ObjectsError, StoredObject};
pub use organisation::OrganisationVersion;
pub use people::{
    MAX_SESSION, NewSession, NewUser, SessionKey, SetUpLink, SignIn, SignInRefused, User,
};
pub use queries::{
    At, Concerned, NamedFile, Reached, RequestUndo, Snapshot, ToUndo, UndoIn, Waiting,
};
pub use readers::read_in_background;
pub use recorder::{Many, ManyUndone, RecordingTx, request_id_for};
pub use recorder_queue::{Authorship, MutationRequest};
pub use reviews::{ReviewTarget, Reviewed};
pub use store::Store;
pub use verify::{
    AcceptError, ExternalCheckpoint, FilesVerified, Progress, VerifyError, VerifyReport,
    VerifyStep, Violation, ViolationKind,
};
