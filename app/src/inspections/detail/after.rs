//! Follow-up of a confirmed action: the message, and the new focus.

use super::{
    ask::{self, Ask},
    desk::Desk,
    focus,
    queue::Queue,
};
use crate::{
    inspections::{form::Deed, target},
    ui::{PAGE_TITLE, Toasts},
};
use domain::{Change, Inspection, Mutation, Status, Target};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Follow-up of a confirmed action.
#[derive(Clone)]
pub(super) struct After {
    ask: Ask,
    close: Callback<()>,
    toasts: Toasts,
    queue: Queue,
    name: String,
    undo: Option<Mutation>,
    /// Id of the element to focus when the button that asked is gone.
    focus: Option<String>,
    leave: Callback<()>,
}

impl After {
    /// Creates the follow-up of a confirmation, which `close` closes.
    pub(super) fn new(desk: Desk, ask: Ask, close: Callback<()>) -> Self {
        let (name, undo, focus) = desk.inspection.with_untracked(|it| match ask.deed {
            Deed::Remove => {
                (it.name_of(ask.target), ask::undo(it, ask.target), place(it, ask.target))
            }
            Deed::Step(_) => (None, None, Some(PAGE_TITLE.into())),
            _ => (None, None, None),
        });
        let navigate = use_navigate();
        let leave = Callback::new(move |()| navigate("/inspections", NavigateOptions::default()));
        Self {
            ask,
            close,
            toasts: desk.toasts,
            queue: desk.queue(),
            name: name.unwrap_or_default(),
            undo,
            focus,
            leave,
        }
    }

    /// Runs it once the action is recorded as `change`.
    pub(super) fn run(self, change: Option<Change>) {
        let Self { ask, close, toasts, queue, name, undo, focus, leave } = self;
        close.try_run(());
        if let Some(focus) = focus {
            focus::focus(&focus);
        }
        match (ask.deed, ask.target) {
            (Deed::Remove, Target::Inspection) => {
                toasts.say(format!("{} removed.", domain::isolate(&name)));
                leave.try_run(());
            }
            (Deed::Remove, _) => {
                let bring_back = move || {
                    let Some(undo) = undo.clone() else { return };
                    queue.perform(
                        undo,
                        Box::new(move |result| match result {
                            Ok(_) => focus::focus(&target::slug(ask.target)),
                            Err(error) => toasts.wrong(error.to_string()),
                        }),
                    );
                };
                toasts.undoable(format!("{} removed.", domain::isolate(&name)), bring_back);
            }
            (Deed::Step(status), _) => toasts.say(match status {
                Status::Draft => "Reverted to draft.",
                Status::Review => "Ready for review.",
                Status::Complete => "Completed.",
            }),
            (Deed::AddSection | Deed::AddEquipment, _) => {
                let kind = if ask.deed == Deed::AddSection { "section" } else { "equipment" };
                if let Some(change) = change {
                    focus::show(&format!("{kind}-{}", change.id));
                }
            }
            (Deed::Edit, _) => {}
        }
    }
}

/// Returns the id of the heading above the removed object.
fn place(inspection: &Inspection, target: Target) -> Option<String> {
    Some(match target {
        Target::Inspection => return None,
        Target::Section(_) => "sections".into(),
        Target::Equipment(_) => "equipment".into(),
        Target::Photo(id) => match inspection.photo(id)?.section {
            Some(section) => target::slug(Target::Section(section)),
            None => "photos".into(),
        },
    })
}
