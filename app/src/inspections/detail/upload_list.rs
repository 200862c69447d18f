//! Photos that are being attached to an inspection or section, as a state machine without I/O.
//!
//! [`UploadList::step`] takes an [`UploadEvent`] and returns the [`UploadEffect`]s that its caller
//! carries out; the outbox decides when a photo is sent. Its rules: a photo stays listed until the
//! page shows it or a person dismisses it; photos that may still be attached outlive the page, and
//! the next page of the same target lists them again; those refused after the page was left are
//! reported once none is on its way.

use crate::error::AppError;
use domain::id::SectionId;
use uuid::Uuid;

/// Photos of one target, in the order in which they were chosen.
#[derive(Clone, Debug, Default)]
pub(super) struct UploadList {
    uploads: Vec<Upload>,
    last: u32,
    /// Whether a page shows the list.
    is_shown: bool,
}

/// A photo that is being attached.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Upload {
    /// Its number in the list.
    pub(super) key: u32,
    pub(super) name: String,
    /// Target section; `None` for the inspection as a whole.
    pub(super) section: Option<SectionId>,
    /// Request id, shared by the photos that were chosen together.
    pub(super) request: Uuid,
    /// Position among the photos that were chosen together, from 1.
    pub(super) ordinal: i64,
    /// Fraction sent, from 0 to 1; `None` while the server processes it.
    pub(super) progress: Option<f64>,
    pub(super) state: UploadState,
    /// Outbox entry, once it exists.
    entry: Option<Uuid>,
}

/// State of a photo.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum UploadState {
    Waiting,
    Sending,
    /// Not attached.
    Refused(AppError),
    /// Attached, but the page could not load the change.
    Unseen(AppError),
}

/// Input of the state machine.
#[derive(Clone, Debug)]
pub(super) enum UploadEvent {
    /// A page shows the list.
    Opened,
    /// The page was left.
    Left,
    /// Files were chosen together; their keys start with [`UploadList::next_key`].
    Added { section: Option<SectionId>, request: Uuid, names: Vec<String> },
    /// The file is ready to be sent, or the browser could not prepare it.
    Prepared(u32, Result<(), AppError>),
    /// The photo has this entry in the outbox.
    Attached(u32, Uuid),
    /// This fraction of the photo is sent, from 0 to 1.
    Progressed(u32, f64),
    /// The server recorded the photo.
    Recorded(u32),
    /// The server refused the photo.
    Refused(u32, AppError),
    /// Result of [`UploadEffect::CatchUp`].
    CaughtUp(u32, Result<(), AppError>),
    /// The person asked to try again.
    Retried(u32),
    /// The person dismissed the photo.
    Dismissed(u32),
}

/// Output of the state machine, to be carried out by its caller in order.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum UploadEffect {
    /// Show [`UploadList::uploads`].
    Show,
    /// Put the photo into the outbox, and send [`UploadEvent::Attached`].
    Attach(Upload),
    /// Send the refused entry again.
    Retry(Uuid),
    /// Discard the entry.
    Discard(Uuid),
    /// Let the banner show the refused entry.
    Release(Uuid),
    /// Load the change of the photo, and send [`UploadEvent::CaughtUp`].
    CatchUp(u32),
    /// Show that the photos of this request were added.
    ShowAdded(Uuid),
    /// Guard the tab against closing, or no longer.
    Guard(bool),
    /// Keep the list for the next page of its target.
    Keep,
    /// No longer keep the list.
    Drop,
    /// Report the refused photos of a page that was left: names and errors.
    Report(Vec<(String, AppError)>),
}

impl UploadState {
    const fn is_on_its_way(&self) -> bool {
        matches!(self, Self::Waiting | Self::Sending)
    }

    /// Returns whether the photo may still be attached unchanged.
    fn has_hope(&self) -> bool {
        match self {
            Self::Waiting | Self::Sending => true,
            Self::Refused(error) => error.is_passing(),
            Self::Unseen(_) => false,
        }
    }
}

impl UploadList {
    /// Returns the photos in the order in which they were chosen.
    pub(super) fn uploads(&self) -> &[Upload] {
        &self.uploads
    }

    /// Returns the key of the next photo.
    pub(super) const fn next_key(&self) -> u32 {
        self.last + 1
    }

