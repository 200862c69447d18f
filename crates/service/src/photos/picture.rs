//! Decoding of picture files: validation, orientation and smaller versions.

use super::{jpeg::is_cut_off, png::without_large_metadata};
use bytes::Bytes;
use domain::inspection::{MAX_PHOTO_PIXELS, MAX_PHOTO_SIDE, Photo, PhotoError};
use image::{
    DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits, RgbImage,
    codecs::jpeg::JpegEncoder, imageops::FilterType, metadata::Orientation,
};
use std::{borrow::Cow, io::Cursor};
use store::{
    Objects, ObjectsError,
    keys::{self, PhotoSize},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Memory for all pictures that are decoded at once, in megabytes: the maximum for a single picture.
static MEMORY: Semaphore = Semaphore::const_new(MAX_DECODER_MEGABYTES as usize);

const MAX_DECODER_MEGABYTES: u32 = 450;

/// Minimum that is counted for a picture, so that at most two are decoded at once; each takes a core.
const LEAST_MEMORY: u32 = MAX_DECODER_MEGABYTES / 2;

/// JPEG quality that still shows a hairline crack, at a tenth of the size of files from phones.
const QUALITY: u8 = 80;

/// Maximum size of a colour profile, in bytes. Profiles of photos have a few hundred bytes; larger ones are
/// for printing presses.
const MAX_PROFILE_BYTES: usize = 16_384;

/// Maximum size of a profile before it is inflated, in bytes.
const MAX_PACKED_PROFILE_BYTES: usize = MAX_PROFILE_BYTES + 128;

/// Returns the decoders' memory limits. The sides are checked separately, because a decoder's error does not
/// say which limit was exceeded.
fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(DECODER_BYTES);
    limits
}

/// Maximum number of bytes that a decoder may allocate: the maximum number of pixels with four channels of
/// eight bits, and the same again for its other buffers.
const DECODER_BYTES: u64 = 2 * 4 * MAX_PHOTO_PIXELS;

/// Decoded photo: its data to record, and its upright versions.
#[derive(Debug)]
pub struct Picture {
    /// Data to record, still without section and caption.
    pub photo: Photo,
    derived: Vec<(PhotoSize, Bytes)>,
}

impl Picture {
    /// Decodes a file. This occupies a core for up to some seconds.
    ///
    /// # Errors
    /// The file is not an acceptable picture.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, PhotoError> {
        let damaged = |_| PhotoError::Damaged(name.to_owned());
        let Decoded { format, picture, orientation, profile, width, height } =
            Decoded::read(name, bytes)?;
        let (width, height) = upright_size(orientation, width, height);
        let mut smaller = reduced(picture);
        let mut derived = Vec::new();
        for (size, longest) in PhotoSize::DERIVED {
            if smaller.width().max(smaller.height()) > longest {
                smaller = smaller.resize(longest, longest, FilterType::Triangle);
            }
            if derived.is_empty() {
                // Rotated and flattened only once, after scaling.
                smaller.apply_orientation(orientation);
                smaller = DynamicImage::ImageRgb8(on_white(smaller));
            }
            derived.push((size, jpeg(&smaller, profile.as_deref()).map_err(damaged)?));
        }
        let photo = Photo {
            name: name.to_owned(),
            sha256: keys::sha256(bytes),
            media_type: format.to_mime_type().to_owned(),
            bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            width: width.into(),
            height: height.into(),
            ..Photo::default()
        };
        Ok(Self { photo, derived })
    }

    /// Decodes a file on a blocking thread, within the memory limit for pictures.
    ///
    /// # Errors
    /// The file is not an acceptable picture.
    pub async fn read_in_turn(name: String, bytes: Bytes) -> Result<Self, PhotoError> {
        in_turn(name, bytes, Self::read).await
    }
}

/// Decodes a picture on a blocking thread as soon as enough of the memory limit is free.
///
/// # Errors
/// The file is not an acceptable picture.
pub(super) async fn in_turn<T: Send + 'static>(
    name: String,
    bytes: Bytes,
    read: fn(&str, &[u8]) -> Result<T, PhotoError>,
) -> Result<T, PhotoError> {
    let damaged = PhotoError::Damaged(name.clone());
    let (header, sent) = (name.clone(), bytes.clone());
    let memory = spawn_blocking(move || memory(&header, &sent)).await;
    // A panic of the decoder means that the file is damaged.
    let memory = memory.unwrap_or_else(|_| Err(damaged.clone()))?;
    let turn = MEMORY.acquire_many(memory).await.ok();
    let read = spawn_blocking(move || {
        let _turn = turn;
        read(&name, &bytes)
    });
    read.await.unwrap_or(Err(damaged))
}

/// Decoded picture with the metadata of its file.
pub(super) struct Decoded {
    format: ImageFormat,
    picture: DynamicImage,
    orientation: Orientation,
    profile: Option<Vec<u8>>,
    width: u32,
    height: u32,
}

