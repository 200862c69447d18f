//! Where inspections and people are kept: SQLite or PostgreSQL for rows, an object store for files.
//!
//! What is tracked is written in one place, [`Work::perform`] and its siblings, which append the
//! record of a change in the transaction that makes it. Everything is read through [`Store`].

mod chain;
mod clock;
mod db;
mod dialect;
mod error;
mod feed;
pub mod keys;
mod notices;
mod objects;
mod people;
mod queries;
mod reviews;
mod rows;
mod sql;
mod store;
mod work;

pub use chain::Hash;
pub use clock::Clock;
pub use db::sqlite_options;
pub use error::Error;
pub use notices::{Notice, Notices};
pub use objects::{Objects, ObjectsError};
pub use people::{NewSession, NewUser, SignIn, SignInRefused, User};
pub use queries::{At, Moment, ToUndo};
pub use reviews::{ReviewTarget, Reviewed};
pub use store::Store;
pub use work::{Many, Work};
