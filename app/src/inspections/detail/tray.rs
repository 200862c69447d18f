//! Photos on their way to one place. A tray outlives its page: what waits in it is still sent, and
//! whoever comes back finds in it what is not there yet, and what was refused.

use super::{desk::Desk, hold::Hold, queue::Queue, shrink};
use crate::{
    error::AppError,
    outbox::{self, Outcome},
    request_id,
    ui::Toasts,
};
use domain::{InspectionId, SectionId, isolate};
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
    /// Those whose page was left before they were empty.
    static LEFT: RefCell<Vec<Tray>> = const { RefCell::new(Vec::new()) };
}

/// Cheap to clone.
#[derive(Clone)]
pub(super) struct Tray(Arc<Inner>);

struct Inner {
    to: To,
    reference: String,
    toasts: Toasts,
    items: ArcRwSignal<Vec<Item>>,
    /// The request of the photo that was attached last.
    added: ArcRwSignal<Option<Uuid>>,
    last: AtomicU32,
    state: Mutex<Open>,
}

/// Where photos go, and which of the two trays for that place it is.
#[derive(Clone, Copy, PartialEq, Eq)]
struct To {
    inspection: InspectionId,
    section: Option<SectionId>,
    at_the_foot: bool,
}

#[derive(Default)]
struct Open {
    /// The queue of the page that shows the tray; none once it was left.
    queue: Option<Queue>,
    /// There while closing the tab would lose something.
    hold: Option<Hold>,
}

/// A file in a tray.
#[derive(Clone)]
pub(super) struct Item {
    pub(super) key: u32,
    pub(super) name: String,
    /// The section it goes to, or none for the inspection as a whole.
    section: Option<SectionId>,
    request: Uuid,
    /// How much of it is sent, from 0 to 1; none while the server looks at it.
    pub(super) progress: ArcRwSignal<Option<f64>>,
    pub(super) state: ArcRwSignal<State>,
    /// Its entry in the outbox, once it is there.
    entry: ArcRwSignal<Option<Uuid>>,
}

/// How a file stands.
#[derive(Clone, PartialEq)]
pub(super) enum State {
    Waiting,
    Sending,
    /// It is not attached.
    Refused(AppError),
    /// It is attached, but the page could not fetch it.
    Unseen(AppError),
}

impl State {
    fn is_on_its_way(&self) -> bool {
        matches!(self, Self::Waiting | Self::Sending)
    }

    /// Whether it can still be attached as it is.
    fn has_hope(&self) -> bool {
        match self {
            Self::Waiting | Self::Sending => true,
            Self::Refused(error) => error.is_passing(),
            Self::Unseen(_) => false,
        }
    }
}

impl Tray {
    /// The tray of a place on the page: the one that was left there before, if it is not empty yet.
    pub(super) fn open(desk: Desk, section: Option<SectionId>, at_the_foot: bool) -> Self {
        let to = To { inspection: desk.id(), section, at_the_foot };
        let left = LEFT.with_borrow_mut(|all| {
            let at = all.iter().position(|tray| tray.0.to == to)?;
            Some(all.remove(at))
        });
        let tray = left.unwrap_or_else(|| {
            Self(Arc::new(Inner {
                to,
                reference: desk.inspection.with_untracked(|it| it.reference.clone()),
                toasts: desk.toasts,
                items: ArcRwSignal::default(),
                added: ArcRwSignal::default(),
                last: AtomicU32::new(0),
                state: Mutex::default(),
            }))
        });
        tray.state().queue = Some(desk.queue());
        let opened = tray.clone();
        Effect::new(move || {
            let opened = opened.clone();
            on_cleanup(move || opened.leave());
        });
        tray
    }

    pub(super) fn items(&self) -> Vec<Item> {
        self.0.items.get()
    }

    /// Attaches the files in their order; all that are added together are one request. One that is too
    /// large is made smaller first.
    pub(super) fn add(&self, files: Vec<File>) {
        self.add_to(self.0.to.section, files);
    }

    /// The request of the photo that was attached last while the page was open.
    pub(super) fn added(&self) -> Option<Uuid> {
        self.0.added.get()
    }

