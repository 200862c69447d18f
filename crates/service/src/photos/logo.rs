//! Logo of the organisation, decoded within the same limits as photos.

use super::picture::{Decoded, in_turn};
use bytes::Bytes;
use domain::{inspection::PhotoError, people::Logo};
use image::ImageFormat;
use std::io::Cursor;
use store::keys;

/// Maximum sides of a logo, in pixels; sharp at the size at which reports print it.
const MAX_SIZE: (u32, u32) = (1_000, 500);

/// Decoded logo: its data to store, and its file.
#[derive(Debug)]
pub struct ReadLogo {
    /// Data to store.
    pub logo: Logo,
    /// PNG file.
    pub png: Bytes,
}

impl ReadLogo {
    /// Decodes a logo on a blocking thread, within the same memory limit as photos.
    ///
    /// # Errors
    /// The file is not an acceptable picture.
    pub async fn read(name: String, bytes: Bytes) -> Result<Self, PhotoError> {
        in_turn(name, bytes, Self::decode).await
    }

    fn decode(name: &str, bytes: &[u8]) -> Result<Self, PhotoError> {
        let picture = Decoded::upright(name, bytes, MAX_SIZE)?;
        let mut png = Cursor::new(Vec::new());
        let written = picture.write_to(&mut png, ImageFormat::Png);
        written.map_err(|_| PhotoError::Damaged(name.to_owned()))?;
        let png = png.into_inner();
        let logo = Logo {
            sha256: keys::sha256(&png),
            width: picture.width().into(),
            height: picture.height().into(),
        };
        Ok(Self { logo, png: png.into() })
    }
}
