//! Reverts: undo of changes, and restores of earlier states.

mod field_path;
mod plan;
mod restore;
mod undo;
mod undoing;

pub use field_path::FieldPath;
pub(crate) use field_path::{touches, touching};
pub use plan::RevertPlan;
pub use undo::{Choice, Choices, KeptBecause, SkipReason, Skipped, Undo, UndoConflict};
