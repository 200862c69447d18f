//! Texts that could not be saved and whose form is gone: kept in the browser until the form is opened
//! again, and told of by a toast that leads there.

use super::{hold::Hold, queue::Queue, ways_on::Way};
use crate::{inspections::target, ui::Toasts};
use domain::{Field, InspectionId, Target};
use leptos::prelude::*;
use std::cell::RefCell;

thread_local! {
    static KEPT: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
}

struct Kept {
    place: (InspectionId, Target, Field),
    draft: Unsaved,
    _hold: Hold,
}

/// A text that could not be saved.
#[derive(Clone, Debug)]
pub(super) struct Unsaved {
    /// What was typed.
    pub(super) text: String,
    /// Why it was not saved.
    pub(super) why: String,
    /// The way on, if it is not to type something else.
    pub(super) way: Option<Way>,
}

/// Where texts of one field go once its form is gone.
#[derive(Clone)]
pub(super) struct Keeper {
    pub(super) queue: Queue,
    pub(super) toasts: Toasts,
    pub(super) target: Target,
    pub(super) field: Field,
}

impl Keeper {
    /// Keeps the text and says so.
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
            all.push(Kept { place, draft, _hold: Hold::new() });
        });
        self.toasts.lead(said, format!("/inspections/{id}#{}", target::slug(target)));
    }
}

/// Whether a text for something in that form is kept.
pub(super) fn any(inspection: InspectionId, target: Target) -> bool {
    KEPT.with_borrow(|all| {
        all.iter().any(|kept| (kept.place.0, kept.place.1) == (inspection, target))
    })
}

/// Gives a kept text back to its form.
pub(super) fn take(inspection: InspectionId, target: Target, field: Field) -> Option<Unsaved> {
    let place = (inspection, target, field);
    KEPT.with_borrow_mut(|all| {
        let at = all.iter().position(|kept| kept.place == place)?;
        Some(all.remove(at).draft)
    })
}
