//! Photo to upload.

use anyhow::Result;
use image::{RgbImage, codecs::jpeg::JpegEncoder};

/// Returns a JPEG of some twelve megabytes. It shows noise from a fixed seed, which compresses badly.
pub(crate) fn large() -> Result<Vec<u8>> {
    let mut noise = 0x9e37_79b9_7f4a_7c15_u64;
    let picture = RgbImage::from_fn(3_000, 2_400, |_, _| {
        // Xorshift (Marsaglia 2003).
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        let [red, green, blue, ..] = noise.to_le_bytes();
        image::Rgb([red, green, blue])
    });
    let mut file = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut file, 90))?;
    Ok(file)
}
