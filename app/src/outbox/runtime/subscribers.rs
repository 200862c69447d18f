//! Code of this page that follows entries: watchers of entries that it submitted, and observers of
//! work that earlier pages left behind.

use super::{summary, with};
use crate::{error::AppError, request_id};
use domain::{
    change::Change,
    id::InspectionId,
    outbox::{Answer, OutboxEntry},
};
use std::{collections::BTreeMap, rc::Rc};
use uuid::Uuid;

/// Callback for the outcome of a submission; called more than once when the entry is sent again.
pub(super) type Watcher = Rc<dyn Fn(&Outcome)>;
/// Callback for the fraction of a photo that is sent, from 0 to 1.
pub(super) type Progress = Rc<dyn Fn(f64)>;
/// Callback for work on an inspection that its open page did not submit.
pub(crate) type Observer = Rc<dyn Fn(&Observed)>;

/// Outcome of a submission.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// Recorded; carries the changes since its trunk and its own change, if any.
    Recorded { news: Vec<Change>, own: Option<Box<Change>> },
    /// Refused by the server.
    Refused(AppError),
    /// Replaced by a newer entry.
    Replaced,
}

/// Outcome of work that an earlier page left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Observed {
    /// Recorded, so there are new changes to load.
    Recorded,
    /// Refused and held for the person.
    Held,
}

/// Callbacks of this page.
#[derive(Default)]
pub(super) struct Subscribers {
    watchers: BTreeMap<Uuid, Watcher>,
    progress: BTreeMap<Uuid, Progress>,
    observers: Vec<(InspectionId, Uuid, Observer)>,
}

impl Subscribers {
    /// Adds the callbacks of an entry.
    pub(super) fn add(&mut self, entry: Uuid, watcher: Watcher, progress: Option<Progress>) {
        self.watchers.insert(entry, watcher);
        self.progress.extend(progress.map(|progress| (entry, progress)));
    }

    /// Removes the callbacks of an entry and returns its watcher.
    pub(super) fn remove(&mut self, entry: Uuid) -> Option<Watcher> {
        self.progress.remove(&entry);
        self.watchers.remove(&entry)
    }

    /// Returns whether this page shows what becomes of the entry.
    pub(super) fn is_watched(&self, entry: Uuid) -> bool {
        self.watchers.contains_key(&entry)
    }

    /// Returns the callback for the progress of an entry.
    pub(super) fn progress(&self, entry: Uuid) -> Option<Progress> {
        self.progress.get(&entry).cloned()
    }
}

/// Registers an observer of work on an inspection that its open page did not submit. Pass the
/// returned id to [`forget`] to remove it.
pub(crate) fn observe(inspection: InspectionId, observer: Observer) -> Uuid {
    let id = request_id::new();
    with(|running| running.subscribers.observers.push((inspection, id, observer)));
    id
}

/// Removes an observer registered with [`observe`].
pub(crate) fn forget(observer: Uuid) {
    with(|running| running.subscribers.observers.retain(|(_, id, _)| *id != observer));
}

/// Registers a watcher for a refused entry, which removes it from the banner.
pub(crate) fn watch(id: Uuid, watch: impl Fn(&Outcome) + 'static) {
    with(|running| {
        if running.entry(id).is_some() {
            running.subscribers.add(id, Rc::new(watch), None);
        }
    });
    summary::show();
}

/// Removes an entry's watcher, because nothing on the page shows it any more; the banner takes
/// over.
pub(crate) fn release(id: Uuid) {
    with(|running| drop(running.subscribers.watchers.remove(&id)));
    summary::show();
}

/// Reports that a newer entry has replaced this one.
pub(super) fn report_replaced(id: Uuid) {
    let watcher = with(|running| running.subscribers.watchers.remove(&id)).flatten();
    if let Some(watcher) = watcher {
        watcher(&Outcome::Replaced);
    }
}

/// Reports the server's answer to the watcher of an entry, or to the observers of its inspection if
/// this page did not submit it. An answer that settles nothing is not reported.
pub(super) fn report_answer<Content>(
    entry: &OutboxEntry<Content>,
    answer: &Answer,
    news: Vec<Change>,
    error: Option<AppError>,
) {
    let watcher = with(|running| {
        let watcher = running.subscribers.watchers.get(&entry.id).cloned();
        if running.entry(entry.id).is_none() {
            running.drop_entry(entry.id);
        }
        watcher
    });
    match (watcher.flatten(), answer, error) {
        (Some(watcher), Answer::Recorded(own), _) => {
            watcher(&Outcome::Recorded { news, own: own.clone() });
        }
        (Some(watcher), Answer::Refused(_), Some(error)) => watcher(&Outcome::Refused(error)),
        (None, Answer::Recorded(_), _) => tell_observers(entry.inspection, &Observed::Recorded),
        (None, Answer::Refused(_), _) => tell_observers(entry.inspection, &Observed::Held),
        _ => {}
    }
}

/// Reports the outcome of an earlier page's work to the observers of its inspection.
pub(super) fn tell_observers(inspection: InspectionId, observed: &Observed) {
    let observers = with(|running| {
        let all = &running.subscribers.observers;
        let of_it = all.iter().filter(|(of, _, _)| *of == inspection);
        of_it.map(|(_, _, observer)| observer.clone()).collect::<Vec<_>>()
    });
    for observer in observers.unwrap_or_default() {
        observer(observed);
    }
}
