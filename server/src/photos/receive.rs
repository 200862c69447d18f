//! Streaming parser of forms with photos, one file at a time.

use super::spool::Spool;
use crate::state::AppState;
use app::error::AppError;
use axum::extract::{Multipart, multipart::Field};
use domain::{
    id::SectionId,
    inspection::{MAX_PHOTO_BYTES, Photo, PhotoError},
    text::normal_line,
};
use service::photos::{Picture, keep};
use std::io;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Number of files in memory at once, from the last received byte to the response of the object store; about
/// 200 MB for files of 25 MB.
static IN_MEMORY: Semaphore = Semaphore::const_new(8);

/// Content of a form, with its files stored or refused.
#[derive(Debug, Default)]
pub(super) struct Received {
    /// Request id.
    pub(super) request: Option<Uuid>,
    /// Ordinal of the first photo in the request, where it is not 1.
    pub(super) ordinal: Option<i64>,
    /// Section of the photos.
    pub(super) section: Option<SectionId>,
    /// Caption of the photos.
    pub(super) caption: String,
    /// Stored photos.
    pub(super) photos: Vec<Photo>,
    /// Errors of the refused files.
    pub(super) refused: Vec<PhotoError>,
}

/// Reads the form and stores its photos. A refused form is also read to its end.
pub(super) async fn receive(state: &AppState, mut form: Multipart) -> Result<Received, AppError> {
    let received = read(state, &mut form).await;
    if received.is_err() {
        pass_over(form).await;
    }
    received
}

async fn read(state: &AppState, form: &mut Multipart) -> Result<Received, AppError> {
    let mut received = Received::default();
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        match field.name().unwrap_or_default() {
            "request_id" => {
                let id = text(field).await?.parse().map_err(|_| {
                    AppError::Unreadable(
                        "The form's hidden field “request_id” cannot be read. Load the page again, \
                         and choose the photos once more."
                            .into(),
                    )
                })?;
                received.request = Some(id);
            }
            "ordinal" => {
                let ordinal = text(field).await?;
                let ordinal = ordinal.parse().ok().filter(|ordinal| *ordinal > 0);
                received.ordinal = Some(ordinal.ok_or_else(|| {
                    AppError::Unreadable(
                        "The form's hidden field “ordinal” cannot be read. Load the page again, and \
                         choose the photos once more."
                            .into(),
                    )
                })?);
            }
            "section" => {
                let section = text(field).await?;
                received.section =
                    match section.trim() {
                        "" => None,
                        id => Some(id.parse().map_err(|_| {
                            AppError::invalid("section", "There is no such section.")
                        })?),
                    };
            }
            "caption" => received.caption = text(field).await?,
            "photo" => match photo(state, field).await? {
                Some(Ok(photo)) => received.photos.push(photo),
                Some(Err(trouble)) => received.refused.push(trouble),
                None => {}
            },
            _ => {}
        }
    }
    Ok(received)
}

/// Receives and stores one photo; `None` if no file was chosen.
async fn photo(
    state: &AppState,
    field: Field<'_>,
) -> Result<Option<Result<Photo, PhotoError>>, AppError> {
    let (name, file) = match spooled(field).await? {
        Some(Ok(spooled)) => spooled,
        Some(Err(trouble)) => return Ok(Some(Err(trouble))),
        None => return Ok(None),
    };
    let _in_memory = IN_MEMORY.acquire().await.ok();
    let bytes = file.into_bytes().await.map_err(|error| not_spooled(&error))?;
    let picture = match Picture::read_in_turn(name, bytes.clone()).await {
        Ok(picture) => picture,
        Err(trouble) => return Ok(Some(Err(trouble))),
    };
    keep(state.store.objects(), &picture, bytes).await.map_err(store::Error::from)?;
    Ok(Some(Ok(picture.photo)))
}

/// Receives the file of a picture; returns its name and content, or its error. `None` if no file was chosen.
pub(crate) async fn spooled(
    mut field: Field<'_>,
) -> Result<Option<Result<(String, Spool), PhotoError>>, AppError> {
    let sent = field.file_name().unwrap_or_default();
    // Browsers send a file without name and content if none was chosen.
    let (name, was_chosen) = (file_name(sent), !sent.is_empty());
    let largest = usize::try_from(MAX_PHOTO_BYTES).unwrap_or(usize::MAX);
    let mut file = Spool::default();
    let mut too_large = false;
    // The rest of a file that is too large is discarded, so that the browser gets the response and the next
    // file is received.
    while let Some(chunk) = field.chunk().await.map_err(|_| broken())? {
        too_large |= file.length() + chunk.len() > largest;
        if too_large {
            file = Spool::default();
        } else {
            file.push(&chunk).await.map_err(|error| not_spooled(&error))?;
        }
    }
    if too_large {
        return Ok(Some(Err(PhotoError::TooLarge(name))));
    }
    if file.length() == 0 {
        return Ok(was_chosen.then_some(Err(PhotoError::Empty(name))));
    }
    Ok(Some(Ok((name, file))))
}

/// Reads and discards the rest of a form, because a browser shows the response only after it has sent all.
pub(crate) async fn pass_over(mut form: Multipart) {
    while let Ok(Some(mut field)) = form.next_field().await {
        while let Ok(Some(_)) = field.chunk().await {}
    }
}

/// Reads the text of a field.
pub(crate) async fn text(mut field: Field<'_>) -> Result<String, AppError> {
    const MAX_CHARACTERS: usize = 10_000;
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| broken())? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_CHARACTERS {
            return Err(AppError::invalid("caption", "This is too long."));
        }
    }
    String::from_utf8(bytes).map_err(|_| broken())
}

pub(crate) fn not_spooled(error: &io::Error) -> AppError {
    tracing::error!(%error, folder = %std::env::temp_dir().display(), "a photo cannot be spooled");
    AppError::Internal
}

pub(crate) fn broken() -> AppError {
    AppError::invalid("photo", "The upload broke off. Please try again.")
}

/// Returns a valid file name, without the folders that some browsers send, within the length limit.
fn file_name(sent: &str) -> String {
    const MAX_CHARACTERS: usize = 200;
    let name = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    // Browsers escape only these three (WHATWG HTML, "multipart/form-data encoding algorithm").
    let name = name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
    let name = normal_line(&name);
    let too_many = name.chars().count().saturating_sub(MAX_CHARACTERS);
    // The end is kept, because it has the file's extension.
    let name: String = name.chars().skip(too_many).collect();
    if name.is_empty() { "photo".into() } else { name }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_name_is_no_path() {
        assert_eq!(file_name("C:\\photos\\roof 1.jpg"), "roof 1.jpg");
        assert_eq!(file_name("../../etc/pass\u{1}wd"), "passwd");
        assert_eq!(file_name("%22north%22 wall.jpg"), "\"north\" wall.jpg");
        assert_eq!(file_name("Cafe\u{301}.jpg"), "Caf\u{e9}.jpg");
        assert_eq!(file_name("\u{200b}"), "photo");
        assert_eq!(file_name(""), "photo");
        assert!(file_name(&format!("{}.jpg", "x".repeat(300))).ends_with("xx.jpg"));
        assert_eq!(file_name(&"x".repeat(300)).len(), 200);
    }
}
