//! Conversion of photos that the server would refuse: large ones are scaled down, and HEIF photos
//! become JPEGs where the browser can decode them. Converted photos are upright.

use crate::{
    inspections::picture_size::{self, PictureKind},
    outbox::js,
};
use domain::inspection::{MAX_PHOTO_BYTES, MAX_PHOTO_PIXELS, PhotoError};
use js_sys::{Object, Promise, Reflect, Uint8Array};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

/// Maximum number of pixels of a scaled photo: all browsers can draw that many, including WebKit on
/// phones.
const DRAWN_PIXELS: f64 = 16_000_000.0;

/// Maximum side of a scaled photo, in pixels; a limit of WebKit.
const DRAWN_SIDE: f64 = 16_000.0;

/// Quality of the JPEG, from 0 to 1.
const QUALITY: f64 = 0.9;

/// Returns an acceptable file and its name; the original file if the server accepts it.
///
/// # Errors
/// The file is unacceptable and cannot be converted.
pub(super) async fn fit(file: File) -> Result<(String, Blob), PhotoError> {
    let name = file.name();
    let is_large = file.size() > f64::from(MAX_PHOTO_BYTES);
    let kind = head(&file).await.map_or(PictureKind::Unknown, |head| picture_size::read(&head));
    let has_many = match kind {
        PictureKind::Common(Some((width, height))) => {
            u64::from(width) * u64::from(height) > MAX_PHOTO_PIXELS
        }
        _ => false,
    };
    if !is_large && !has_many && kind != PictureKind::Heif {
        return Ok((name, file.into()));
    }
    match draw(&file).await {
        Ok(smaller) if smaller.size() <= f64::from(MAX_PHOTO_BYTES) => {
            let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
            Ok((format!("{stem}.jpg"), smaller))
        }
        _ if kind == PictureKind::Heif => Err(PhotoError::Heic(name)),
        _ if is_large => Err(PhotoError::TooLarge(name)),
        _ => Err(PhotoError::TooManyPixels(name)),
    }
}

async fn head(file: &File) -> Result<Vec<u8>, JsValue> {
    let head = file.slice_with_f64_and_f64(0.0, f64::from(picture_size::ENOUGH))?;
    let bytes = JsFuture::from(head.array_buffer()).await?;
    Ok(Uint8Array::new(&bytes).to_vec())
}

/// Draws the picture as an upright JPEG within the size limits.
async fn draw(file: &File) -> Result<Blob, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"imageOrientation".into(), &"from-image".into())?;
    let args = [file.into(), options.into()];
    let picture = js::wait_for(&window(), "createImageBitmap", &args).await?;
    let number = |name| js::get(&picture, name).map(|it| it.as_f64().unwrap_or_default());
    let (width, height) = (number("width")?, number("height")?);
    let scale =
        (DRAWN_PIXELS / (width * height)).sqrt().min(DRAWN_SIDE / width.max(height)).min(1.0);
    let (width, height) = ((width * scale).floor().max(1.0), (height * scale).floor().max(1.0));

    let canvas: JsValue = document().create_element("canvas")?.into();
    Reflect::set(&canvas, &"width".into(), &width.into())?;
    Reflect::set(&canvas, &"height".into(), &height.into())?;
    let pen = js::call(&canvas, "getContext", &["2d".into()])?;
    Reflect::set(&pen, &"imageSmoothingQuality".into(), &"high".into())?;
    let place = [picture.clone(), 0.into(), 0.into(), width.into(), height.into()];
    js::call(&pen, "drawImage", &place)?;
    js::call(&picture, "close", &[])?;

    let promise = Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            drop(resolve.call1(&JsValue::NULL, &blob));
        });
        // The callback receives null when the conversion fails.
        drop(js::call(&canvas, "toBlob", &[done, "image/jpeg".into(), QUALITY.into()]));
    });
    JsFuture::from(promise).await?.dyn_into()
}
