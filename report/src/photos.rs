//! The pictures that a report shows.

use crate::world::ReportWorld;
use std::collections::BTreeMap;
use typst::{
    foundations::{Bytes, Smart},
    visualize::{ExchangeFormat, RasterImage},
};

/// Pictures that can be read, each once, by the hash of the photo they show.
pub(crate) struct Photos {
    numbers: BTreeMap<String, usize>,
    pictures: Vec<Bytes>,
}

impl Photos {
    /// Takes those that are JPEG files through and through. The others are passed over, as one
    /// spoilt file must not keep a report from being made.
    pub(crate) fn new(jpegs: &BTreeMap<String, bytes::Bytes>) -> Self {
        let mut photos = Self { numbers: BTreeMap::new(), pictures: Vec::new() };
        for (sha256, jpeg) in jpegs {
            let picture = Bytes::new(jpeg.clone());
            if RasterImage::new(picture.clone(), ExchangeFormat::Jpg, Smart::Auto).is_ok() {
                photos.numbers.insert(sha256.clone(), photos.pictures.len());
                photos.pictures.push(picture);
            }
        }
        photos
    }

    /// The file name of the picture of the photo with this hash.
    pub(crate) fn file(&self, sha256: &str) -> Option<String> {
        self.numbers.get(sha256).copied().map(ReportWorld::photo)
    }

    /// The pictures in the order of their numbers.
    pub(crate) fn pictures(&self) -> Vec<Bytes> {
        self.pictures.clone()
    }
}
