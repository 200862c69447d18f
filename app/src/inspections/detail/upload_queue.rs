//! Upload queue for photos. It outlives its page: queued photos are still sent, and a returning
//! person sees the unfinished and refused ones.

use super::{page_state::InspectionPageState, queue::Queue, shrink, unload_guard::UnloadGuard};
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
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
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
    last: AtomicU32,
    state: Mutex<UploadQueueOwner>,
}

/// Target of the photos, and which of its two queues this is.
#[derive(Clone, Copy, PartialEq, Eq)]
struct To {
    inspection: InspectionId,
    section: Option<SectionId>,
    at_the_foot: bool,
}

#[derive(Default)]
struct UploadQueueOwner {
    /// Mutation queue of the page that shows this queue; `None` once the page was left.
    queue: Option<Queue>,
    /// Guard against closing the tab, while photos would be lost.
    hold: Option<UnloadGuard>,
}

/// Photo in the queue.
#[derive(Clone)]
pub(super) struct Item {
    pub(super) key: u32,
    pub(super) name: String,
    /// Target section; `None` for the inspection as a whole.
    section: Option<SectionId>,
    request: Uuid,
    /// Position among the files that were added together, from 1.
    ordinal: i64,
    /// Fraction sent, from 0 to 1; `None` while the server processes it.
    pub(super) progress: ArcRwSignal<Option<f64>>,
    pub(super) state: ArcRwSignal<State>,
    /// Outbox entry, once it exists.
    entry: ArcRwSignal<Option<Uuid>>,
}

/// State of a photo.
#[derive(Clone, PartialEq)]
pub(super) enum State {
    Waiting,
    Sending,
    /// Not attached.
    Refused(AppError),
    /// Attached, but the page could not load the change.
    Unseen(AppError),
}

impl State {
    fn is_on_its_way(&self) -> bool {
        matches!(self, Self::Waiting | Self::Sending)
    }