    /// The same to another place than the tray's own.
    pub(super) fn add_to(&self, section: Option<SectionId>, files: Vec<File>) {
        let request = request_id::new();
        let item = |file: &File| Item {
            key: self.0.last.fetch_add(1, Relaxed),
            name: file.name(),
            section,
            request,
            progress: ArcRwSignal::new(Some(0.0)),
            state: ArcRwSignal::new(State::Waiting),
            entry: ArcRwSignal::new(None),
        };
        let items: Vec<_> = files.iter().map(item).collect();
        self.0.items.update(|all| all.extend(items.iter().cloned()));
        self.go_on();
        let tray = self.clone();
        spawn_local(async move {
            for (item, file) in items.into_iter().zip(files) {
                match shrink::fit(file).await {
                    // It may have been dismissed meanwhile.
                    Ok(_) if !tray.holds(item.key) => {}
                    Ok((name, file)) => tray.attach(item, name, file),
                    Err(trouble) => {
                        item.state.set(State::Refused(trouble.into()));
                        tray.go_on();
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
        let (section, request) = (item.section, item.request);
        let (tray, sent) = (self.clone(), item.clone());
        let (progress, state) = (item.progress.clone(), item.state.clone());
        let tell = move |sent: f64| {
            if state.get_untracked() != State::Sending {
                state.set(State::Sending);
            }
            // All sent: now the server looks at it, for as long as that takes.
            progress.set(Some(sent).filter(|sent| *sent < 1.0));
        };
        let watch = move |outcome: &Outcome| match outcome {
            Outcome::Recorded { .. } => tray.attached(&sent),
            Outcome::Refused(error) => {
                sent.state.set(State::Refused(error.clone()));
                tray.go_on();
            }
            Outcome::Replaced => {}
        };
        let entry = outbox::attach((inspection, section, request), name, file, tell, watch);
        item.entry.set(Some(entry));
    }

    /// Sends a file again, or fetches what the page could not.
    pub(super) fn retry(&self, item: &Item) {
        match (item.state.get_untracked(), item.entry.get_untracked()) {
            (State::Unseen(_), _) => self.attached(item),
            (_, Some(entry)) => {
                item.state.set(State::Waiting);
                outbox::retry(entry);
                self.go_on();
            }
            // It was refused before it came to that: the same file is refused again.
            (_, None) => {}
        }
    }

    /// Takes a file out of the tray.
    pub(super) fn forget(&self, key: u32) {
        self.0.items.update(|items| {
            for item in items.iter().filter(|item| item.key == key) {
                item.entry.get_untracked().into_iter().for_each(outbox::discard);
            }
            items.retain(|item| item.key != key);
        });
        self.go_on();
    }

    /// Asks before the tab is closed while anything can still be attached, and tells of what was not
    /// once the page is left and nothing is on its way.
    fn go_on(&self) {
        let items = self.0.items.get_untracked();
        let any =
            |wanted: fn(&State) -> bool| items.iter().any(|item| item.state.with_untracked(wanted));
        let mut state = self.state();
        state.hold = any(State::has_hope).then(Hold::new);
        let rests = state.queue.is_none() && !any(State::is_on_its_way);
        drop(state);
        if rests {
            self.tell();
        }
    }

    /// A file is attached: it leaves the tray once the page shows it.
    fn attached(&self, item: &Item) {
        let queue = self.state().queue.clone();
        let Some(queue) = queue else { return self.forget(item.key) };
        item.state.set(State::Sending);
        let (tray, item) = (self.clone(), item.clone());
        queue.catch_up(Box::new(move |result| match result {
            Ok(_) => {
                tray.forget(item.key);
                tray.0.added.set(Some(item.request));
            }
            Err(error) => {
                item.state.set(State::Unseen(error));
                tray.go_on();
            }
        }));
    }

    /// The page is left: what can still be attached stays in the tray.
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

    /// All that was sent after the page was left has its answer: says what was not attached.
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
            [] => return LEFT.with_borrow_mut(|all| all.retain(|tray| tray.0.to != self.0.to)),
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

    fn state(&self) -> MutexGuard<'_, Open> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
