//! Changes: mutations, the records that they make, and the fold of records into states.

mod action;
mod apply;
mod compare;
mod conflict;
mod decode;
mod mutation;
mod mutation_kind;
mod photo_order;
mod plan;
mod record;
mod revert_of;
mod sentence;
mod summary;
mod transition;

pub use action::Action;
pub(crate) use action::ActionClass;
pub(crate) use compare::moved;
pub use compare::{Compared, Comparison, compare};
pub(crate) use conflict::needs_decision;
pub use conflict::{Conflict, FieldConflict, conflict};
pub use mutation::Mutation;
pub use mutation_kind::{MutationEntry, MutationKind};
pub use plan::Refusal;
pub use record::{Change, Data, Difference, Malformed, Record, Related, RelatedModel, differences};
pub use revert_of::RevertOf;
pub(crate) use summary::listed;
pub use summary::summarize;
