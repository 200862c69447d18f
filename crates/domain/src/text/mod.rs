//! Text of users: normalisation, folding for searches, comparison and direction.

mod diff;
mod direction;
mod fold;
mod normal;

pub use diff::{Run, compare_texts, likeness};
pub use direction::isolate;
pub use fold::fold;
pub(crate) use normal::trimmed_prose;
pub use normal::{normal_line, normal_password, normal_prose};
