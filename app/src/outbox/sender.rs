//! Sending of one entry, and interpretation of the server's answer.

use super::{
    api::perform,
    photo_upload,
    work::{Item, Work},
};
use crate::error::AppError;
use domain::{
    change::Change,
    outbox::{Answer, Held, OutboxEntry, Refused},
};
use std::time::Duration;
use web_sys::Blob;

/// Server's answer, with the data a page needs.
pub(super) struct Answered {
    pub(super) answer: Answer,
    /// Changes recorded since the entry's trunk, oldest first.
    pub(super) news: Vec<Change>,
    /// Error that prevented the recording.
    pub(super) error: Option<AppError>,
}

/// Sends an entry and reports the fraction of a photo that is sent, from 0 to 1.
pub(super) async fn send(
    entry: &OutboxEntry<Item>,
    file: Option<Blob>,
    progress: impl Fn(f64) + 'static,
) -> Answered {
    let result = match (&entry.content.work, file) {
        (Work::Photo(photo), Some(file)) => {
            photo_upload::send(entry, photo, &file, progress).await.map(|()| Vec::new())
        }
        (Work::Photo(_), None) => {
            Err(AppError::invalid("", "The photo is no longer on this device. Attach it again."))
        }
        (work, _) => match work.mutation() {
            Some(mutation) => perform(entry.inspection, entry.trunk, entry.id, mutation).await,
            None => Err(AppError::invalid("", "This value cannot be read. Type it again.")),
        },
    };
    match result {
        Ok(news) => {
            let own = news.iter().rev().find(|change| change.request_id == entry.id).cloned();
            let answer = Answer::Recorded(own.map(Box::new));
            Answered { answer, news, error: None }
        }
        Err(error) => Answered { answer: answer(&error), news: Vec::new(), error: Some(error) },
    }
}

/// Maps an error to its meaning for the entry. Only an answer of this application can refuse an
/// entry.
fn answer(error: &AppError) -> Answer {
    let refused = |kind| Answer::Refused(Held { why: error.to_string(), kind });
    match error {
        AppError::Offline => Answer::Lost,
        AppError::SignInNeeded | AppError::SessionChanged { .. } => Answer::NotSignedIn,
        AppError::TooMany { seconds, .. } => Answer::TooEarly(Duration::from_secs(*seconds)),
        AppError::Unavailable | AppError::Internal => refused(Refused::Passing),
        AppError::Conflict { .. } => refused(Refused::Conflict),
        AppError::Unreadable(_)
        | AppError::Forbidden(_)
        | AppError::NotFound(_)
        | AppError::Invalid { .. } => refused(Refused::Invalid),
    }
}
