//! What a file shows: whether it is a photo at all, which way is up, and its smaller versions.

use app::inspections::{LONGEST_SIDE, MOST_PIXELS, Trouble};
use bytes::Bytes;
use domain::Photo;
use image::{
    DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits, RgbImage,
    codecs::jpeg::JpegEncoder, imageops::FilterType, metadata::Orientation,
};
use std::io::Cursor;
use store::{
    Objects, ObjectsError,
    keys::{self, PhotoSize},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// How many are read at once. Fifty megapixels take some 400 MB while they are read.
static READERS: Semaphore = Semaphore::const_new(2);

/// Good enough to see a hairline crack, and a tenth of the size of what phones write.
const QUALITY: u8 = 80;

/// Colour profiles are a few hundred bytes; those for printing presses are no use here.
const LARGEST_PROFILE: usize = 16_384;

/// The limits of the decoders: of what they allocate. The sides are compared here, because a decoder says no
/// more than that some limit was passed.
fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(DECODER_BYTES);
    limits
}

/// The most bytes that a decoder may allocate: what the most pixels take at eight bits for each of four
/// channels, and as much again for what it needs besides.
const DECODER_BYTES: u64 = 2 * 4 * MOST_PIXELS;

/// A photo that was read: what to record of it, and its upright versions.
#[derive(Debug)]
pub struct Picture {
    /// What to record; of no section and without a caption yet.
    pub photo: Photo,
    derived: Vec<(PhotoSize, Bytes)>,
}

impl Picture {
    /// Reads a file by its content. It takes up to some seconds of one core.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, Trouble> {
        let damaged = |_| Trouble::Damaged(name.to_owned());
        let unknown = || Trouble::UnknownKind(name.to_owned());
        let format = image::guess_format(bytes).map_err(|_| unknown())?;
        if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
            return Err(unknown());
        }
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        reader.limits(limits());
        let mut decoder = reader.into_decoder().map_err(damaged)?;
        let (width, height) = decoder.dimensions();
        if width.max(height) > LONGEST_SIDE {
            return Err(Trouble::TooLong(name.to_owned()));
        }
        if u64::from(width) * u64::from(height) > MOST_PIXELS {
            return Err(Trouble::TooManyPixels(name.to_owned()));
        }
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let profile = decoder.icc_profile().ok().flatten().filter(|profile| is_rgb(profile));
        let picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;

        let (width, height) = upright_size(orientation, width, height);
        let mut smaller = picture;
        let mut derived = Vec::new();
        for (size, longest) in PhotoSize::DERIVED {
            if smaller.width().max(smaller.height()) > longest {
                smaller = smaller.resize(longest, longest, FilterType::Triangle);
            }
            if derived.is_empty() {
                // Turned and flattened once, when it is small.
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

    /// The same, off the async threads and not too many at once.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub(super) async fn read_in_turn(name: String, bytes: Bytes) -> Result<Self, Trouble> {
        let turn = READERS.acquire().await.ok();
        let damaged = Trouble::Damaged(name.clone());
        let read = spawn_blocking(move || {
            let _turn = turn;
            Self::read(&name, &bytes)
        });
        // A decoder that panics met a file that it should have refused.
        read.await.unwrap_or(Err(damaged))
    }
}

/// Keeps a photo's file and its versions, each once. Only then may it be recorded, so that no
/// record names a file that is not there.
///
/// # Errors
/// Where the storage fails.
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

/// JPEG knows no transparency.
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
        // Without its profile the colours are a little off, which is no reason to refuse it.
        let _ = encoder.set_icc_profile(profile.to_vec());
    }
    picture.write_with_encoder(encoder)?;
    Ok(bytes.into())
}

/// Whether a colour profile is about red, green and blue: the profile of a photo in other colours
/// does not fit what is made of it.
fn is_rgb(profile: &[u8]) -> bool {
    profile.len() <= LARGEST_PROFILE && profile.get(16..20) == Some(b"RGB ")
}
