//! Typefaces that every report has.

use std::sync::LazyLock;
use typst::{foundations::Bytes, text::Font};

/// Embedded typefaces: Inter, and DejaVu Sans for the scripts and signs that Inter lacks.
pub(crate) static EMBEDDED: LazyLock<Vec<Font>> = LazyLock::new(|| {
    const FILES: [&[u8]; 3] = [
        include_bytes!("../fonts/Inter-Regular.otf"),
        include_bytes!("../fonts/Inter-SemiBold.otf"),
        include_bytes!("../fonts/DejaVuSans.ttf"),
    ];
    FILES.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
});

/// Returns whether the embedded typefaces have a glyph for this character.
pub(crate) fn are_embedded_for(character: char) -> bool {
    EMBEDDED.iter().any(|font| font.info().coverage.contains(character.into()))
}
