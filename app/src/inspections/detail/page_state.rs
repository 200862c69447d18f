//! State of an inspection's page, shared by its components, with access to the mutation queue.

use super::{confirmation::Confirmation, draft_store, queue::Queue};
use crate::effects::{effect, effect_with};
use crate::{
    error::AppError,
    form::{DO, FormAction, TARGET, target},
    inspections::{again::RejectedForm, api::InspectionPageData},
    live::{self, Announcement, ConnectionState, LIVE, LiveEvent},
    outbox::{self, Observed, OutboxStatus},
    ui::{Saved, Toasts},
};
use domain::{
    change::{Action, Change, FieldConflict, Mutation},
    id::{ChangeId, InspectionId, UserId},
    inspection::{Field, Inspection, Target},
    people::{Actor, Denied, Person},
    permission::may,
    view::InspectionView,
};
use leptos::prelude::*;
use std::{collections::BTreeSet, fmt, rc::Rc};
use uuid::Uuid;

/// State of an inspection's page; cheap to copy, disposed with the page.
#[derive(Clone, Copy)]
pub(super) struct InspectionPageState {
    /// Inspection as shown: the recorded state with pending mutations applied.
    pub(super) inspection: RwSignal<Inspection>,
    /// Latest changes, newest first.
    pub(super) changes: RwSignal<Vec<Change>>,
    /// State of the last save.
    pub(super) saved: RwSignal<Saved>,
    /// Fields that show a save error.
    pub(super) failing: RwSignal<BTreeSet<(Target, Field)>>,
    /// Confirmation of the dialog, and whether the dialog is open.
    pub(super) asking: RwSignal<Option<Confirmation>>,
    pub(super) dialog: RwSignal<bool>,
    /// Confirmation shown on the page itself, named in the address.
    pub(super) asked: RwSignal<Option<Confirmation>>,
    /// Counter of refused work found from earlier pages.
    pub(super) found: RwSignal<u32>,
    /// Toasts for messages.
    pub(super) toasts: Toasts,
    work: StoredValue<Queue>,
    page: StoredValue<Page>,
}

/// Data that does not change while the page is open.
struct Page {
    id: InspectionId,
    viewer: Actor,
    people: Vec<Person>,
    request: Uuid,
    again: Option<RejectedForm>,
    editing: Option<Target>,
}

