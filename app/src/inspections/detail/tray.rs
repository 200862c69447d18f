//! Photos on their way to one place. A tray outlives its page: what waits in it is still sent, and
//! whoever comes back finds in it what is not there yet, and what was refused.

use super::{
    desk::Desk,
    hold::Hold,
    queue::Queue,
    upload::{self, Place},
};
use crate::{error::AppError, request_id, ui::Toasts};
use domain::{InspectionId, SectionId};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::{
    cell::RefCell,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};
use uuid::Uuid;
use web_sys::File;

/// How many files of a tray are sent at the same time.
const AT_ONCE: usize = 2;

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
    /// How much of it is sent, from 0 to 1; none while the server looks at it.
    pub(super) progress: ArcRwSignal<Option<f64>>,
    pub(super) state: ArcRwSignal<State>,
    request: Uuid,
    file: SendWrapper<File>,
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
            Self::Refused(error) => error.is_passing() || *error == AppError::SignInNeeded,
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

    /// Sends the files; all that are added together are one request.
    pub(super) fn add(&self, files: Vec<File>) {
        let request = request_id::new();
        let item = |file: File| Item {
            key: self.0.last.fetch_add(1, Relaxed),
            name: file.name(),
            progress: ArcRwSignal::new(Some(0.0)),
            state: ArcRwSignal::new(State::Waiting),
            request,
            file: SendWrapper::new(file),
        };
        self.0.items.update(|items| items.extend(files.into_iter().map(item)));
        self.go_on();
    }

    /// Sends a file again, or fetches what the page could not.
    pub(super) fn retry(&self, item: &Item) {
        match item.state.get_untracked() {
            State::Unseen(_) => self.attached(item),
            _ => {
                item.state.set(State::Waiting);
                self.go_on();
            }
        }
    }

    /// Takes a file out of the tray.
    pub(super) fn forget(&self, key: u32) {
        self.0.items.update(|items| items.retain(|item| item.key != key));
        self.go_on();
    }

    /// Sends those that wait, as many as may be on their way.
    fn go_on(&self) {
        let items = self.0.items.get_untracked();
        let are = |state: State| {
            items.iter().filter(move |item| item.state.with_untracked(|it| *it == state))
        };
        let free = AT_ONCE.saturating_sub(are(State::Sending).count());
        for item in are(State::Waiting).take(free) {
            self.send(item);
        }
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

    fn send(&self, item: &Item) {
        let To { inspection, section, .. } = self.0.to;
        let place = Place { inspection, section, request: item.request };
        item.state.set(State::Sending);
        let progress = item.progress.clone();
        let tell = move |sent: f64| {
            // All sent: now the server looks at it, for as long as that takes.
            progress.set(Some(sent).filter(|sent| *sent < 1.0));
        };
        let (tray, sent) = (self.clone(), item.clone());
        upload::send(place, &item.file, tell, move |result| match result {
            Ok(()) => tray.attached(&sent),
            Err(error) => {
                sent.state.set(State::Refused(error));
                tray.go_on();
            }
        });
    }

    /// A file is attached: it leaves the tray once the page shows it.
    fn attached(&self, item: &Item) {
        let queue = self.state().queue.clone();
        let Some(queue) = queue else { return self.forget(item.key) };
        item.state.set(State::Sending);
        let (tray, item) = (self.clone(), item.clone());
        queue.catch_up(Box::new(move |result| match result {
            Ok(_) => tray.forget(item.key),
            Err(error) => {
                item.state.set(State::Unseen(error));
                tray.go_on();
            }
        }));
    }

    /// The page is left: what can still be attached stays in the tray.
    fn leave(&self) {
        self.state().queue = None;
        self.0
            .items
            .update(|items| items.retain(|item| item.state.with_untracked(State::has_hope)));
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
            [(name, error)] => format!("{name} was not attached to {reference}. {error}"),
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
