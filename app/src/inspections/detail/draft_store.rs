//! Drafts that could not be saved and whose form is gone. They are kept until the form is opened
//! again, and a toast links to it. Drafts of earlier pages are taken from the outbox.

use super::{
    queue::Queue,
    unload_guard::UnloadGuard,
    unsaved::{SaveRecovery, Unsaved},
};
use crate::{
    form::{fields_in_form, target},
    outbox::{self, HeldEdit},
    ui::Toasts,
};
use domain::{
    id::InspectionId,
    inspection::{Field, Target},
    outbox::Refused,
};
use leptos::prelude::*;
use std::cell::RefCell;

thread_local! {
    static KEPT: RefCell<Vec<UnsavedDraft>> = const { RefCell::new(Vec::new()) };
}

struct UnsavedDraft {
    place: (InspectionId, Target, Field),
    draft: Unsaved,
    _hold: UnloadGuard,
}

/// Store for the drafts of one field once its form is gone.
#[derive(Clone)]
pub(super) struct DraftStore {
    pub(super) queue: Queue,
    pub(super) toasts: Toasts,
    pub(super) target: Target,
    pub(super) field: Field,
}

impl DraftStore {
    /// Stores the draft and shows a toast.
    pub(super) fn keep(&self, draft: Unsaved) {
        let Self { target, field, .. } = *self;
        let (id, whose) = self.queue.inspection().with_untracked(|it| {
            let whose = match target {
                Target::Inspection => it.reference.clone(),
                target => format!("{}, {}", it.name_of(target).unwrap_or_default(), it.reference),
            };
            (it.id, whose)
        });
        let said = format!("Not saved: {} of {whose}. {}", field.label(), draft.why);
        let place = (id, target, field);
        KEPT.with_borrow_mut(|all| {
            all.retain(|kept| kept.place != place);
            all.push(UnsavedDraft { place, draft, _hold: UnloadGuard::new() });
        });
        self.toasts.lead(said, format!("/inspections/{id}#{}", target::slug(target)));
    }
}

/// Returns whether the store has a draft that only the target's edit form shows.
pub(super) fn any_in_form(inspection: InspectionId, target: Target) -> bool {
    let in_form = |field| fields_in_form(target).any(|it| it == field);
    let kept = KEPT.with_borrow(|all| {
        all.iter().any(|kept| {
            let (of, to, field) = kept.place;
            (of, to) == (inspection, target) && in_form(field)
        })
    });
    let mut held = outbox::held_edits(inspection).into_iter();
    kept || held.any(|edit| edit.target == target && in_form(edit.field))
}

/// Removes and returns the stored draft of a field.
pub(super) fn take(inspection: InspectionId, target: Target, field: Field) -> Option<Unsaved> {
    let place = (inspection, target, field);
    let kept = KEPT.with_borrow_mut(|all| {
        let at = all.iter().position(|kept| kept.place == place)?;
        Some(all.remove(at).draft)
    });
    kept.or_else(|| {
        let mut held = outbox::held_edits(inspection).into_iter();
        let found = held.find(|edit| (edit.target, edit.field) == (target, field))?;
        let HeldEdit { id, text, held, .. } = found;
        let recovery = match held.kind {
            Refused::Conflict => Some(SaveRecovery::Decide),
            Refused::Passing => Some(SaveRecovery::Again),
            Refused::Invalid => None,
        };
        Some(Unsaved { text, why: held.why, recovery, entry: Some(id) })
    })
}
