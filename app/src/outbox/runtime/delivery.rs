//! Sending of an entry of this page's outbox.

use super::{dispatch, subscribers, with};
use crate::outbox::{
    disk,
    sender::{self, Answered},
    work::{Photo, Work},
};
use domain::outbox::Event;
use uuid::Uuid;
use web_sys::Blob;

/// Sends an entry and processes the server's answer.
pub(super) async fn send(id: Uuid) {
    let found = with(|running| {
        let entry = running.entry(id)?.clone();
        Some((entry, running.files.get(&id).cloned(), running.subscribers.progress(id)))
    });
    let Some((entry, file, progress)) = found.flatten() else { return };
    let file = match (&entry.content.work, file) {
        (Work::Photo(photo), None) => stored_file(id, photo).await,
        (_, file) => file,
    };
    let tell = move |sent| {
        if let Some(progress) = &progress {
            progress(sent);
        }
    };
    let Answered { answer, news, error } = sender::send(&entry, file, tell).await;
    dispatch(Event::Answered(id, answer.clone()));
    subscribers::report_answer(&entry, &answer, news, error);
}

/// Loads the photo of an entry that an earlier page stored.
async fn stored_file(id: Uuid, photo: &Photo) -> Option<Blob> {
    let bytes = disk::bytes(id).await.ok()?;
    let untyped = Blob::new_with_u8_array_sequence(&js_sys::Array::of1(&bytes)).ok()?;
    let (size, kind) = (untyped.size(), &photo.media_type);
    untyped.slice_with_f64_and_f64_and_content_type(0.0, size, kind).ok()
}
