//! Removal of compressed metadata from PNG files before decoding.

use std::borrow::Cow;

const SIGNATURE: usize = 8;

/// Length of a chunk's header, and of its header and checksum together, in bytes.
const HEAD: usize = 8;
const AROUND: usize = 12;

/// Removes chunks that the decoder would inflate without need: texts, and colour profiles whose compressed
/// size exceeds `largest` bytes. Deflate compresses at most 1,032 bytes to one, so the rest is bounded.
pub(super) fn without_large_metadata(file: &[u8], largest: usize) -> Cow<'_, [u8]> {
    let mut kept: Vec<&[u8]> = Vec::new();
    let mut at = SIGNATURE;
    let mut from = 0;
    while let Some(head) = file.get(at..at + HEAD) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let end = at.saturating_add(length).saturating_add(AROUND).min(file.len());
        let is_left_out = match &head[4..] {
            b"iCCP" => length > largest,
            b"zTXt" | b"iTXt" | b"tEXt" => true,
            _ => false,
        };
        if is_left_out {
            kept.push(&file[from..at]);
            from = end;
        }
        at = end;
    }
    if kept.is_empty() {
        return Cow::Borrowed(file);
    }
    kept.push(&file[from..]);
    Cow::Owned(kept.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).expect("a short chunk").to_be_bytes();
        [&length, &kind[..], data, &[0; 4]].concat()
    }

    #[test]
    fn texts_and_large_profiles_are_left_out_and_the_rest_stays() {
        let [head, small, large, text, data] = [
            chunk(b"IHDR", &[1; 13]),
            chunk(b"iCCP", &[2; 10]),
            chunk(b"iCCP", &[3; 11]),
            chunk(b"zTXt", &[4; 3]),
            chunk(b"IDAT", &[5; 30]),
        ];
        let signature: &[u8] = b"\x89PNG\r\n\x1a\n";
        let whole = [signature, &head, &small, &large, &text, &data].concat();
        let wanted = [signature, &head, &small, &data].concat();
        assert_eq!(without_large_metadata(&whole, 10).as_ref(), wanted);
        assert!(matches!(without_large_metadata(&wanted, 10), Cow::Borrowed(_)));
        // A truncated file or a wrong chunk length must not cause a panic.
        for end in 0..whole.len() {
            without_large_metadata(&whole[..end], 10);
        }
        let lie = [signature, &[0xff; 4], b"iCCP", &[0; 9]].concat();
        assert_eq!(without_large_metadata(&lie, 10).as_ref(), signature);
    }
}
