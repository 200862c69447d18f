//! Photos for the demo, drawn instead of taken: nobody's building is in them.

mod canvas;
mod details;
mod outside;

use image::{ExtendedColorType, ImageEncoder, RgbImage, codecs::jpeg::JpegEncoder};

/// What a drawn photo shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scene {
    /// A front with this many floors and bays of windows.
    Front {
        /// Floors, from 1.
        floors: u8,
        /// Windows beside each other.
        bays: u8,
    },
    /// A slope of tiles, some slipped.
    Roof,
    /// A crack in plaster, with a scale laid beside it.
    Crack,
    /// A damp patch that comes down from the ceiling.
    Damp,
    /// A boiler with its gauge and pipes.
    Boiler,
    /// A distribution board with its breakers.
    Board,
    /// A flight of stairs with its handrail.
    Stairs,
}

/// Draws a photo, as the JPEG that a phone would send. The same seed draws the same photo.
pub(super) fn draw(scene: Scene, seed: u32) -> image::ImageResult<Vec<u8>> {
    let picture = match scene {
        Scene::Front { floors, bays } => outside::front(seed, floors, bays),
        Scene::Roof => outside::roof(seed),
        Scene::Crack => details::crack(seed),
        Scene::Damp => details::damp(seed),
        Scene::Boiler => details::boiler(seed),
        Scene::Board => details::board(seed),
        Scene::Stairs => details::stairs(seed),
    };
    jpeg(&picture)
}

fn jpeg(picture: &RgbImage) -> image::ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 84).write_image(
        picture.as_raw(),
        picture.width(),
        picture.height(),
        ExtendedColorType::Rgb8,
    )?;
    Ok(bytes)
}
