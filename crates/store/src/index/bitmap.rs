//! Bitmaps over the positions within a block.

/// Fixed-length bitmap of positions from 0 up to `len`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    pub(crate) fn none(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)], len }
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn set(&mut self, place: usize) {
        self.put(place, true);
    }

    /// Sets a position, or clears it.
    pub(crate) fn put(&mut self, place: usize, set: bool) {
        if place < self.len {
            let bit = 1 << (place % 64);
            let word = &mut self.words[place / 64];
            *word = if set { *word | bit } else { *word & !bit };
        }
    }

    /// Sets the positions from `first` up to, but not including, `end`.
    pub(crate) fn set_range(&mut self, first: usize, end: usize) {
        let end = end.min(self.len);
        if first >= end {
            return;
        }
        let (from, to) = (first / 64, (end - 1) / 64);
        for word in from..=to {
            let low = if word == from { u64::MAX << (first % 64) } else { u64::MAX };
            let high = if word == to { u64::MAX >> (63 - (end - 1) % 64) } else { u64::MAX };
            self.words[word] |= low & high;
        }
    }

    pub(crate) fn contains(&self, place: usize) -> bool {
        place < self.len && self.words[place / 64] & (1 << (place % 64)) != 0
    }

    pub(crate) fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Returns the number of positions that are in both.
    pub(crate) fn count_and(&self, other: &Self) -> u64 {
        let both = self.words.iter().zip(&other.words);
        both.map(|(mine, theirs)| u64::from((mine & theirs).count_ones())).sum()
    }

    /// Returns the greatest position that is in both.
    pub(crate) fn greatest_and(&self, other: &Self) -> Option<usize> {
        let both = self.words.iter().zip(&other.words).map(|(mine, theirs)| mine & theirs);
        let (index, word) = both.enumerate().rfind(|(_, word)| *word != 0)?;
        Some(index * 64 + 63 - word.leading_zeros() as usize)
    }

    /// Returns the least position that is in both.
    pub(crate) fn least_and(&self, other: &Self) -> Option<usize> {
        let both = self.words.iter().zip(&other.words).map(|(mine, theirs)| mine & theirs);
        let (index, word) = both.enumerate().find(|(_, word)| *word != 0)?;
        Some(index * 64 + word.trailing_zeros() as usize)
    }

    pub(crate) fn and(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine &= theirs);
    }

    pub(crate) fn or(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine |= theirs);
    }

    pub(crate) fn and_not(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine &= !theirs);
    }

    /// Adds the positions of another bitmap, shifted by `by` (negative: towards 0). Positions
    /// outside this bitmap are dropped. `by` must be a multiple of 64, because whole words are
    /// moved.
    pub(crate) fn or_moved(&mut self, other: &Self, by: i64) {
        let by = by / 64;
        for (index, word) in other.words.iter().enumerate() {
            let index = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(by);
            let mine = usize::try_from(index).ok().and_then(|index| self.words.get_mut(index));
            if let Some(mine) = mine {
                *mine |= word;
            }
        }
    }

    /// Iterates over the positions below `end`, greatest first.
    pub(crate) fn descending(&self, end: usize) -> impl Iterator<Item = usize> + '_ {
        let end = end.min(self.len);
        (0..end.div_ceil(64)).rev().flat_map(move |index| {
            let mut word = self.words[index];
            if (index + 1) * 64 > end {
                word &= u64::MAX >> ((index + 1) * 64 - end);
            }
            std::iter::from_fn(move || {
                if word == 0 {
                    return None;
                }
                let bit = 63 - word.leading_zeros() as usize;
                word &= !(1 << bit);
                Some(index * 64 + bit)
            })
        })
    }

    /// Returns the stored form: see [`encode`].
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut places: Vec<u16> =
            self.descending(self.len).filter_map(|place| u16::try_from(place).ok()).collect();
        places.reverse();
        encode(self.len, &places)
    }

    /// Adds the positions of a bitmap in its stored form.
    pub(crate) fn or_bytes(&mut self, bytes: &[u8]) {
        if bytes.len() == self.len / 8 {
            for (word, bytes) in self.words.iter_mut().zip(bytes.chunks_exact(8)) {
                let mut whole = [0; 8];
                whole.copy_from_slice(bytes);
                *word |= u64::from_le_bytes(whole);
            }
            return;
        }
        for place in bytes.chunks_exact(2) {
            self.set(usize::from(u16::from_le_bytes([place[0], place[1]])));
        }
    }
}

/// Encodes positions for storage: as 16-bit little-endian numbers, or as one bit for each position
/// if that is shorter.
pub(crate) fn encode(len: usize, places: &[u16]) -> Vec<u8> {
    if places.len() < len / 16 {
        return places.iter().copied().flat_map(u16::to_le_bytes).collect();
    }
    let mut bytes = vec![0; len / 8];
    for place in places {
        bytes[usize::from(*place) / 8] |= 1 << (place % 8);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn of(len: usize, places: &BTreeSet<usize>) -> Bits {
        let mut bits = Bits::none(len);
        places.iter().for_each(|place| bits.set(*place));
        bits
    }

    fn places() -> impl Strategy<Value = BTreeSet<usize>> {
        prop_oneof![
            prop::collection::btree_set(0..256_usize, 0..40),
            prop::collection::btree_set(0..256_usize, 100..256),
        ]
    }

    proptest! {
        #[test]
        fn they_are_sets(mine in places(), theirs in places(), end in 0..300_usize) {
            let (a, b) = (of(256, &mine), of(256, &theirs));
            let mut bytes = Bits::none(256);
            bytes.or_bytes(&a.to_bytes());
            prop_assert_eq!(&bytes, &a);
            let down: Vec<_> = mine.iter().rev().filter(|place| **place < end).copied().collect();
            prop_assert_eq!(a.descending(end).collect::<Vec<_>>(), down);
            prop_assert_eq!(a.count_and(&b), mine.intersection(&theirs).count() as u64);
            prop_assert_eq!(a.greatest_and(&b), mine.intersection(&theirs).last().copied());
            prop_assert_eq!(a.least_and(&b), mine.intersection(&theirs).next().copied());
            let (mut and, mut or, mut not) = (a.clone(), a.clone(), a.clone());
            and.and(&b);
            or.or(&b);
            not.and_not(&b);
            prop_assert_eq!(and, of(256, &mine.intersection(&theirs).copied().collect()));
            prop_assert_eq!(or, of(256, &mine.union(&theirs).copied().collect()));
            prop_assert_eq!(not, of(256, &mine.difference(&theirs).copied().collect()));
            let mut moved = Bits::none(1024);
            moved.or_moved(&a, 320);
            prop_assert_eq!(&moved, &of(1024, &mine.iter().map(|place| place + 320).collect()));
            let mut back = Bits::none(256);
            back.or_moved(&moved, -320);
            prop_assert_eq!(back, a);
        }

        #[test]
        fn ranges_are_set_as_one_by_one(first in 0..300_usize, end in 0..300_usize) {
            let mut range = Bits::none(256);
            range.set_range(first, end);
            prop_assert_eq!(range, of(256, &(first..end).filter(|place| *place < 256).collect()));
        }
    }
}
