//! Object keys of photos and reports. Keys are hashes of the bytes, so that each object is stored
//! once and never changes.

/// Returns bytes in lower-case hexadecimal.
pub use hex::encode as hex;

use sha2::{Digest, Sha256};

/// Size of a stored photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoSize {
    /// A thumbnail: an upright JPEG with no side longer than 480 pixels.
    Small,
    /// An upright JPEG for the screen and for print, with no side longer than 1600 pixels.
    Large,
    /// The uploaded file, unchanged.
    Original,
}

impl PhotoSize {
    /// All sizes.
    pub const ALL: [Self; 3] = [Self::Original, Self::Large, Self::Small];

    /// The sizes derived from the original, with the length of the longer side in pixels.
    pub const DERIVED: [(Self, u32); 2] = [(Self::Large, 1600), (Self::Small, 480)];
}

/// Returns the SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes))
}

/// Decodes exactly `LENGTH` bytes of lower-case hexadecimal; `None` for anything else.
pub(crate) fn bytes<const LENGTH: usize>(text: &str) -> Option<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    // Upper case is decoded too.
    (hex(bytes) == text).then_some(bytes)
}

/// Returns the key of a photo, given the hash of the original file.
pub fn photo(sha256: &str, size: PhotoSize) -> String {
    match size {
        PhotoSize::Small => format!("photos/{sha256}-480.jpg"),
        PhotoSize::Large => format!("photos/{sha256}-1600.jpg"),
        PhotoSize::Original => format!("photos/{sha256}"),
    }
}

/// The key of the organisation's logo, by its hash.
pub fn logo(sha256: &str) -> String {
    format!("logos/{sha256}.png")
}

/// Returns the key of a report, given its hash.
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
    }
}
