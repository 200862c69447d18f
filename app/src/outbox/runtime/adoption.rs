//! Adoption of the entries that closed tabs left behind.

use super::{
    dispatch, storage,
    subscribers::{Observed, tell_observers},
    with,
};
use crate::outbox::{disk, locks, work::Stored, write_queue::WriteEvent};
use domain::{
    id::UserId,
    outbox::{Event, Stage},
};
use leptos::prelude::window;
use std::{collections::BTreeSet, time::Duration};
use uuid::Uuid;
use wasm_bindgen_futures::JsFuture;

/// Other tabs whose closing this one awaits.
#[derive(Clone, Debug)]
pub(super) struct OtherTabs {
    own: Uuid,
    awaited: BTreeSet<Uuid>,
}

impl OtherTabs {
    /// Returns the state of a tab that awaits none.
    pub(super) const fn of(own: Uuid) -> Self {
        Self { own, awaited: BTreeSet::new() }
    }

    /// Returns the owners to await from now on: those of this person's entries, except this tab and
    /// those that it awaits already.
    fn find(
        &mut self,
        person: UserId,
        entries: impl IntoIterator<Item = (UserId, Uuid)>,
    ) -> Vec<Uuid> {
        let theirs = entries.into_iter().filter(|(of, tab)| *of == person && *tab != self.own);
        theirs.map(|(_, tab)| tab).filter(|tab| self.awaited.insert(*tab)).collect()
    }

    /// Handles the closing of a tab. Entries that it stores later are found again.
    fn closed(&mut self, tab: Uuid) {
        self.awaited.remove(&tab);
    }
}

/// Adopts the entries of other tabs, each once its tab is closed.
pub(super) async fn adopt() {
    let Ok(entries) = disk::all().await else { return };
    if entries.is_empty() {
        storage::process(WriteEvent::FoundEmpty);
    }
    let found = with(|running| {
        let person = running.outbox.as_ref()?.person();
        let owners = entries.iter().map(|entry| (entry.person, entry.tab));
        Some((person, running.other_tabs.find(person, owners)))
    });
    let Some((person, tabs)) = found.flatten() else { return };
    for tab in tabs {
        locks::once_gone(tab, move || adopt_from(tab, person));
    }
}

/// Adopts the entries of a closed tab.
async fn adopt_from(tab: Uuid, person: UserId) {
    with(|running| running.other_tabs.closed(tab));
    let Ok(entries) = disk::all().await else { return };
    let left = entries.into_iter().filter(|it| it.person == person && it.tab == tab);
    let left: Vec<_> = left.map(Stored::into_entry).collect();
    let ids: Vec<_> = left.iter().map(|entry| entry.id).collect();
    let held = left.iter().filter(|entry| matches!(entry.stage, Stage::Held(_)));
    let held: BTreeSet<_> = held.map(|entry| entry.inspection).collect();
    storage::process(WriteEvent::Found(ids.clone()));
    dispatch(Event::Adopted(left));
    for inspection in held {
        tell_observers(inspection, &Observed::Held);
    }
    // The entries must be stored under this tab before the lock is released, so that no other tab
    // adopts them.
    written(&ids).await;
}

/// Waits until pending writes of these entries have finished, at most two seconds.
async fn written(ids: &[Uuid]) {
    for _ in 0..200 {
        let busy = with(|running| ids.iter().any(|id| running.writes.is_writing(*id)));
        if busy != Some(true) {
            return;
        }
        pause(Duration::from_millis(10)).await;
    }
}

/// Pauses the task with a browser timer.
async fn pause(time: Duration) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let millis = i32::try_from(time.as_millis()).unwrap_or(i32::MAX);
        drop(window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis));
    });
    drop(JsFuture::from(promise).await);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_closed_tabs_of_the_person_are_awaited_each_once() {
        let tab = Uuid::from_u128;
        let mut tabs = OtherTabs::of(tab(1));
        let entries = [(UserId(1), tab(1)), (UserId(1), tab(2)), (UserId(2), tab(3))];
        assert_eq!(tabs.find(UserId(1), entries), [tab(2)]);
        assert!(tabs.find(UserId(1), entries).is_empty());
        tabs.closed(tab(2));
        assert_eq!(tabs.find(UserId(1), [entries[1], entries[1]]), [tab(2)]);
    }
}
