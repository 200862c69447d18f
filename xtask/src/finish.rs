//! How far a build goes.

/// How far a build goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finish {
    /// As it is served to people: optimised and compressed.
    Served,
    /// As it is while somebody works on it: soon.
    Quick,
}
