//! Optimisation level of a build.

/// Optimisation level of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finish {
    /// Production build: optimised and compressed.
    Served,
    /// Development build: fast to compile.
    Quick,
}
