//! Photos of a report. Typst only sees their dimensions.
//!
//! Typst decodes every picture and keeps the pixels until the file is written, 7 MB for each photo.
//! Therefore it is given [stubs](Stub), JPEG files of one pixel, which are replaced by the photos
//! once the file is written ([`crate::splice`]). Only one photo is in memory at a time.

use domain::inspection::Inspection;
use image::{
    ExtendedColorType, ImageDecoder, ImageEncoder,
    codecs::jpeg::{JpegDecoder, JpegEncoder},
};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// A source of photos: upright JPEG files, scaled for print. They are copied into the PDF as they
/// are.
pub trait PhotoSource {
    /// Reads the picture of the photo with this SHA-256; `None` if there is none.
    ///
    /// # Errors
    /// If it cannot be read.
    fn read(&self, sha256: &str) -> io::Result<Option<Vec<u8>>>;

    /// Reads the logo of the organisation, a PNG; `None` if there is none.
    ///
    /// # Errors
    /// If it cannot be read.
    fn logo(&self) -> io::Result<Option<Vec<u8>>> {
        Ok(None)
    }
}

/// A folder with one file for each photo, named by its SHA-256, and the logo.
#[derive(Debug)]
pub struct PhotoFolder(pub PathBuf);

impl PhotoFolder {
    /// Returns the file of a photo.
    pub fn file(&self, sha256: &str) -> PathBuf {
        self.0.join(format!("{sha256}.jpg"))
    }

    /// Returns the file of the logo.
    pub fn logo_file(&self) -> PathBuf {
        self.0.join("logo.png")
    }
}

impl PhotoSource for PhotoFolder {
    fn read(&self, sha256: &str) -> io::Result<Option<Vec<u8>>> {
        read_if_there(&self.file(sha256))
    }

    fn logo(&self) -> io::Result<Option<Vec<u8>>> {
        read_if_there(&self.logo_file())
    }
}

fn read_if_there(file: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

impl PhotoSource for BTreeMap<String, Vec<u8>> {
    fn read(&self, sha256: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.get(sha256).cloned())
    }
}

/// A JPEG file of one pixel that stands for a photo during layout. It has the photo's channels and
/// its colour profile, because the PDF stores both outside the picture.
#[derive(Clone, Debug)]
pub(crate) struct Stub {
    /// The SHA-256 of the photo it stands for.
    pub(crate) sha256: String,
    /// The stub's own bytes, which differ from those of any other stub.
    pub(crate) jpeg: Vec<u8>,
    /// The photo's width in pixels.
    pub(crate) width: u32,
    /// The photo's height in pixels.
    pub(crate) height: u32,
    /// The size of the photo's file in bytes.
    pub(crate) bytes: usize,
}

/// The photos of an inspection that can be shown, each once, in the order of their numbers.
pub(crate) struct Photos {
    numbers: BTreeMap<String, usize>,
    stubs: Vec<Stub>,
}

impl Photos {
    /// Reads the headers of all photos. Files that are not JPEG are left out, because one damaged
    /// file must not prevent a report.
    pub(crate) fn new(inspection: &Inspection, source: &dyn PhotoSource) -> io::Result<Self> {
        let mut photos = Self { numbers: BTreeMap::new(), stubs: Vec::new() };
        for photo in &inspection.photos {
            if photos.numbers.contains_key(&photo.sha256) {
                continue;
            }
            let number = photos.stubs.len();
            let file = source.read(&photo.sha256)?;
            if let Some(stub) = file.and_then(|file| Stub::of(&photo.sha256, number, &file)) {
                photos.numbers.insert(photo.sha256.clone(), number);
                photos.stubs.push(stub);
            }
        }
        Ok(photos)
    }

    /// Returns the file name by which the template finds a photo, and the ratio of its width to its
    /// height.
    pub(crate) fn file(&self, sha256: &str) -> Option<(String, f64)> {
        let number = *self.numbers.get(sha256)?;
        let stub = self.stubs.get(number)?;
        Some((Stub::file_name(number), f64::from(stub.width) / f64::from(stub.height)))
    }

    pub(crate) fn stubs(&self) -> &[Stub] {
        &self.stubs
    }
}

impl Stub {
    /// The first bytes of every stub: the start of a JPEG file and of a comment.
    pub(crate) const BEGIN: &[u8] = b"\xff\xd8\xff\xfe\x00\x1aplumbline photo ";

    fn of(sha256: &str, number: usize, file: &[u8]) -> Option<Self> {
        let mut decoder = JpegDecoder::new(io::Cursor::new(file)).ok()?;
        let (width, height) = decoder.dimensions();
        let (colours, pixel): (_, &[u8]) = match decoder.original_color_type() {
            ExtendedColorType::Rgb8 => (ExtendedColorType::Rgb8, &[128; 3]),
            ExtendedColorType::L8 => (ExtendedColorType::L8, &[128]),
            _ => return None,
        };
        let profile = decoder.icc_profile().ok().flatten();
        let mut pixel_file = Vec::new();
        let mut encoder = JpegEncoder::new(&mut pixel_file);
        if let Some(profile) = profile {
            encoder.set_icc_profile(profile).ok()?;
        }
        encoder.write_image(pixel, 1, 1, colours).ok()?;
        let mut jpeg = Self::BEGIN.to_vec();
        jpeg.extend_from_slice(format!("{number:08}").as_bytes());
        jpeg.extend_from_slice(pixel_file.get(2..)?);
        let stub = Self { sha256: sha256.to_owned(), jpeg, width, height, bytes: file.len() };
        (width > 0 && height > 0).then_some(stub)
    }

    /// Returns the file name by which the template finds a photo.
    fn file_name(number: usize) -> String {
        format!("photo-{number}.jpg")
    }

    /// Returns the number of the photo with that file name.
    pub(crate) fn number_of_file(name: &str) -> Option<usize> {
        name.strip_prefix("photo-")?.strip_suffix(".jpg")?.parse().ok()
    }

    /// Returns the number of the stub that begins here.
    pub(crate) fn number(bytes: &[u8]) -> Option<usize> {
        let digits = bytes.strip_prefix(Self::BEGIN)?.get(..8)?;
        str::from_utf8(digits).ok()?.parse().ok()
    }
}
