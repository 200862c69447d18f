//! Ranges of ids that segments cover.

use crate::bitmap::POSITIONS;

/// Number of ids in a segment of the lowest level, as a power of two.
pub(crate) const LOWEST_SIZE: u32 = 12;

/// Ratio of the sizes of two successive levels, as a power of two.
const STEP: u32 = 4;

/// The highest level, whose segments have as many ids as a bitmap has positions.
pub(crate) const HIGHEST: u32 = 1;

const _: () = assert!(1 << (LOWEST_SIZE + STEP * HIGHEST) == POSITIONS);

/// Level and number of a segment. They determine its ids, and no two segments of one index have the
/// same. The row id of a segment does not identify it, because SQLite reuses the ids of deleted
/// rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentKey {
    level: u32,
    number: i64,
}

impl SegmentKey {
    /// Returns the key with this level and number; `None` if there is no such level.
    pub fn new(level: i64, number: i64) -> Option<Self> {
        let level = u32::try_from(level).ok().filter(|level| *level <= HIGHEST)?;
        Some(Self { level, number })
    }

    pub(crate) const fn of_level(level: u32, number: i64) -> Self {
        Self { level, number }
    }

    /// Returns the number of the segment of the lowest level that contains an id.
    pub const fn lowest_number(id: i64) -> i64 {
        id >> LOWEST_SIZE
    }

    /// Returns the level.
    pub const fn level(self) -> i64 {
        self.level as i64
    }

    /// Returns the number of the segment among those of its level.
    pub const fn number(self) -> i64 {
        self.number
    }

    /// Returns the number of ids in a segment of a level, as a power of two.
    pub(crate) const fn size(level: u32) -> u32 {
        LOWEST_SIZE + STEP * level
    }

    /// Returns the number of ids.
    pub(crate) const fn len(self) -> u32 {
        1 << Self::size(self.level)
    }

    /// Returns the first id.
    pub const fn first(self) -> i64 {
        self.number << Self::size(self.level)
    }

    /// Returns the id after the last one.
    pub const fn end(self) -> i64 {
        (self.number + 1) << Self::size(self.level)
    }

    /// Returns the id at position 0: the first id of the segment of the highest level that contains
    /// this one. Positions in a segment thus stay the same when it is merged.
    pub(crate) const fn origin(self) -> i64 {
        origin(self.first())
    }

    /// Returns the position of the first id.
    pub(crate) const fn offset(self) -> u32 {
        position(self.first())
    }
}

/// Stored segments that are searched as one: a segment of the highest level, or successive smaller
/// ones that will be merged into the same one. Their positions are in one container, so a search
/// over all of them takes as long as over one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SegmentRun {
    /// At least one, in ascending order without gaps.
    segments: Vec<StoredSegment>,
}

/// First id of a run and the id after the last one. They identify its changes, because segments are
/// never altered.
pub(crate) type RunKey = (i64, i64);

impl SegmentRun {
    /// Groups segments into runs.
    pub(crate) fn group(mut segments: Vec<StoredSegment>) -> Vec<Self> {
        segments.sort_by_key(|segment| segment.key.first());
        let mut runs: Vec<Self> = Vec::new();
        for segment in segments {
            match runs.last_mut() {
                Some(run) if run.is_continued_by(segment.key) => run.segments.push(segment),
                _ => runs.push(Self { segments: vec![segment] }),
            }
        }
        runs
    }

    fn is_continued_by(&self, key: SegmentKey) -> bool {
        self.key().1 == key.first() && self.origin() == key.origin()
    }

    pub(crate) fn segments(&self) -> &[StoredSegment] {
        &self.segments
    }

    pub(crate) fn key(&self) -> RunKey {
        let [first, .., last] = &self.segments[..] else {
            let only =
                self.segments.first().map(|segment| (segment.key.first(), segment.key.end()));
            return only.unwrap_or_default();
        };
        (first.key.first(), last.key.end())
    }

    /// Returns the id at position 0.
    pub(crate) fn origin(&self) -> i64 {
        origin(self.key().0)
    }

    /// Returns whether it is one segment of the highest level.
    pub(crate) fn is_large(&self) -> bool {
        self.segments.iter().any(|segment| segment.key.level == HIGHEST)
    }

    /// Returns the first and the last day of its changes; both are empty if it has none.
    pub(crate) fn days(&self) -> (String, String) {
        let days = self.segments.iter().flat_map(|it| [&it.first_day, &it.last_day]);
        let days = days.filter(|day| !day.is_empty());
        let (first, last) = (days.clone().min(), days.max());
        (first.cloned().unwrap_or_default(), last.cloned().unwrap_or_default())
    }
}

/// Returns the id at position 0 in the segment of an id.
pub(crate) const fn origin(id: i64) -> i64 {
    id & !(POSITIONS as i64 - 1)
}

/// Returns the position of an id in its segment.
pub(crate) const fn position(id: i64) -> u32 {
    // The remainder is at least 0 and below 65,536.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "see above")]
    let position = (id & (POSITIONS as i64 - 1)) as u32;
    position
}

/// A segment as the storage lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSegment {
    /// Row id.
    pub id: i64,
    /// Level and number.
    pub key: SegmentKey,
    /// First day of its changes, in the form 2026-03-02; empty if it has no changes.
    pub first_day: String,
    /// Last day of its changes, as `first_day`.
    pub last_day: String,
}
