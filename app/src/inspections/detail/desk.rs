//! The inspection being worked on: what everything on its page reads, and what it asks of the queue.

use super::{ask::Ask, kept, queue::Queue};
use crate::{
    error::AppError,
    inspections::{
        again::Again,
        api::Opened,
        form::{DO, Deed, TARGET},
        target,
    },
    live::{self, ConnectionState, LIVE, LiveEvent},
    outbox::{self, Observed, OutboxStatus},
    ui::{Saved, Toasts},
};
use domain::{
    Action, Actor, Change, ChangeId, Denied, Field, FieldConflict, Inspection, InspectionId,
    Mutation, Person, Target, UserId, may, view::InspectionView,
};
use leptos::prelude::*;
use serde::Deserialize;
use std::{collections::BTreeSet, fmt, rc::Rc};
use uuid::Uuid;

/// What a page about one inspection stands on; cheap to copy, gone with its page.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// The inspection as shown: what is recorded and, on top, what is on its way.
    pub(super) inspection: RwSignal<Inspection>,
    /// Its latest changes, newest first.
    pub(super) changes: RwSignal<Vec<Change>>,
    /// How what was sent last stands.
    pub(super) saved: RwSignal<Saved>,
    /// The fields that say why they are not saved.
    pub(super) failing: RwSignal<BTreeSet<(Target, Field)>>,
    /// What the dialog asks, and whether it is open.
    pub(super) asking: RwSignal<Option<Ask>>,
    pub(super) dialog: RwSignal<bool>,
    /// What is asked on the page itself, as its address says.
    pub(super) asked: RwSignal<Option<Ask>>,
    /// Counts how often refused work of an earlier page was found.
    pub(super) found: RwSignal<u32>,
    /// Where it says what was done.
    pub(super) toasts: Toasts,
    work: StoredValue<Queue>,
    page: StoredValue<Page>,
}

/// What does not change while the page is open.
struct Page {
    id: InspectionId,
    viewer: Actor,
    people: Vec<Person>,
    request: Uuid,
    again: Option<Again>,
    editing: Option<Target>,
}

impl Desk {
    /// The page of what was opened; its address may say what is edited (`edit`) and what is asked
    /// (`ask`).
    pub(super) fn new(opened: Opened, edit: Option<&str>, ask: Option<&str>) -> Self {
        let Opened { view, request, again } = opened;
        let InspectionView { inspection, changes, people, viewer, .. } = view;
        let id = inspection.id;
        let refused = again.as_ref().and_then(refused);
        let asked = refused
            .map(|(deed, target)| Ask { deed, target })
            .filter(|ask| ask.deed != Deed::Edit)
            .or_else(|| Ask::parse(ask?));
        let editing = refused
            .filter(|(deed, _)| *deed == Deed::Edit)
            .map(|(_, target)| target)
            .or_else(|| target::parse(edit?));
        let queue = Queue::new(inspection, changes);
        let found = RwSignal::new(0);
        let status = expect_context::<OutboxStatus>();
        follow_outbox(id, viewer.id, status, queue.clone(), found);
        follow_others(id, queue.clone());
        Self {
            inspection: RwSignal::from(queue.inspection()),
            changes: RwSignal::from(queue.changes()),
            saved: RwSignal::from(queue.saved()),
            failing: RwSignal::default(),
            asking: RwSignal::new(None),
            dialog: RwSignal::new(false),
            asked: RwSignal::new(asked),
            found,
            toasts: expect_context(),
            work: StoredValue::new(queue),
            page: StoredValue::new(Page { id, viewer, people, request, again, editing }),
        }
    }

    pub(super) fn id(self) -> InspectionId {
        self.page.with_value(|page| page.id)
    }

    /// The fields that somebody else gave other values, where a form without JavaScript was refused for
    /// them.
    pub(super) fn refused_fields(self) -> Vec<FieldConflict> {
        self.page.with_value(|page| match &page.again {
            Some(Again { error: AppError::Conflict { fields, .. }, .. }) => fields.clone(),
            _ => Vec::new(),
        })
    }

    /// Who looks at it.
    pub(super) fn viewer(self) -> UserId {
        self.page.with_value(|page| page.viewer.id)
    }

    /// Whom the inspection can be given to.
    pub(super) fn people(self) -> Vec<Person> {
        self.page.with_value(|page| page.people.clone())
    }

    /// The request id of the page's plain forms.
    pub(super) fn request(self) -> Uuid {
        self.page.with_value(|page| page.request)
    }

    /// The plain form that was refused, if it asked for this.
    pub(super) fn refused(self, deed: Deed, target: Target) -> Option<Again> {
        self.again().filter(|again| refused(again) == Some((deed, target)))
    }

    /// The plain form that was refused, where nothing on the page asks for the like any more.
    pub(super) fn stranded(self) -> Option<Again> {
        self.again().filter(|again| match refused(again) {
            None => true,
            Some((Deed::Edit, target)) => {
                let there = |it: &Inspection| it.name_of(target).is_some();
                !self.open_to_edit() || !self.inspection.with_untracked(there)
            }
            Some((deed, target)) => {
                let ask = Ask { deed, target };
                self.inspection.with_untracked(|it| ask.words(it, self.viewer())).is_none()
            }
        })
    }

