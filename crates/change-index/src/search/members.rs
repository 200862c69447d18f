//! Groups of changes, such as those of an entry, whether they match or not.

use crate::bitmap::Bitmap;

/// A group of changes, as bitmaps by segment. All of its segments are evaluated, because only a
/// search makes one. It belongs to that search.
#[derive(Debug, Default)]
pub struct Members(Vec<(usize, Bitmap)>);

impl Members {
    /// Adds the changes at these positions of an evaluated segment.
    pub(super) fn push(&mut self, index: usize, bits: Bitmap) {
        if !bits.is_empty() {
            self.0.push((index, bits));
        }
    }

    /// Returns whether it has no changes.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Iterates over the segments, by index, with the positions in them.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Bitmap)> {
        self.0.iter().map(|(index, bits)| (*index, bits))
    }
}
