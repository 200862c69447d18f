//! Optimisation level of a build.

/// Optimisation level of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finish {
    /// Build for `cargo xtask run` and the tests: optimised where it matters, so that it compiles fast.
    Served,
    /// Build for other machines: the server fully optimised, the page as in [`Served`](Self::Served).
    Shipped,
    /// Development build: fast to compile.
    Quick,
}