    fn again(self) -> Option<Again> {
        self.page.with_value(|page| page.again.clone())
    }

    /// Whether the form of this is open: at first because it was asked for, and whenever a text for it
    /// is found that could not be saved.
    pub(super) fn form_of(self, target: Target) -> RwSignal<bool> {
        let asked = self.page.with_value(|page| page.editing == Some(target));
        let is_open =
            move || self.open_to_edit() && (asked || kept::any_in_form(self.id(), target));
        let open = RwSignal::new(untrack(is_open));
        Effect::new(move |ran: Option<()>| {
            self.found.track();
            if ran.is_some()
                && untrack(|| self.open_to_edit())
                && kept::any_in_form(self.id(), target)
            {
                open.set(true);
            }
        });
        open
    }

    /// Asks in a dialog.
    pub(super) fn ask(self, ask: Ask) {
        self.asking.set(Some(ask));
        self.dialog.set(true);
    }

    /// Whether whoever looks may do this now.
    pub(super) fn may(self, action: Action) -> Result<(), Denied> {
        self.page.with_value(|page| {
            self.inspection.with(|inspection| may(&page.viewer, action, inspection))
        })
    }

    /// Whether its contents can be edited now.
    pub(super) fn open_to_edit(self) -> bool {
        self.may(Action::Edit).is_ok()
    }

    /// The queue itself, for what may outlive the page, such as an undo in a toast.
    pub(super) fn queue(self) -> Queue {
        self.work.get_value()
    }

    /// See [`Queue::perform`].
    pub(super) fn perform(
        self,
        mutation: Mutation,
        done: impl FnOnce(Result<Option<Change>, AppError>) + Send + 'static,
    ) {
        self.queue().perform(mutation, Box::new(done));
    }

    /// See [`Queue::catch_up`].
    pub(super) fn catch_up(
        self,
        done: impl FnOnce(Result<Option<Change>, AppError>) + Send + 'static,
    ) {
        self.queue().catch_up(Box::new(done));
    }
}

/// Runs the outbox while the page is open, and follows what it does for pages that are gone.
fn follow_outbox(
    id: InspectionId,
    person: UserId,
    OutboxStatus(status): OutboxStatus,
    queue: Queue,
    found: RwSignal<u32>,
) {
    Effect::new(move || {
        outbox::start(person, status);
        let queue = queue.clone();
        let follow = move |observed: &Observed| match observed {
            Observed::Recorded => queue.catch_up(Box::new(|_| ())),
            Observed::Held => drop(found.try_update(|found| *found += 1)),
        };
        let observer = outbox::observe(id, Rc::new(follow));
        // Entries that are held already are shown at their fields as well.
        if !outbox::held_edits(id).is_empty() {
            found.update(|found| *found += 1);
        }
        on_cleanup(move || outbox::forget(observer));
    });
}

/// Fetches what others do while the page is open, as soon as the server tells of it.
fn follow_others(id: InspectionId, queue: Queue) {
    let state = RwSignal::new(ConnectionState::Live);
    live::follow(LIVE, &["changed"], state, move |event| {
        if may_concern(&event, id, queue.head()) {
            queue.catch_up(Box::new(|_| ()));
        }
    });
}

/// Whether an event may tell of a change to this inspection after that one.
fn may_concern(event: &LiveEvent, id: InspectionId, head: ChangeId) -> bool {
    #[derive(Deserialize)]
    struct Changed {
        last: i64,
        inspections: Option<Vec<(i64, Option<i64>)>>,
    }
    let Ok(Changed { last, inspections }) = serde_json::from_str(&event.data) else {
        // Something was missed.
        return true;
    };
    match inspections {
        Some(inspections) => inspections
            .into_iter()
            .any(|(of, last)| of == id.0 && last.is_none_or(|last| last > head.0)),
        None => last > head.0,
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

/// What a refused form wanted to do, and to what.
fn refused(again: &Again) -> Option<(Deed, Target)> {
    let deed = Deed::parse(again.typed.get(DO)?)?;
    let target = again.typed.get(TARGET).and_then(|slug| target::parse(slug));
    Some((deed, target.unwrap_or(Target::Inspection)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_newer_changes_of_the_inspection_are_fetched() {
        let concerns = |name: &str, data: &str| {
            let event = LiveEvent { name: name.into(), data: data.into() };
            may_concern(&event, InspectionId(3), ChangeId(7))
        };
        assert!(concerns("changed", r#"{"last": 9, "inspections": [[2, 9], [3, 8]]}"#));
        assert!(!concerns("changed", r#"{"last": 9, "inspections": [[2, 9], [3, 7]]}"#));
        assert!(!concerns("changed", r#"{"last": 9, "inspections": [[2, 9]]}"#));
        assert!(concerns("changed", r#"{"last": 9, "inspections": null}"#));
        assert!(concerns("here", r#"{"last": 8}"#));
        assert!(!concerns("here", r#"{"last": 7}"#));
        assert!(concerns("missed", "."));
    }
}
