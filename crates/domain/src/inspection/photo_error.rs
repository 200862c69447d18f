//! Files that are not accepted as photos, and the limits of those that are. The browser checks some of
//! them before it sends a file; the server checks all.

use crate::text::isolate;

const MAX_PHOTO_MEGABYTES: u32 = 25;
const MAX_PHOTO_MEGAPIXELS: u64 = 50;

/// The largest photo that is accepted, in bytes.
pub const MAX_PHOTO_BYTES: u32 = MAX_PHOTO_MEGABYTES * 1_000_000;

/// The most pixels that a photo may have.
pub const MAX_PHOTO_PIXELS: u64 = MAX_PHOTO_MEGAPIXELS * 1_000_000;

/// The most pixels along one side of a photo, because scaling a strip takes memory by its length.
pub const MAX_PHOTO_SIDE: u32 = 30_000;

/// The reason for which a file was refused. Each names the file; its `Display` is a sentence that says what
/// to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// The form came without a photo.
    #[error("Choose a photo first.")]
    NoPhoto,
    /// The file is larger than [`MAX_PHOTO_BYTES`].
    #[error("{} is larger than {MAX_PHOTO_MEGABYTES} MB. Send a smaller version of it.", isolate(.0))]
    TooLarge(String),
    /// By its content the file is neither JPEG, PNG nor WebP.
    #[error("{} is not a JPEG, PNG or WebP picture.", isolate(.0))]
    UnknownKind(String),
    /// The picture has more than [`MAX_PHOTO_PIXELS`].
    #[error("{} has more than {MAX_PHOTO_MEGAPIXELS} megapixels. Send a smaller version of it.", isolate(.0))]
    TooManyPixels(String),
    /// The picture has more than [`MAX_PHOTO_SIDE`] along one side.
    #[error("{} has more than {MAX_PHOTO_SIDE} pixels along one side. Send a part of it.", isolate(.0))]
    TooLong(String),
    /// The file has no content.
    #[error("{} is empty. Choose the file again, or another one.", isolate(.0))]
    Empty(String),
    /// The content cannot be read to the end.
    #[error("{} is damaged and cannot be read.", isolate(.0))]
    Damaged(String),
    /// A picture of a phone's own kind that this browser cannot read. Only the browser says so.
    #[error(
        "{} is a HEIC photo, which this browser cannot read. Save it as JPEG and attach that: on an \
         iPhone, choose Settings, Camera, Formats, Most Compatible.",
        isolate(.0)
    )]
    Heic(String),
}
