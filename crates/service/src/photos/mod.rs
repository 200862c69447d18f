//! Use cases of photos: decoding their files, attaching them to an inspection, and finding them.

mod attached;
mod jpeg;
mod logo;
mod picture;
mod png;

pub use attached::{attach, file, find, require_may_attach};
pub use logo::ReadLogo;
pub use picture::{Picture, keep};
