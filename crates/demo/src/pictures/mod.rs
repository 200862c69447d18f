//! Photos of the demo, drawn by the program, so that they show no real building.

mod canvas;
mod details;
mod outside;

use image::{ExtendedColorType, ImageEncoder, RgbImage, codecs::jpeg::JpegEncoder};

/// Subject of a drawn photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scene {
    /// Front with this many floors and bays of windows.
    Front {
        /// Number of floors, from 1.
        floors: u8,
        /// Number of windows per floor.
        bays: u8,
    },
    /// Slope of tiles, some slipped.
    Roof,
    /// Crack in plaster, with a scale next to it.
    Crack,
    /// Damp patch that extends down from the ceiling.
    Damp,
    /// Boiler with its gauge and pipes.
    Boiler,
    /// Distribution board with its breakers.
    Board,
    /// Flight of stairs with its handrail.
    Stairs,
}

/// Draws a photo as a JPEG like those of phones. The same seed draws the same photo.
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
