//! Addresses of the dashboard.

use domain::feed::ChangeFilter;

/// Returns the dashboard's address with this filter. It always names the states, even when all of
/// them match.
pub(super) fn address(filter: &ChangeFilter) -> String {
    format!("/changes?{}", filter.to_explicit_query())
}
