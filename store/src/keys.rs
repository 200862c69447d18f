//! Under which names photos and reports are kept: by the hash of their bytes, so that each is kept
//! once and never changes.

use sha2::{Digest, Sha256};

/// How large a photo is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoSize {
    /// A thumbnail: an upright JPEG with no side longer than 480 pixels.
    Small,
    /// For looking at and for print: an upright JPEG with no side longer than 1600 pixels.
    Large,
    /// The file as it came.
    Original,
}

impl PhotoSize {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Original, Self::Large, Self::Small];

    /// The sizes that are made from the original.
    pub const DERIVED: [(Self, u32); 2] = [(Self::Large, 1600), (Self::Small, 480)];
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// The bytes that a text in hexadecimal stands for, as a database wrote it.
pub(crate) fn unhex(text: &str) -> Vec<u8> {
    // Of an ASCII digit the low four bits are its value, of a letter nine less than that.
    let digit = |digit: u8| (digit & 15) + 9 * (digit >> 6);
    text.as_bytes().chunks_exact(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

/// Where a photo is kept, by the hash of the file it came as.
pub fn photo(sha256: &str, size: PhotoSize) -> String {
    match size {
        PhotoSize::Small => format!("photos/{sha256}-480.jpg"),
        PhotoSize::Large => format!("photos/{sha256}-1600.jpg"),
        PhotoSize::Original => format!("photos/{sha256}"),
    }
}

/// Where a report is kept, by its hash.
pub fn report(sha256: &str) -> String {
    format!("reports/{sha256}.pdf")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_what_others_call_it() {
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
