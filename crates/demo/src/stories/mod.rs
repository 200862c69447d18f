//! What happened, inspector by inspector.

mod harbour_lane;
mod ines;
mod mira;
mod theo;

use super::script::Story;

/// Every story.
pub(super) fn all() -> Vec<Story> {
    [ines::stories(), theo::stories(), mira::stories()].into_iter().flatten().collect()
}