    /// Processes an event and returns the new state with the effects to carry out.
    #[must_use]
    pub(super) fn step(mut self, event: UploadEvent) -> (Self, Vec<UploadEffect>) {
        let mut effects = Vec::new();
        let out = &mut effects;
        match event {
            UploadEvent::Opened => {
                self.is_shown = true;
                return (self, effects);
            }
            UploadEvent::Left => self.leave(out),
            UploadEvent::Added { section, request, names } => {
                for (ordinal, name) in (1..).zip(names) {
                    self.last += 1;
                    let (key, progress, state) = (self.last, Some(0.0), UploadState::Waiting);
                    let entry = None;
                    let upload =
                        Upload { key, name, section, request, ordinal, progress, state, entry };
                    self.uploads.push(upload);
                }
            }
            UploadEvent::Prepared(key, Ok(())) => {
                // The photo may have been dismissed meanwhile.
                out.extend(self.find(key).map(|it| UploadEffect::Attach(it.clone())));
            }
            UploadEvent::Attached(key, entry) => {
                if let Some(upload) = self.find(key) {
                    upload.entry = Some(entry);
                }
            }
            UploadEvent::Progressed(key, sent) => {
                if let Some(upload) = self.find(key) {
                    upload.state = UploadState::Sending;
                    // Once everything is sent, the server processes the photo.
                    upload.progress = Some(sent).filter(|sent| *sent < 1.0);
                }
            }
            UploadEvent::Recorded(key) => self.recorded(key, out),
            UploadEvent::Prepared(key, Err(error)) | UploadEvent::Refused(key, error) => {
                self.set_state(key, UploadState::Refused(error));
            }
            UploadEvent::CaughtUp(key, Ok(())) => {
                if let Some(upload) = self.remove(key) {
                    out.push(UploadEffect::ShowAdded(upload.request));
                }
            }
            UploadEvent::CaughtUp(key, Err(error)) => {
                self.set_state(key, UploadState::Unseen(error));
            }
            UploadEvent::Retried(key) => match self.find(key).map(|it| (&it.state, it.entry)) {
                Some((UploadState::Unseen(_), _)) => self.recorded(key, out),
                Some((_, Some(entry))) => {
                    self.set_state(key, UploadState::Waiting);
                    out.push(UploadEffect::Retry(entry));
                }
                // The browser refused the file, so a retry would fail again.
                _ => {}
            },
            UploadEvent::Dismissed(key) => {
                let entry = self.remove(key).and_then(|upload| upload.entry);
                out.extend(entry.map(UploadEffect::Discard));
            }
        }
        self.rest(out);
        (self, effects)
    }

    /// Handles an attached photo: it leaves the list once the page shows it.
    fn recorded(&mut self, key: u32, out: &mut Vec<UploadEffect>) {
        if !self.is_shown {
            self.remove(key);
        } else if self.set_state(key, UploadState::Sending) {
            out.push(UploadEffect::CatchUp(key));
        }
    }

    /// Handles leaving the page: photos that may still be attached stay in the list.
    fn leave(&mut self, out: &mut Vec<UploadEffect>) {
        self.is_shown = false;
        let hopeless = self.uploads.iter().filter(|upload| !upload.state.has_hope());
        out.extend(hopeless.filter_map(|upload| upload.entry).map(UploadEffect::Release));
        self.uploads.retain(|upload| upload.state.has_hope());
        if !self.uploads.is_empty() {
            out.push(UploadEffect::Keep);
        }
    }

    /// Guards the tab while photos would be lost. Once the page was left and no photo is on its way,
    /// reports the refused ones.
    fn rest(&self, out: &mut Vec<UploadEffect>) {
        let any = |wanted: fn(&UploadState) -> bool| {
            self.uploads.iter().any(|upload| wanted(&upload.state))
        };
        out.push(UploadEffect::Show);
        out.push(UploadEffect::Guard(any(UploadState::has_hope)));
        if self.is_shown || any(UploadState::is_on_its_way) {
            return;
        }
        let refused = self.uploads.iter().filter_map(|upload| match &upload.state {
            UploadState::Refused(error) => Some((upload.name.clone(), error.clone())),
            _ => None,
        });
        let refused: Vec<_> = refused.collect();
        out.push(match refused.is_empty() {
            true => UploadEffect::Drop,
            false => UploadEffect::Report(refused),
        });
    }

    fn find(&mut self, key: u32) -> Option<&mut Upload> {
        self.uploads.iter_mut().find(|upload| upload.key == key)
    }

    /// Sets the state of a photo and returns whether it is still listed.
    fn set_state(&mut self, key: u32, state: UploadState) -> bool {
        let upload = self.find(key);
        let is_listed = upload.is_some();
        if let Some(upload) = upload {
            upload.state = state;
        }
        is_listed
    }

    fn remove(&mut self, key: u32) -> Option<Upload> {
        let at = self.uploads.iter().position(|upload| upload.key == key)?;
        Some(self.uploads.remove(at))
    }
}

#[cfg(test)]
mod tests;
