//! Addresses of the dashboard.

use domain::ChangeFilter;

/// The dashboard's address with this filter. It always says what is asked for: where nothing is, that
/// changes in any state are.
pub(super) fn address(filter: &ChangeFilter) -> String {
    format!("/changes?{}", filter.to_explicit_query())
}
