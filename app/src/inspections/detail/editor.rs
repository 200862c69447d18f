//! Editor of one field in place: carries out the effects of its [`EditorState`].

use super::{
    draft_store::{self, DraftStore},
    editor_state::EditorState,
    editor_steps::{Decision, EditorContext, EditorEffect, EditorInput, ParsedDraft},
    page_state::InspectionPageState,
    unload_guard::UnloadGuard,
    unsaved::{SaveRecovery, Unsaved},
};
use crate::effects::effect;
use crate::{
    error::AppError,
    form::{self, edit_of},
    outbox, request_id,
    ui::Saved,
};
use domain::{
    change::{Change, Conflict, Mutation},
    inspection::{Field, Target, Value, Values, check},
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;
use uuid::Uuid;

/// Editor of a field; cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Editor {
    pub(super) page_state: InspectionPageState,
    pub(super) target: Target,
    pub(super) field: Field,
    /// Typed text.
    pub(super) draft: RwSignal<String>,
    /// State of saving.
    pub(super) state: RwSignal<Saved>,
    /// Recovery from a failed save, unless typing other text is the only one.
    pub(super) recovery: RwSignal<Option<SaveRecovery>>,
    model: StoredValue<EditorState>,
    timer: StoredValue<Option<TimeoutHandle>>,
    hold: StoredValue<Option<UnloadGuard>>,
}

fn explain(field: Field, error: &AppError) -> (String, Option<SaveRecovery>) {
    let why = error.field(field.slug()).unwrap_or_else(|| error.to_string());
    let recovery = match error {
        AppError::Conflict { .. } => Some(SaveRecovery::Decide),
        error => error.is_passing().then_some(SaveRecovery::Again),
    };
    (why, recovery)
}

impl Editor {
    /// Creates the editor with the stored value, the text of a refused form, or the stored draft of an
    /// earlier form.
    pub(super) fn new(page_state: InspectionPageState, target: Target, field: Field) -> Self {
        let recorded = shown(page_state, target, field).unwrap_or_default();
        let model = EditorState::new(field.kind(), recorded);
        let refused = page_state.refused(form::FormAction::Edit, target).and_then(|again| {
            let text = again.typed.get(field.slug())?.clone();
            Some((text, again.error.field(field.slug())))
        });
        let model = if let Some((text, why)) = refused {
            model.with_draft(text, why, None, None)
        } else if let Some(unsaved) = draft_store::take(page_state.id(), target, field) {
            let Unsaved { text, why, recovery, entry } = unsaved;
            model.with_draft(text, Some(why), recovery, entry)
        } else {
            model
        };
        let editor = Self {
            page_state,
            target,
            field,
            draft: RwSignal::new(model.draft().to_owned()),
            state: RwSignal::new(model.saved().clone()),
            recovery: RwSignal::new(model.recovery()),
            model: StoredValue::new(model),
            timer: StoredValue::new(None),
            hold: StoredValue::new(None),
        };
        effect(move || editor.watch());
        // Without a draft, the control follows changes by others.
        effect(move || {
            page_state.inspection.track();
            editor.dispatch(EditorInput::Recorded);
        });
        // Refused entries of earlier pages are shown at their fields.
        effect(move || {
            page_state.found.track();
            if !editor.is_unsaved()
                && let Some(unsaved) = draft_store::take(page_state.id(), target, field)
            {
                editor.dispatch(EditorInput::Found(unsaved));
            }
        });
        // Closing the tab would lose the draft, and the heading reports unsaved text.
        effect(move || {
            let failed = matches!(editor.state.get(), Saved::Failed(_));
            editor.draft.track();
            editor.hold.set_value(editor.is_unsaved().then(UnloadGuard::new));
            editor.tell_failing(failed);
        });
        effect(move || on_cleanup(move || editor.leave()));
        editor
    }

    /// Handles a keystroke or a choice.
    pub(super) fn typed(self, text: String) {
        self.dispatch(EditorInput::Typed(text));
    }

