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

/// Exactly so many bytes from lower-case hexadecimal; `None` for anything else.
pub(crate) fn bytes<const LENGTH: usize>(text: &str) -> Option<[u8; LENGTH]> {
    let bytes: [u8; LENGTH] = unhex(text).try_into().ok()?;
    // What is no such digit was read as another.
    (hex(&bytes) == text).then_some(bytes)
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
    #[test]
    fn only_what_is_written_so_is_read_again() {
        assert_eq!(bytes("00ff5e"), Some([0x00, 0xff, 0x5e]));
        for text in ["00ff5", "00ff5e00", "00FF5E", "00fg5e", "00 f5e", "00f\u{e9}5", ""] {
            assert_eq!(bytes::<3>(text), None, "{text}");
        }
        assert_eq!(unhex("00FF5E"), [0x00, 0xff, 0x5e], "a database writes capitals");
    }
}
