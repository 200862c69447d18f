//! Upload queue for photos: carries out the effects of its [`UploadList`]. It outlives its page:
//! queued photos are still sent, and a returning person sees the unfinished and refused ones.

use super::{
    page_state::InspectionPageState,
    queue::Queue,
    shrink,
    unload_guard::UnloadGuard,
    upload_list::{Upload, UploadEffect, UploadEvent, UploadList, UploadState},
};
use crate::effects::effect;
use crate::{
    error::AppError,
    outbox::{self, Outcome, PhotoPlace},
    request_id,
    ui::Toasts,
};
use domain::{
    id::{InspectionId, SectionId},
    text::isolate,
};
use leptos::{prelude::*, task::spawn_local};
use std::{
    cell::RefCell,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use uuid::Uuid;
use web_sys::{Blob, File};

thread_local! {
    /// Queues whose page was left before they were empty.
    static LEFT: RefCell<Vec<UploadQueue>> = const { RefCell::new(Vec::new()) };
}

/// Upload queue of one target; cheap to clone.
#[derive(Clone)]
pub(super) struct UploadQueue(Arc<Inner>);

struct Inner {
    to: To,
    reference: String,
    toasts: Toasts,
    items: ArcRwSignal<Vec<Item>>,
    /// Request id of the last attached photo.
    added: ArcRwSignal<Option<Uuid>>,
    state: Mutex<UploadQueueState>,
}

/// Target of the photos, and which of its two queues this is.
#[derive(Clone, Copy, PartialEq, Eq)]
struct To {
    inspection: InspectionId,
    section: Option<SectionId>,
    at_the_foot: bool,
}

#[derive(Default)]
struct UploadQueueState {
    list: UploadList,
    /// Mutation queue of the page that shows this queue; `None` once the page was left.
    queue: Option<Queue>,
    /// Guard against closing the tab, while photos would be lost.
    hold: Option<UnloadGuard>,
}

/// Photo in the queue, as it is shown.
#[derive(Clone)]
pub(super) struct Item {
    pub(super) key: u32,
    pub(super) name: String,
    /// Fraction sent, from 0 to 1; `None` while the server processes it.
    pub(super) progress: ArcRwSignal<Option<f64>>,
    pub(super) state: ArcRwSignal<UploadState>,
}

impl UploadQueue {
    /// Opens the queue of a target: an unfinished one of an earlier page, or a new one.
    pub(super) fn open(
        page_state: InspectionPageState,
        section: Option<SectionId>,
        at_the_foot: bool,
    ) -> Self {
        let to = To { inspection: page_state.id(), section, at_the_foot };
        let left = LEFT.with_borrow_mut(|all| {
            let at = all.iter().position(|upload_queue| upload_queue.0.to == to)?;
            Some(all.remove(at))
        });
        let upload_queue = left.unwrap_or_else(|| {
            Self(Arc::new(Inner {
                to,
                reference: page_state.inspection.with_untracked(|it| it.reference.clone()),
                toasts: page_state.toasts,
                items: ArcRwSignal::default(),
                added: ArcRwSignal::default(),
                state: Mutex::default(),
            }))
        });
        upload_queue.state().queue = Some(page_state.queue());
        upload_queue.dispatch(UploadEvent::Opened);
        let opened = upload_queue.clone();
        effect(move || {
            let opened = opened.clone();
            on_cleanup(move || {
                opened.dispatch(UploadEvent::Left);
                opened.state().queue = None;
            });
        });
        upload_queue
    }

    pub(super) fn items(&self) -> Vec<Item> {
        self.0.items.get()
    }

    /// Returns the request id of the last photo attached while the page was open.
    pub(super) fn added(&self) -> Option<Uuid> {
        self.0.added.get()
    }

    /// Attaches files in order, under one request id. Files that are too large are scaled down
    /// first.
    pub(super) fn add(&self, files: Vec<File>) {
        self.add_to(self.0.to.section, files);
    }

    /// Attaches files to a different section than the queue's own.
    pub(super) fn add_to(&self, section: Option<SectionId>, files: Vec<File>) {
        let first = self.state().list.next_key();
        let names = files.iter().map(File::name).collect();
        self.dispatch(UploadEvent::Added { section, request: request_id::new(), names });
        let upload_queue = self.clone();
        spawn_local(async move {
            for (key, file) in (first..).zip(files) {
                match shrink::fit(file).await {
                    Ok(file) => upload_queue.prepared(key, file),
                    Err(trouble) => {
                        upload_queue.dispatch(UploadEvent::Prepared(key, Err(trouble.into())));
                    }
                }
            }
        });
    }

    /// Sends a photo again, or repeats the load of its change.
    pub(super) fn retry(&self, key: u32) {
        self.dispatch(UploadEvent::Retried(key));
    }

    /// Removes a photo from the queue.
    pub(super) fn forget(&self, key: u32) {
        self.dispatch(UploadEvent::Dismissed(key));
    }

    /// Puts a prepared photo into the outbox, unless it was dismissed.
    fn prepared(&self, key: u32, (name, file): (String, Blob)) {
        let mut photo = Some((name, file));
        for effect in self.step(UploadEvent::Prepared(key, Ok(()))) {
            match (effect, photo.take()) {
                (UploadEffect::Attach(upload), Some((name, file))) => {
                    self.attach(&upload, name, file);
                }
                (effect, kept) => {
                    photo = kept;
                    self.carry_out(effect);
                }
            }
        }
    }

    fn attach(&self, upload: &Upload, name: String, file: Blob) {
        let (key, inspection) = (upload.key, self.0.to.inspection);
        let Upload { section, request, ordinal, .. } = *upload;
        let place = PhotoPlace { inspection, section, request, ordinal };
        let sending = self.clone();
        let tell = move |sent: f64| sending.dispatch(UploadEvent::Progressed(key, sent));
        let answered = self.clone();
        let watch = move |outcome: &Outcome| match outcome {
            Outcome::Recorded { .. } => answered.dispatch(UploadEvent::Recorded(key)),
            Outcome::Refused(error) => {
                answered.dispatch(UploadEvent::Refused(key, error.clone()));
            }
            Outcome::Replaced => {}
        };
        let entry = outbox::attach(place, name, file, tell, watch);
        self.dispatch(UploadEvent::Attached(key, entry));
    }

    fn step(&self, event: UploadEvent) -> Vec<UploadEffect> {
        let mut state = self.state();
        let (list, effects) = std::mem::take(&mut state.list).step(event);
        state.list = list;
        effects
    }

    /// Processes an event and carries out its effects.
    fn dispatch(&self, event: UploadEvent) {
        for effect in self.step(event) {
            self.carry_out(effect);
        }
    }

    fn carry_out(&self, effect: UploadEffect) {
        match effect {
            UploadEffect::Show => self.show(),
            // `prepared` does this, because it has the file.
            UploadEffect::Attach(_) => {}
            UploadEffect::Retry(entry) => outbox::retry(entry),
            UploadEffect::Discard(entry) => outbox::discard(entry),
            UploadEffect::Release(entry) => outbox::release(entry),
            UploadEffect::CatchUp(key) => {
                let queue = self.state().queue.clone();
                let upload_queue = self.clone();
                if let Some(queue) = queue {
                    queue.catch_up(Box::new(move |result| {
                        upload_queue.dispatch(UploadEvent::CaughtUp(key, result.map(drop)));
                    }));
                }
            }
            UploadEffect::ShowAdded(request) => self.0.added.set(Some(request)),
            UploadEffect::Guard(holds) => {
                let mut state = self.state();
                if state.hold.is_some() != holds {
                    state.hold = holds.then(UnloadGuard::new);
                }
            }
            UploadEffect::Keep => LEFT.with_borrow_mut(|all| all.push(self.clone())),
            UploadEffect::Drop => {
                LEFT.with_borrow_mut(|all| {
                    all.retain(|upload_queue| upload_queue.0.to != self.0.to)
                });
            }
            UploadEffect::Report(refused) => self.report(&refused),
        }
    }

    /// Updates the signals of the list and of its photos.
    fn show(&self) {
        let uploads = self.state().list.uploads().to_vec();
        let before = self.0.items.get_untracked();
        let item = |upload: &Upload| {
            let known = before.iter().find(|item| item.key == upload.key);
            known.cloned().unwrap_or_else(|| Item {
                key: upload.key,
                name: upload.name.clone(),
                progress: ArcRwSignal::new(upload.progress),
                state: ArcRwSignal::new(upload.state.clone()),
            })
        };
        let items: Vec<_> = uploads.iter().map(item).collect();
        for (item, upload) in items.iter().zip(uploads) {
            if item.progress.get_untracked() != upload.progress {
                item.progress.set(upload.progress);
            }
            if item.state.with_untracked(|state| *state != upload.state) {
                item.state.set(upload.state);
            }
        }
        if !items.iter().map(|item| item.key).eq(before.iter().map(|item| item.key)) {
            self.0.items.set(items);
        }
    }

    /// Reports refused photos once all uploads of a left page have finished.
    fn report(&self, refused: &[(String, AppError)]) {
        let reference = &self.0.reference;
        let said = match refused {
            [] => return,
            [(name, error)] => {
                format!("{} was not attached to {reference}. {error}", isolate(name))
            }
            [(_, error), ..] => {
                format!("{} photos were not attached to {reference}. {error}", refused.len())
            }
        };
        let To { inspection, section, .. } = self.0.to;
        let place = match section {
            Some(section) => format!("section-{section}"),
            None => "inspection-photos".into(),
        };
        self.0.toasts.lead(said, format!("/inspections/{inspection}#{place}"));
    }

    fn state(&self) -> MutexGuard<'_, UploadQueueState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
