//! Format and size of a picture, read from the beginning of its file without decoding it.

/// Format of a picture, with width and height in pixels if they could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PictureKind {
    /// JPEG, PNG or WebP, which the server accepts.
    Common(Option<(u32, u32)>),
    /// HEIC, HEIF or AVIF, which the server does not accept.
    Heif,
    /// Any other format.
    Unknown,
}

/// Number of bytes to read, because a JPEG may begin with a colour profile and a thumbnail.
pub(super) const ENOUGH: u32 = 262_144;

/// Parses the beginning of a file.
pub(super) fn read(head: &[u8]) -> PictureKind {
    match head {
        [0xFF, 0xD8, 0xFF, ..] => PictureKind::Common(jpeg(head)),
        [0x89, b'P', b'N', b'G', ..] => PictureKind::Common(png(head)),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
            PictureKind::Common(webp(head))
        }
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand.get(..4) {
            Some(b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" | b"avif") => {
                PictureKind::Heif
            }
            _ => PictureKind::Unknown,
        },
        _ => PictureKind::Unknown,
    }
}

fn big(head: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?))
}

fn png(head: &[u8]) -> Option<(u32, u32)> {
    Some((big(head, 16)?, big(head, 20)?))
}

/// Finds the frame header of a JPEG (`SOF0` to `SOF15` except the tables), segment by segment.
fn jpeg(head: &[u8]) -> Option<(u32, u32)> {
    let short = |at: usize| Some(u16::from_be_bytes(head.get(at..at + 2)?.try_into().ok()?));
    let mut at = 2;
    loop {
        if *head.get(at)? != 0xFF {
            return None;
        }
        match *head.get(at + 1)? {
            // Padding byte.
            0xFF => at += 1,
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                return Some((short(at + 7)?.into(), short(at + 5)?.into()));
            }
            _ => at += 2 + usize::from(short(at + 2)?),
        }
    }
}

/// Reads the size from the first chunk of a WebP: lossy, lossless or extended.
fn webp(head: &[u8]) -> Option<(u32, u32)> {
    let little = |at: usize, bytes: usize| {
        let bytes = head.get(at..at + bytes)?;
        Some(bytes.iter().rev().fold(0_u32, |all, byte| all << 8 | u32::from(*byte)))
    };
    match head.get(12..16)? {
        b"VP8 " => Some((little(26, 2)? & 0x3FFF, little(28, 2)? & 0x3FFF)),
        b"VP8L" => {
            let bits = little(21, 4)?;
            Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
        }
        b"VP8X" => Some((little(24, 3)? + 1, little(27, 3)? + 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{PictureKind, read};

    #[test]
    fn a_jpeg_tells_its_size_after_other_segments() {
        let mut file = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF];
        file.extend([0xFF, 0xC2, 0, 17, 8, 0x23, 0x28, 0x2E, 0xE0, 3]);
        assert_eq!(read(&file), PictureKind::Common(Some((12_000, 9_000))));
        assert_eq!(read(&file[..14]), PictureKind::Common(None));
    }

    #[test]
    fn a_png_and_a_webp_tell_their_sizes() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend([0, 0, 4, 0, 0, 0, 3, 0]);
        assert_eq!(read(&png), PictureKind::Common(Some((1_024, 768))));

        let mut webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
        webp.extend([0xFF, 0x03, 0, 0xFF, 0x02, 0]);
        assert_eq!(read(&webp), PictureKind::Common(Some((1_024, 768))));
    }

    #[test]
    fn what_phones_write_is_known_and_anything_else_is_not() {
        assert_eq!(read(b"\0\0\0\x18ftypheic\0\0\0\0"), PictureKind::Heif);
        assert_eq!(read(b"\0\0\0\x18ftypmp42\0\0\0\0"), PictureKind::Unknown);
        assert_eq!(read(b"%PDF-1.7"), PictureKind::Unknown);
        assert_eq!(read(b""), PictureKind::Unknown);
    }
}
