//! Follow-up of a confirmed action: the message, and the new focus.

use super::{
    confirmation::{self, Confirmation},
    focus,
    page_state::InspectionPageState,
    queue::Queue,
};
use crate::{
    form::{FormAction, target},
    ui::{PAGE_TITLE, Toasts},
};
use domain::{
    change::{Change, Mutation},
    inspection::{Inspection, Status, Target},
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Follow-up of a confirmed action.
#[derive(Clone)]
pub(super) struct After {
    ask: Confirmation,
    close: Callback<()>,
    toasts: Toasts,
    queue: Queue,
    name: String,
    undo: Option<Mutation>,
    /// Id of the element to focus when the pressed button is gone.
    focus: Option<String>,
    leave: Callback<()>,
}

impl After {
    /// Creates the follow-up of a confirmation, which `close` closes.
    pub(super) fn new(
        page_state: InspectionPageState,
        ask: Confirmation,
        close: Callback<()>,
    ) -> Self {
        let (name, undo, focus) =
            page_state.inspection.with_untracked(|it| match ask.form_action {
                FormAction::Remove => (
                    it.name_of(ask.target),
                    confirmation::undo(it, ask.target),
                    place(it, ask.target),
                ),
                FormAction::Step(_) => (None, None, Some(PAGE_TITLE.into())),
                _ => (None, None, None),
            });
        let navigate = use_navigate();
        let leave = Callback::new(move |()| navigate("/inspections", NavigateOptions::default()));
        Self {
            ask,
            close,
            toasts: page_state.toasts,
            queue: page_state.queue(),
            name: name.unwrap_or_default(),
            undo,
            focus,
            leave,
        }
    }

    /// Runs the follow-up once the action is recorded as `change`.
    pub(super) fn run(self, change: Option<Change>) {
        let Self { ask, close, toasts, queue, name, undo, focus, leave } = self;
        close.try_run(());
        if let Some(focus) = focus {
            focus::focus(&focus);
        }
        match (ask.form_action, ask.target) {
            (FormAction::Remove, Target::Inspection) => {
                toasts.say(format!("{} removed.", domain::text::isolate(&name)));
                leave.try_run(());
            }
            (FormAction::Remove, _) => {
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
                toasts.undoable(format!("{} removed.", domain::text::isolate(&name)), bring_back);
            }
            (FormAction::Step(status), _) => toasts.say(match status {
                Status::Draft => "Reverted to draft.",
                Status::Review => "Ready for review.",
                Status::Complete => "Completed.",
            }),
            (FormAction::AddSection | FormAction::AddEquipment, _) => {
                let kind =
                    if ask.form_action == FormAction::AddSection { "section" } else { "equipment" };
                if let Some(change) = change {
                    focus::show(&format!("{kind}-{}", change.id));
                }
            }
            (FormAction::Edit, _) => {}
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