    /// Handles loss of focus: saves the draft and then shows the stored value. A control that is
    /// removed while focused also loses the focus; the deferred task then finds the form gone and
    /// does nothing.
    pub(super) fn left(self) {
        set_timeout(move || self.dispatch(EditorInput::Left), Duration::ZERO);
    }

    /// Saves the draft, if it differs from the stored value.
    pub(super) fn save(self) {
        self.dispatch(EditorInput::SaveRequested);
    }

    /// Restores the stored value and discards the draft.
    pub(super) fn restore(self) {
        self.dispatch(EditorInput::Restored);
    }

    /// Loads others' changes and saves the draft on top of them.
    pub(super) fn keep_mine(self) {
        self.dispatch(EditorInput::Decided(Decision::Mine));
    }

    /// Loads others' changes and discards the draft.
    pub(super) fn take_theirs(self) {
        self.dispatch(EditorInput::Decided(Decision::Theirs));
    }

    /// Loads others' changes and puts both texts into the control, to be merged.
    pub(super) fn edit_both(self) {
        self.dispatch(EditorInput::Decided(Decision::Both));
    }

    /// Returns the field's current value in the inspection, formatted for a control.
    pub(super) fn recorded(self) -> String {
        shown(self.page_state, self.target, self.field).unwrap_or_default()
    }

    /// Processes an input and carries out its effects, unless the form is gone.
    fn dispatch(self, input: EditorInput) {
        if self.is_gone() {
            return;
        }
        let Some(effects) = self.step(input) else { return };
        self.show();
        if effects.is_empty() {
            return;
        }
        let keeper = self.keeper();
        for effect in effects {
            self.carry_out(&keeper, effect);
        }
    }

    /// Processes an input and returns its effects; `None` when the form is gone.
    fn step(self, input: EditorInput) -> Option<Vec<EditorEffect>> {
        let model = self.model.try_get_value()?;
        let context = EditorContext {
            recorded: untrack(|| shown(self.page_state, self.target, self.field)),
            read: &|text| self.read(text),
            conflict: &|| self.conflict(),
            new_entry: request_id::new(),
        };
        let (model, effects) = model.step(input, &context);
        self.model.set_value(model);
        Some(effects)
    }

    /// Updates the signals of the form.
    fn show(self) {
        self.model.with_value(|model| {
            if self.draft.with_untracked(|draft| draft != model.draft()) {
                self.draft.set(model.draft().to_owned());
            }
            if self.state.with_untracked(|state| state != model.saved()) {
                self.state.set(model.saved().clone());
            }
            if self.recovery.get_untracked() != model.recovery() {
                self.recovery.set(model.recovery());
            }
        });
    }

    fn carry_out(self, keeper: &DraftStore, effect: EditorEffect) {
        let (target, field) = (self.target, self.field);
        match effect {
            EditorEffect::StartTimer(wait) => {
                self.stop_timer();
                self.timer.set_value(set_timeout_with_handle(move || self.save(), wait).ok());
            }
            EditorEffect::StopTimer => self.stop_timer(),
            EditorEffect::Store { entry, text } => {
                keeper.queue.keep(entry, edit_of(target, field, text));
            }
            EditorEffect::Discard(entry) => outbox::discard(entry),
            EditorEffect::Send { entry, value, text } => {
                let values = Values::new().with(field, value);
                let edit = Mutation::Edit { target, values };
                keeper.queue.send_kept(entry, edit, self.on_answer(keeper.clone(), entry, text));
            }
            EditorEffect::Watch { entry, text } => {
                keeper.queue.watch_kept(entry, self.on_answer(keeper.clone(), entry, text));
            }
            EditorEffect::CatchUp => self.page_state.catch_up(move |result| {
                let result = result.map(drop).map_err(|error| error.to_string());
                self.dispatch(EditorInput::CaughtUp(result));
            }),
            EditorEffect::Keep(unsaved) => keeper.keep(unsaved),
        }
    }

