//! Stories of the demo data, by inspector.

mod harbour_lane;
mod ines;
mod mira;
mod theo;

use super::script::Story;

/// Returns all stories.
pub(super) fn all() -> Vec<Story> {
    [ines::stories(), theo::stories(), mira::stories()].into_iter().flatten().collect()
}
