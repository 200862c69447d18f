//! Bitmaps of the positions in a segment, and their stored form.
//!
//! The stored form is a container of Roaring's format without the 16 bytes of headers before it,
//! because most posting lists have only a few positions: 16-bit little-endian numbers, or one bit
//! for each position of the segment if that is shorter.

use std::io;

pub(crate) use roaring::RoaringBitmap as Bitmap;

/// Number of positions that a bitmap can hold.
pub(crate) const POSITIONS: u32 = 1 << 16;

/// Roaring's mark of a bitmap without run containers.
const COOKIE: u32 = 12_346;

/// Length of the headers of a bitmap with one container, in bytes.
const HEADERS: u32 = 16;

/// The largest number of positions that a container stores as numbers.
const MAX_NUMBERS: usize = 4_096;

/// Encodes ascending positions below `len` for storage.
pub(crate) fn encode(len: u32, positions: &[u16]) -> Vec<u8> {
    let bits = len as usize / 8;
    if positions.len() * 2 < bits {
        return positions.iter().copied().flat_map(u16::to_le_bytes).collect();
    }
    let mut bytes = vec![0; bits];
    for position in positions {
        bytes[usize::from(*position) / 8] |= 1 << (position % 8);
    }
    bytes
}

/// Decodes positions below `len`, and adds `offset` to each.
///
/// # Errors
/// If the bytes are not ascending positions.
pub(crate) fn decode(len: u32, offset: u32, bytes: &[u8]) -> Result<Bitmap, String> {
    if bytes.is_empty() {
        return Ok(Bitmap::new());
    }
    if bytes.len() == len as usize / 8 {
        return Ok(Bitmap::from_lsb0_bytes(offset, bytes));
    }
    let (numbers, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() || numbers.len() > MAX_NUMBERS {
        return Err(format!("{} bytes are no positions", bytes.len()));
    }
    // With the headers, Roaring reads the positions as a whole, which takes a tenth of the time of
    // inserting one by one.
    let mut container = Vec::with_capacity(HEADERS as usize + bytes.len());
    let last = u32::try_from(numbers.len() - 1).unwrap_or_default();
    for header in [COOKIE, 1, last << 16, HEADERS] {
        container.extend(header.to_le_bytes());
    }
    for number in numbers {
        let position = u32::from(u16::from_le_bytes(*number));
        let shifted = u16::try_from(position + offset).ok().filter(|_| position < len);
        let shifted = shifted.ok_or_else(|| format!("there is no position {position}"))?;
        container.extend(shifted.to_le_bytes());
    }
    let read = Bitmap::deserialize_from(&container[..]);
    read.map_err(|error: io::Error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn positions() -> impl Strategy<Value = BTreeSet<u16>> {
        prop_oneof![
            prop::collection::btree_set(0..4_096_u16, 0..40),
            prop::collection::btree_set(0..4_096_u16, 200..600),
        ]
    }

    proptest! {
        #[test]
        fn positions_are_read_as_they_were_stored(positions in positions(), at in 0..16_u32) {
            let numbers: Vec<u16> = positions.iter().copied().collect();
            let offset = at * 4_096;
            let read = decode(4_096, offset, &encode(4_096, &numbers)).unwrap();
            let expected: Vec<u32> =
                positions.iter().map(|position| u32::from(*position) + offset).collect();
            prop_assert_eq!(read.iter().collect::<Vec<_>>(), expected);
            let large = decode(POSITIONS, 0, &encode(POSITIONS, &numbers)).unwrap();
            prop_assert_eq!(large.len(), numbers.len() as u64);
        }

        #[test]
        fn malformed_positions_are_errors_at_worst(
            bytes in prop::collection::vec(any::<u8>(), 0..600),
            at in 0..16_u32,
        ) {
            if let Ok(read) = decode(4_096, at * 4_096, &bytes) {
                let within = at * 4_096..(at + 1) * 4_096;
                prop_assert!(read.iter().all(|position| within.contains(&position)));
            }
        }
    }

    #[test]
    fn descending_positions_are_refused() {
        let bytes: Vec<u8> = [7_u16, 3].into_iter().flat_map(u16::to_le_bytes).collect();
        assert!(decode(4_096, 0, &bytes).is_err());
        assert!(decode(4_096, 0, &[1, 2, 3]).is_err());
    }
}