    /// Returns the callback for a save's outcome; it also works after the form is gone.
    fn on_answer(
        self,
        keeper: DraftStore,
        entry: Uuid,
        text: String,
    ) -> impl Fn(Result<Option<Change>, AppError>) + Send + Sync + 'static {
        move |result| {
            let refusal = result.err().map(|error| explain(self.field, &error));
            match refusal {
                refusal if !self.is_gone() => {
                    self.dispatch(EditorInput::Answered { entry, sent: text.clone(), refusal });
                }
                None => {}
                Some((why, recovery)) => {
                    keeper.keep(Unsaved { text: text.clone(), why, recovery, entry: Some(entry) });
                }
            }
        }
    }

    /// Watches a refused entry that this form shows from the start.
    fn watch(self) {
        let refused = self
            .model
            .with_value(|model| model.refused().map(|(entry, text)| (entry, text.to_owned())));
        if let Some((entry, text)) = refused {
            self.carry_out(&self.keeper(), EditorEffect::Watch { entry, text });
        }
    }

    /// Handles removal of the form: the draft is sent or stored. A deferred task does it, because the signals
    /// of the page are disposed at the same time and must not be notified.
    fn leave(self) {
        self.stop_timer();
        let Some(effects) = self.step(EditorInput::Removed) else { return };
        let (page_state, keeper) = (self.page_state, self.keeper());
        let place = (self.target, self.field);
        let go_on = move || {
            page_state.failing.try_maybe_update(|all| (all.remove(&place), ()));
            for effect in effects {
                self.carry_out(&keeper, effect);
            }
        };
        set_timeout(go_on, Duration::ZERO);
    }

    /// Parses a draft.
    fn read(self, draft: &str) -> Result<ParsedDraft, String> {
        let value = match form::read(self.field, draft)? {
            Value::Person(Some(chosen)) => {
                let people = self.page_state.people();
                Value::Person(people.into_iter().find(|person| person.id == chosen.id))
            }
            value => check(self.field, value)?,
        };
        let text = form::write(&value);
        Ok(ParsedDraft { value, text })
    }

    /// Returns the message of a conflict with the newest change of the field.
    fn conflict(self) -> String {
        let since = self.page_state.changes.with_untracked(|changes| {
            let about = changes.iter().find(|change| change.record.fields.contains(&self.field));
            about.cloned().into_iter().collect()
        });
        let head = self.page_state.inspection.with_untracked(|inspection| inspection.head);
        Conflict { expected: head, head, since, fields: Vec::new() }.to_string()
    }

    /// Returns whether the page or the form is gone.
    fn is_gone(self) -> bool {
        self.draft.is_disposed() || self.page_state.inspection.is_disposed()
    }

    /// Returns whether the draft is neither stored nor being sent.
    fn is_unsaved(self) -> bool {
        self.model.with_value(EditorState::is_unsaved)
    }

    fn tell_failing(self, failing: bool) {
        let place = (self.target, self.field);
        self.page_state.failing.maybe_update(|all| match failing {
            true => all.insert(place),
            false => all.remove(&place),
        });
    }

    fn keeper(self) -> DraftStore {
        let Self { page_state, target, field, .. } = self;
        DraftStore { queue: page_state.queue(), toasts: page_state.toasts, target, field }
    }

    fn stop_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}

/// Returns the field's value in the inspection, formatted for a control; `None` if the thing was
/// removed.
fn shown(page_state: InspectionPageState, target: Target, field: Field) -> Option<String> {
    let write = |it: &domain::inspection::Inspection| {
        it.value(target, field).map(|value| form::write(&value))
    };
    page_state.inspection.try_with(write).flatten()
}

/// Returns the id of a field's control.
pub(super) fn control_id(editor: Editor) -> String {
    format!("{}-{}", form::target::slug(editor.target), editor.field.slug())
}