impl Decoded {
    fn read(name: &str, bytes: &[u8]) -> Result<Self, PhotoError> {
        let damaged = |_| PhotoError::Damaged(name.to_owned());
        let (format, file) = of_known_kind(name, bytes)?;
        let mut decoder = decoder(format, &file).map_err(damaged)?;
        let (width, height) = checked_size(name, decoder.dimensions())?;
        if format == ImageFormat::Jpeg && is_cut_off(&file, &limits()).map_err(damaged)? {
            return Err(PhotoError::Damaged(name.to_owned()));
        }
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let profile = decoder.icc_profile().ok().flatten().filter(|profile| is_rgb(profile));
        let picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
        Ok(Self { format, picture, orientation, profile, width, height })
    }

    /// Decodes a picture upright, without transparency and within the given sides, in pixels.
    ///
    /// # Errors
    /// The file is not an acceptable picture.
    pub(super) fn upright(
        name: &str,
        bytes: &[u8],
        sides: (u32, u32),
    ) -> Result<RgbImage, PhotoError> {
        let Self { picture, orientation, .. } = Self::read(name, bytes)?;
        let mut picture = reduced(picture);
        picture.apply_orientation(orientation);
        if picture.width() > sides.0 || picture.height() > sides.1 {
            picture = picture.resize(sides.0, sides.1, FilterType::Triangle);
        }
        Ok(on_white(picture))
    }
}

/// Returns the format of a file by its content, and the bytes to decode.
fn of_known_kind<'a>(
    name: &str,
    bytes: &'a [u8],
) -> Result<(ImageFormat, Cow<'a, [u8]>), PhotoError> {
    match image::guess_format(bytes) {
        Ok(ImageFormat::Png) => {
            Ok((ImageFormat::Png, without_large_metadata(bytes, MAX_PACKED_PROFILE_BYTES)))
        }
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::WebP)) => Ok((format, bytes.into())),
        _ => Err(PhotoError::UnknownKind(name.to_owned())),
    }
}

fn decoder(format: ImageFormat, file: &[u8]) -> image::ImageResult<impl ImageDecoder + '_> {
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits());
    reader.into_decoder()
}

fn checked_size(name: &str, (width, height): (u32, u32)) -> Result<(u32, u32), PhotoError> {
    if width.max(height) > MAX_PHOTO_SIDE {
        return Err(PhotoError::TooLong(name.to_owned()));
    }
    if u64::from(width) * u64::from(height) > MAX_PHOTO_PIXELS {
        return Err(PhotoError::TooManyPixels(name.to_owned()));
    }
    Ok((width, height))
}

/// Returns the memory for decoding a picture, in megabytes, from [`LEAST_MEMORY`] to
/// [`MAX_DECODER_MEGABYTES`].
fn memory(name: &str, bytes: &[u8]) -> Result<u32, PhotoError> {
    let (format, file) = of_known_kind(name, bytes)?;
    let decoder = decoder(format, &file).map_err(|_| PhotoError::Damaged(name.to_owned()))?;
    checked_size(name, decoder.dimensions())?;
    // A progressive JPEG is also held as coefficients of two bytes each.
    let times = if format == ImageFormat::Jpeg { 3 } else { 1 };
    let megabytes = u32::try_from(times * decoder.total_bytes() / 1_000_000).unwrap_or(u32::MAX);
    Ok(megabytes.clamp(LEAST_MEMORY, MAX_DECODER_MEGABYTES))
}

/// Scales a picture roughly to a few megapixels. High-quality scaling of a larger one would take half as much
/// memory again as the picture itself.
fn reduced(picture: DynamicImage) -> DynamicImage {
    const ROUGHLY: u32 = 3_200;
    if picture.width().max(picture.height()) > 2 * ROUGHLY {
        picture.thumbnail(ROUGHLY, ROUGHLY)
    } else {
        picture
    }
}

/// Stores the file of a photo and its versions, each once. It must be called before the photo is recorded, so
/// that no record names a missing file.
///
/// # Errors
/// The object store fails.
pub async fn keep(
    objects: &Objects,
    picture: &Picture,
    original: Bytes,
) -> Result<(), ObjectsError> {
    let sha256 = &picture.photo.sha256;
    for (size, bytes) in &picture.derived {
        objects.put_once(&keys::photo(sha256, *size), bytes.clone()).await?;
    }
    objects.put_once(&keys::photo(sha256, PhotoSize::Original), original).await
}

const fn upright_size(orientation: Orientation, width: u32, height: u32) -> (u32, u32) {
    match orientation {
        Orientation::Rotate90
        | Orientation::Rotate270
        | Orientation::Rotate90FlipH
        | Orientation::Rotate270FlipH => (height, width),
        _ => (width, height),
    }
}

/// Replaces transparency with white, because JPEG does not support it.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0.map(u16::from);
        let over = |colour: u16| {
            u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

fn jpeg(picture: &DynamicImage, profile: Option<&[u8]>) -> image::ImageResult<Bytes> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    if let Some(profile) = profile {
        // Without its profile the colours are slightly off, which is acceptable.
        let _ = encoder.set_icc_profile(profile.to_vec());
    }
    picture.write_with_encoder(encoder)?;
    Ok(bytes.into())
}

/// Returns whether a colour profile is for RGB. Profiles of other colour spaces do not fit the resulting
/// picture.
fn is_rgb(profile: &[u8]) -> bool {
    profile.len() <= MAX_PROFILE_BYTES && profile.get(16..20) == Some(b"RGB ")
}
