//! Upload of one photo with progress. It uses `XMLHttpRequest`, because `fetch` does not report
//! upload progress.

use super::work::{Item, Photo};
use crate::{auth::PAGE_PERSON_HEADER, error::AppError};
use domain::outbox::OutboxEntry;
use futures::channel::oneshot;
use serde::Deserialize;
use std::{cell::RefCell, rc::Rc};
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Blob, FormData, ProgressEvent, XmlHttpRequest};

/// Response body of an accepted photo.
#[derive(Deserialize)]
struct Taken {
    request: Uuid,
}

/// Response body of a refused photo.
#[derive(Deserialize)]
struct Refused {
    message: String,
}

/// Sends a photo and reports the fraction sent, from 0 to 1.
///
/// # Errors
/// The photo was not attached.
pub(super) async fn send(
    entry: &OutboxEntry<Item>,
    photo: &Photo,
    file: &Blob,
    progress: impl Fn(f64) + 'static,
) -> Result<(), AppError> {
    let (sender, answer) = oneshot::channel();
    let sender = Rc::new(RefCell::new(Some(sender)));
    let finish = move |result| {
        if let Some(sender) = sender.borrow_mut().take() {
            drop(sender.send(result));
        }
    };
    if begin(entry, photo, file, progress, finish).is_err() {
        return Err(AppError::invalid("", "The browser could not send it."));
    }
    answer.await.unwrap_or(Err(AppError::Offline))
}

fn begin(
    entry: &OutboxEntry<Item>,
    photo: &Photo,
    file: &Blob,
    progress: impl Fn(f64) + 'static,
    finish: impl Fn(Result<(), AppError>) + Clone + 'static,
) -> Result<(), JsValue> {
    let data = FormData::new()?;
    data.append_with_str("request_id", &photo.request.to_string())?;
    data.append_with_str("ordinal", &photo.ordinal.to_string())?;
    let section = photo.section.map(|section| section.to_string()).unwrap_or_default();
    data.append_with_str("section", &section)?;
    data.append_with_blob_and_filename("photo", file, &photo.name)?;

    let request = XmlHttpRequest::new()?;
    request.open("POST", &format!("/inspections/{}/photos", entry.inspection))?;
    request.set_request_header("Accept", "application/json")?;
    request.set_request_header(PAGE_PERSON_HEADER, &entry.person.to_string())?;

    let on_progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            progress(event.loaded() / event.total());
        }
    });
    request.upload()?.set_onprogress(Some(on_progress.into_js_value().unchecked_ref()));

    let answered = {
        let (request, finish, id) = (request.clone(), finish.clone(), photo.request);
        Closure::once_into_js(move || finish(answer(&request, id)))
    };
    request.set_onload(Some(answered.unchecked_ref()));
    let lost = Closure::once_into_js(move || finish(Err(AppError::Offline)));
    request.set_onerror(Some(lost.unchecked_ref()));
    request.send_with_opt_form_data(Some(&data))
}

/// Parses the answer. Another server may have answered, such as a captive portal: only a body that
/// names the request confirms the photo, and only a body in this application's format refuses it.
fn answer(request: &XmlHttpRequest, id: Uuid) -> Result<(), AppError> {
    let text = request.response_text().ok().flatten().unwrap_or_default();
    let refused = || serde_json::from_str::<Refused>(&text).ok();
    match request.status().unwrap_or_default() {
        200..=299 => match serde_json::from_str::<Taken>(&text) {
            Ok(taken) if taken.request == id => Ok(()),
            _ => Err(AppError::Offline),
        },
        401 | 409 if refused().is_some() => Err(AppError::SignInNeeded),
        status @ 400..=499 => match refused() {
            Some(Refused { message }) if status != 429 => Err(AppError::invalid("", message)),
            Some(Refused { message }) => Err(AppError::TooMany { message, seconds: 10 }),
            None => Err(AppError::Offline),
        },
        _ => Err(AppError::Internal),
    }
}
