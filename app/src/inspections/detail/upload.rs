//! One file on its way to the server, with its progress. `fetch` tells nothing of what it has sent,
//! so this is an `XMLHttpRequest`.

use crate::{
    error::AppError,
    inspections::{LARGEST_PHOTO, Trouble},
};
use domain::{InspectionId, SectionId};
use serde::Deserialize;
use std::{cell::RefCell, rc::Rc};
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{File, FormData, ProgressEvent, XmlHttpRequest};

/// Where a file goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) inspection: InspectionId,
    pub(super) section: Option<SectionId>,
    pub(super) request: Uuid,
}

/// What the server says when it refuses a file.
#[derive(Deserialize)]
struct Refused {
    message: String,
}

/// Sends a file; tells how much of it is sent, from 0 to 1, and in the end how it went.
pub(super) fn send(
    place: Place,
    file: &File,
    progress: impl Fn(f64) + 'static,
    done: impl FnOnce(Result<(), AppError>) + 'static,
) {
    let done = Rc::new(RefCell::new(Some(done)));
    let finish = move |result| {
        if let Some(done) = done.borrow_mut().take() {
            done(result);
        }
    };
    if file.size() > f64::from(LARGEST_PHOTO) {
        return finish(Err(Trouble::TooLarge(file.name()).into()));
    }
    let failed = finish.clone();
    if begin(place, file, progress, finish).is_err() {
        failed(Err(AppError::invalid("", "The browser could not send it.")));
    }
}

fn begin(
    place: Place,
    file: &File,
    progress: impl Fn(f64) + 'static,
    finish: impl Fn(Result<(), AppError>) + Clone + 'static,
) -> Result<(), JsValue> {
    let data = FormData::new()?;
    data.append_with_str("request_id", &place.request.to_string())?;
    let section = place.section.map(|section| section.to_string()).unwrap_or_default();
    data.append_with_str("section", &section)?;
    data.append_with_blob_and_filename("photo", file, &file.name())?;

    let request = XmlHttpRequest::new()?;
    request.open("POST", &format!("/inspections/{}/photos", place.inspection))?;
    request.set_request_header("Accept", "application/json")?;

    let on_progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            progress(event.loaded() / event.total());
        }
    });
    request.upload()?.set_onprogress(Some(on_progress.into_js_value().unchecked_ref()));

    let answered = {
        let (request, finish) = (request.clone(), finish.clone());
        Closure::once_into_js(move || finish(answer(&request)))
    };
    request.set_onload(Some(answered.unchecked_ref()));
    let lost = Closure::once_into_js(move || finish(Err(AppError::Offline)));
    request.set_onerror(Some(lost.unchecked_ref()));
    request.send_with_opt_form_data(Some(&data))
}

fn answer(request: &XmlHttpRequest) -> Result<(), AppError> {
    match request.status() {
        Ok(200..=299) => return Ok(()),
        Ok(401) => return Err(AppError::SignInNeeded),
        _ => {}
    }
    let text = request.response_text().ok().flatten().unwrap_or_default();
    let refused = serde_json::from_str::<Refused>(&text).map_err(|_| AppError::Internal)?;
    Err(AppError::invalid("", refused.message))
}

/// The files of a list.
pub(super) fn files(list: Option<web_sys::FileList>) -> Vec<File> {
    let list = list.into_iter();
    list.flat_map(|list| (0..list.length()).filter_map(move |at| list.get(at))).collect()
}

/// The files that a drag carries.
pub(super) fn dropped(event: &leptos::ev::DragEvent) -> Vec<File> {
    files(event.data_transfer().and_then(|data| data.files()))
}

/// Whether a drag carries files at all.
pub(super) fn carries_files(event: &leptos::ev::DragEvent) -> bool {
    let types = event.data_transfer().map(|data| data.types());
    types.is_some_and(|types| types.includes(&JsValue::from_str("Files"), 0))
}

/// Takes the files out of a file input, so that the same can be chosen again.
pub(super) fn take(input: &web_sys::HtmlInputElement) -> Vec<File> {
    let chosen = files(input.files());
    input.set_value("");
    chosen
}