impl InspectionPageState {
    /// Creates the state. The query parameters `edit` and `ask` name the target to edit and the
    /// confirmation to show.
    pub(super) fn new(opened: InspectionPageData, edit: Option<&str>, ask: Option<&str>) -> Self {
        let InspectionPageData { view, request, again, .. } = opened;
        let InspectionView { inspection, changes, people, viewer, .. } = view;
        let id = inspection.id;
        let refused = again.as_ref().and_then(refused);
        let asked = refused
            .map(|(form_action, target)| Confirmation { form_action, target })
            .filter(|ask| ask.form_action != FormAction::Edit)
            .or_else(|| Confirmation::parse(ask?));
        let editing = refused
            .filter(|(form_action, _)| *form_action == FormAction::Edit)
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

    /// Returns the conflicting fields of a refused form that was sent without JavaScript.
    pub(super) fn refused_fields(self) -> Vec<FieldConflict> {
        self.page.with_value(|page| match &page.again {
            Some(RejectedForm { error: AppError::Conflict { fields, .. }, .. }) => fields.clone(),
            _ => Vec::new(),
        })
    }

    /// Returns the person viewing the page.
    pub(super) fn viewer(self) -> UserId {
        self.page.with_value(|page| page.viewer.id)
    }

    /// Returns the people to whom the inspection can be assigned.
    pub(super) fn people(self) -> Vec<Person> {
        self.page.with_value(|page| page.people.clone())
    }

    /// Returns the request id of the page's plain forms.
    pub(super) fn request(self) -> Uuid {
        self.page.with_value(|page| page.request)
    }

    /// Returns the refused plain form, if it requested this action on this target.
    pub(super) fn refused(self, form_action: FormAction, target: Target) -> Option<RejectedForm> {
        self.again().filter(|again| refused(again) == Some((form_action, target)))
    }

    /// Returns the refused plain form, if the page no longer has a form for it.
    pub(super) fn stranded(self) -> Option<RejectedForm> {
        self.again().filter(|again| match refused(again) {
            None => true,
            Some((FormAction::Edit, target)) => {
                let there = |it: &Inspection| it.name_of(target).is_some();
                !self.open_to_edit() || !self.inspection.with_untracked(there)
            }
            Some((form_action, target)) => {
                let ask = Confirmation { form_action, target };
                self.inspection.with_untracked(|it| ask.words(it, self.viewer())).is_none()
            }
        })
    }

    fn again(self) -> Option<RejectedForm> {
        self.page.with_value(|page| page.again.clone())
    }

    /// Returns whether the form of a target is open: initially on request, later whenever unsaved
    /// text for it is found.
    pub(super) fn form_of(self, target: Target) -> RwSignal<bool> {
        let asked = self.page.with_value(|page| page.editing == Some(target));
        let is_open =
            move || self.open_to_edit() && (asked || draft_store::any_in_form(self.id(), target));
        let open = RwSignal::new(untrack(is_open));
        effect_with(move |ran: Option<()>| {
            self.found.track();
            if ran.is_some()
                && untrack(|| self.open_to_edit())
                && draft_store::any_in_form(self.id(), target)
            {
                open.set(true);
            }
        });
        open
    }

    /// Opens a confirmation in the dialog.
    pub(super) fn ask(self, ask: Confirmation) {
        self.asking.set(Some(ask));
        self.dialog.set(true);
    }

    /// Returns whether the viewer may perform the action now.
    pub(super) fn may(self, action: Action) -> Result<(), Denied> {
        self.page.with_value(|page| {
            self.inspection.with(|inspection| may(&page.viewer, action, inspection))
        })
    }

    /// Returns whether the contents can be edited now.
    pub(super) fn open_to_edit(self) -> bool {
        self.may(Action::Edit).is_ok()
    }

    /// Returns the queue, for code that may outlive the page, such as an undo button in a toast.
    pub(super) fn queue(self) -> Queue {
        self.work.get_value()
    }

    /// Performs a mutation; see [`Queue::perform`].
    pub(super) fn perform(
        self,
        mutation: Mutation,
        done: impl FnOnce(Result<Option<Change>, AppError>) + Send + 'static,
    ) {
        self.queue().perform(mutation, Box::new(done));
    }

    /// Loads recorded changes; see [`Queue::catch_up`].
    pub(super) fn catch_up(
        self,
        done: impl FnOnce(Result<Option<Change>, AppError>) + Send + 'static,
    ) {
        self.queue().catch_up(Box::new(done));
    }
}

/// Starts the outbox of the page and observes the work of earlier pages.
fn follow_outbox(
    id: InspectionId,
    person: UserId,
    OutboxStatus(status): OutboxStatus,
    queue: Queue,
    found: RwSignal<u32>,
) {
    effect(move || {
        outbox::start(person, status);
        let queue = queue.clone();
        let follow = move |observed: &Observed| match observed {
            Observed::Recorded => queue.catch_up(Box::new(|_| ())),
            Observed::Held => drop(found.try_update(|found| *found += 1)),
        };
        let observer = outbox::observe(id, Rc::new(follow));
        // Already held entries are shown at their fields as well.
        if !outbox::held_edits(id).is_empty() {
            found.update(|found| *found += 1);
        }
        on_cleanup(move || outbox::forget(observer));
    });
}

/// Loads changes by others while the page is open, when the server announces them.
fn follow_others(id: InspectionId, queue: Queue) {
    let state = RwSignal::new(ConnectionState::Live);
    live::follow(LIVE, &["changed"], state, move |event| {
        if may_concern(&event, id, queue.head()) {
            queue.catch_up(Box::new(|_| ()));
        }
    });
}

/// Returns whether an event may announce a change to this inspection newer than `head`.
fn may_concern(event: &LiveEvent, id: InspectionId, head: ChangeId) -> bool {
    let Some(Announcement { last, inspections }) = event.announcement() else { return true };
    match inspections {
        Some(inspections) => inspections
            .into_iter()
            .any(|(of, last)| of == id && last.is_none_or(|last| last > head)),
        None => last > head,
    }
}

impl fmt::Debug for InspectionPageState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InspectionPageState").finish_non_exhaustive()
    }
}

/// Returns the action and the target of a refused form.
fn refused(again: &RejectedForm) -> Option<(FormAction, Target)> {
    let form_action = FormAction::parse(again.typed.get(DO)?)?;
    let target = again.typed.get(TARGET).and_then(|slug| target::parse(slug));
    Some((form_action, target.unwrap_or(Target::Inspection)))
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
