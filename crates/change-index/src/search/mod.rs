//! Search: evaluation of a query, segment by segment, newest first.

mod bounded;
mod counts;
mod evaluated;
mod evaluator;
mod members;
mod planned;
mod segment_matches;
mod summary;

pub use bounded::BoundedSearch;
pub use counts::Counts;
pub use evaluated::EvaluatedSearch;
pub use members::Members;
pub use planned::PlannedSearch;
pub use summary::GroupSummary;