    /// Returns whether it may still be attached unchanged.
    fn has_hope(&self) -> bool {
        match self {
            Self::Waiting | Self::Sending => true,
            Self::Refused(error) => error.is_passing(),
            Self::Unseen(_) => false,
        }
    }
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
                last: AtomicU32::new(0),
                state: Mutex::default(),
            }))
        });
        upload_queue.state().queue = Some(page_state.queue());
        let opened = upload_queue.clone();
        Effect::new(move || {
            let opened = opened.clone();
            on_cleanup(move || opened.leave());
        });
        upload_queue
    }

    pub(super) fn items(&self) -> Vec<Item> {
        self.0.items.get()
    }

    /// Attaches files in order, under one request id. Files that are too large are scaled down
    /// first.
    pub(super) fn add(&self, files: Vec<File>) {
        self.add_to(self.0.to.section, files);
    }

    /// Returns the request id of the last photo attached while the page was open.
    pub(super) fn added(&self) -> Option<Uuid> {
        self.0.added.get()
    }

    /// Attaches files to a different section than the queue's own.
    pub(super) fn add_to(&self, section: Option<SectionId>, files: Vec<File>) {
        let request = request_id::new();
        let item = |(nth, file): (i64, &File)| Item {
            key: self.0.last.fetch_add(1, Relaxed),
            name: file.name(),
            section,
            request,
            ordinal: nth,
            progress: ArcRwSignal::new(Some(0.0)),
            state: ArcRwSignal::new(State::Waiting),
            entry: ArcRwSignal::new(None),
        };
        let items: Vec<_> = (1..).zip(&files).map(item).collect();
        self.0.items.update(|all| all.extend(items.iter().cloned()));
        self.go_on();
        let upload_queue = self.clone();
        spawn_local(async move {
            for (item, file) in items.into_iter().zip(files) {
                match shrink::fit(file).await {
                    // The photo may have been dismissed meanwhile.
                    Ok(_) if !upload_queue.holds(item.key) => {}
                    Ok((name, file)) => upload_queue.attach(item, name, file),
                    Err(trouble) => {
                        item.state.set(State::Refused(trouble.into()));
                        upload_queue.go_on();
                    }
                }
            }
        });
    }

    fn holds(&self, key: u32) -> bool {
        self.0.items.with_untracked(|items| items.iter().any(|item| item.key == key))
    }

    fn attach(&self, item: Item, name: String, file: Blob) {
        let inspection = self.0.to.inspection;
        let place = PhotoPlace {
            inspection,
            section: item.section,
            request: item.request,
            ordinal: item.ordinal,
        };
        let (upload_queue, sent) = (self.clone(), item.clone());
        let (progress, state) = (item.progress.clone(), item.state.clone());
        let tell = move |sent: f64| {
            if state.get_untracked() != State::Sending {
                state.set(State::Sending);
            }
            // Everything is sent, and the server is processing the photo.
            progress.set(Some(sent).filter(|sent| *sent < 1.0));
        };
        let watch = move |outcome: &Outcome| match outcome {
            Outcome::Recorded { .. } => upload_queue.attached(&sent),
            Outcome::Refused(error) => {
                sent.state.set(State::Refused(error.clone()));
                upload_queue.go_on();
            }
            Outcome::Replaced => {}
        };
        let entry = outbox::attach(place, name, file, tell, watch);
        item.entry.set(Some(entry));
    }

    /// Sends a photo again, or repeats the load of its change.
    pub(super) fn retry(&self, item: &Item) {
        match (item.state.get_untracked(), item.entry.get_untracked()) {
            (State::Unseen(_), _) => self.attached(item),
            (_, Some(entry)) => {
                item.state.set(State::Waiting);
                outbox::retry(entry);
                self.go_on();
            }
            // The browser refused the file, so a retry would fail again.
            (_, None) => {}
        }
    }

    /// Removes a photo from the queue.
    pub(super) fn forget(&self, key: u32) {
        self.0.items.update(|items| {
            for item in items.iter().filter(|item| item.key == key) {
                item.entry.get_untracked().into_iter().for_each(outbox::discard);
            }
            items.retain(|item| item.key != key);
        });
        self.go_on();
    }

    /// Updates the guard against closing the tab. Once the page was left and all uploads have
    /// finished, reports the failed ones.
    fn go_on(&self) {
        let items = self.0.items.get_untracked();
        let any =
            |wanted: fn(&State) -> bool| items.iter().any(|item| item.state.with_untracked(wanted));
        let mut state = self.state();
        state.hold = any(State::has_hope).then(UnloadGuard::new);
        let rests = state.queue.is_none() && !any(State::is_on_its_way);
        drop(state);
        if rests {
            self.tell();
        }
    }

    /// Handles an attached photo: it leaves the queue once the page shows it.
    fn attached(&self, item: &Item) {
        let queue = self.state().queue.clone();
        let Some(queue) = queue else { return self.forget(item.key) };
        item.state.set(State::Sending);
        let (upload_queue, item) = (self.clone(), item.clone());
        queue.catch_up(Box::new(move |result| match result {
            Ok(_) => {
                upload_queue.forget(item.key);
                upload_queue.0.added.set(Some(item.request));
            }
            Err(error) => {
                item.state.set(State::Unseen(error));
                upload_queue.go_on();
            }
        }));
    }

    /// Handles leaving the page: photos that may still be attached stay in the queue.
    fn leave(&self) {
        self.state().queue = None;
        self.0.items.update(|items| {
            let hopeless = |item: &&Item| !item.state.with_untracked(State::has_hope);
            for item in items.iter().filter(hopeless) {
                item.entry.get_untracked().into_iter().for_each(outbox::release);
            }
            items.retain(|item| item.state.with_untracked(State::has_hope));
        });
        if self.0.items.with_untracked(Vec::is_empty) {
            return;
        }
        LEFT.with_borrow_mut(|all| all.push(self.clone()));
        self.go_on();
    }

    /// Reports refused photos once all uploads of a left page have finished.
    fn tell(&self) {
        let items = self.0.items.get_untracked();
        let refused: Vec<_> = items
            .iter()
            .filter_map(|item| match item.state.get_untracked() {
                State::Refused(error) => Some((&item.name, error)),
                _ => None,
            })
            .collect();
        let reference = &self.0.reference;
        let said = match &refused[..] {
            [] => {
                return LEFT.with_borrow_mut(|all| {
                    all.retain(|upload_queue| upload_queue.0.to != self.0.to)
                });
            }
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

    fn state(&self) -> MutexGuard<'_, UploadQueueOwner> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
