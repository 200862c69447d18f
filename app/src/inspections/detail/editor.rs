//! Editor of one field in place: its draft, the state of saving, and the recovery from a failed
//! save.

use super::{
    draft_store::{self, DraftStore, Unsaved},
    page_state::InspectionPageState,
    recovery_actions::SaveRecovery,
    unload_guard::UnloadGuard,
};
use crate::{
    error::AppError,
    form::{self, edit_of},
    outbox, request_id,
    ui::Saved,
};
use domain::{
    change::{Change, Conflict, Mutation},
    inspection::{Field, Target, Value, ValueKind, Values, check},
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
    pub(super) way: RwSignal<Option<SaveRecovery>>,
    /// Text that the draft started from or was last saved as.
    base: StoredValue<String>,
    /// Outbox entry of typed or refused text; `None` once everything is sent.
    entry: StoredValue<Option<Uuid>>,
    /// Text of that entry, if the server refused it.
    refused: StoredValue<Option<String>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    hold: StoredValue<Option<UnloadGuard>>,
}

/// Result of preparing a save.
enum Next {
    /// The value is already stored, as this text.
    Nothing(String),
    /// Value to send, with its text.
    Send(Value, String),
    /// The value is invalid.
    Fail(String, Option<SaveRecovery>),
}

/// Unsaved text of a form that is being removed.
enum Unsent {
    Nothing,
    Sent(Value, String),
    Kept(Unsaved),
}

fn explain(field: Field, error: &AppError) -> (String, Option<SaveRecovery>) {
    let why = error.field(field.slug()).unwrap_or_else(|| error.to_string());
    (why, SaveRecovery::after(error))
}

impl Editor {
    /// Creates the editor with the stored value, the text of a refused form, or the stored draft of an
    /// earlier form.
    pub(super) fn new(page_state: InspectionPageState, target: Target, field: Field) -> Self {
        let base = shown(page_state, target, field);
        let refused = page_state.refused(form::FormAction::Edit, target).and_then(|again| {
            let text = again.typed.get(field.slug())?.clone();
            Some((text, again.error.field(field.slug()), None))
        });
        let (text, why, way, entry) = refused
            .map(|(text, why, way)| (text, why, way, None))
            .or_else(|| {
                let Unsaved { text, why, way, entry } =
                    draft_store::take(page_state.id(), target, field)?;
                Some((text, Some(why), way, entry))
            })
            .unwrap_or_else(|| (base.clone(), None, None, None));
        let editor = Self {
            page_state,
            target,
            field,
            draft: RwSignal::new(text.clone()),
            state: RwSignal::new(why.map(Saved::Failed).unwrap_or_default()),
            way: RwSignal::new(way),
            base: StoredValue::new(base),
            refused: StoredValue::new(entry.is_some().then(|| text.clone())),
            entry: StoredValue::new(entry),
            timer: StoredValue::new(None),
            hold: StoredValue::new(None),
        };
        Effect::new(move || editor.watch());
        // Without a draft, the control follows changes by others.
        Effect::new(move || {
            let now = shown(page_state, target, field);
            if !editor.is_unsaved() {
                editor.draft.set(now.clone());
                editor.base.set_value(now);
            }
        });
        // Refused entries of earlier pages are shown at their fields.
        Effect::new(move || {
            page_state.found.track();
            if !editor.is_unsaved() {
                editor.take_kept();
            }
        });
        // Closing the tab would lose the draft, and the heading reports unsaved text.
        Effect::new(move || {
            let failed = matches!(editor.state.get(), Saved::Failed(_));
            editor.draft.track();
            editor.hold.set_value(editor.is_unsaved().then(UnloadGuard::new));
            editor.tell_failing(failed);
        });
        Effect::new(move || on_cleanup(move || editor.leave()));
        editor
    }

    /// Handles a keystroke or a choice. Prose is saved after a pause in typing, a choice sooner.
    pub(super) fn typed(self, text: String) {
        self.draft.set(text);
        self.keep();
        // The text has changed since the failure, and losing the focus sends it.
        if self.way.get_untracked().is_some_and(|way| way != SaveRecovery::Decide) {
            self.way.set(None);
        }
        self.stop_waiting();
        let rest = match self.field.kind() {
            ValueKind::Prose => Duration::from_millis(800),
            ValueKind::Condition => Duration::from_millis(350),
            ValueKind::Section | ValueKind::Person => return self.save(),
            _ => return,
        };
        self.timer.set_value(set_timeout_with_handle(move || self.save(), rest).ok());
    }

    /// Handles loss of focus: saves the draft and then shows the stored value. If a recovery button
    /// is shown, nothing is done, because the button must not disappear while it is pressed. A
    /// control that is removed while focused also loses the focus; the deferred task then finds the
    /// form gone and does nothing.
    pub(super) fn left(self) {
        let go_on = move || {
            if self.is_gone() || self.way.get_untracked().is_some() {
                return;
            }
            self.save();
            if !matches!(self.state.get_untracked(), Saved::Failed(_)) {
                self.draft.set(self.base.get_value());
            }
        };
        set_timeout(go_on, Duration::ZERO);
    }

    /// Saves the draft, if it differs from the stored value.
    pub(super) fn save(self) {
        self.stop_waiting();
        // After a conflict the person chooses by a button; another save would remove the buttons.
        if self.way.get_untracked() == Some(SaveRecovery::Decide) {
            return;
        }
        match self.next() {
            Next::Nothing(now) => {
                self.forget();
                self.base.set_value(now);
                self.way.set(None);
                if matches!(self.state.get_untracked(), Saved::Failed(_)) {
                    self.state.set(Saved::Untouched);
                }
            }
            Next::Send(value, text) => {
                self.base.set_value(text.clone());
                self.state.set(Saved::Saving);
                self.send(value, text);
            }
            Next::Fail(why, way) => self.fail(why, way),
        }
    }

    /// Restores the stored value and discards the draft.
    pub(super) fn restore(self) {
        self.stop_waiting();
        self.forget();
        let now = untrack(|| shown(self.page_state, self.target, self.field));
        self.base.set_value(now.clone());
        self.draft.set(now);
        self.way.set(None);
        self.state.set(Saved::Untouched);
    }

    /// Loads others' changes and saves the draft on top of them.
    pub(super) fn keep_mine(self) {
        self.once_caught_up(move || {
            self.base.set_value(untrack(|| shown(self.page_state, self.target, self.field)));
            self.way.set(None);
            self.state.set(Saved::Saved);
            self.save();
        });
    }

    /// Loads others' changes and discards the draft.
    pub(super) fn take_theirs(self) {
        self.once_caught_up(move || self.restore());
    }

    /// Loads others' changes and puts both texts into the control, to be merged.
    pub(super) fn edit_both(self) {
        self.once_caught_up(move || {
            let theirs = untrack(|| shown(self.page_state, self.target, self.field));
            let mine = self.draft.get_untracked();
            let apart = if self.field.kind() == ValueKind::Prose { "\n\n" } else { " / " };
            self.base.set_value(theirs.clone());
            self.way.set(None);
            self.state.set(Saved::Untouched);
            self.draft.set(format!("{mine}{apart}{theirs}"));
            self.keep();
        });
    }

    /// Returns the field's current value in the inspection, formatted for a control.
    pub(super) fn recorded(self) -> String {
        shown(self.page_state, self.target, self.field)
    }

    /// Calls `go_on` once others' changes are loaded, unless the form is gone.
    fn once_caught_up(self, go_on: impl FnOnce() + Send + 'static) {
        self.state.set(Saved::Saving);
        self.page_state.catch_up(move |result| match result {
            _ if self.draft.is_disposed() => {}
            Ok(_) => go_on(),
            Err(error) => self.fail(error.to_string(), Some(SaveRecovery::Decide)),
        });
    }

    /// Prepares the save of the draft.
    fn next(self) -> Next {
        let value = match self.read() {
            Ok(value) => value,
            Err(why) => return Next::Fail(why, None),
        };
        let text = form::write(&value);
        let now = untrack(|| shown(self.page_state, self.target, self.field));
        if text == now {
            Next::Nothing(now)
        } else if self.base.with_value(|base| *base != now) {
            Next::Fail(self.who_was_faster(), Some(SaveRecovery::Decide))
        } else {
            Next::Send(value, text)
        }
    }

    fn send(self, value: Value, text: String) {
        let values = Values::new().with(self.field, value);
        let edit = Mutation::Edit { target: self.target, values };
        // Text typed from now on belongs to a new entry.
        let entry = or_new(self.entry.get_value());
        self.entry.set_value(None);
        self.refused.set_value(None);
        self.page_state.queue().send_kept(entry, edit, self.teller(entry, text));
    }

    /// Returns the callback for a save's outcome; it also works after the form is gone.
    fn teller(
        self,
        entry: Uuid,
        text: String,
    ) -> impl Fn(Result<Option<Change>, AppError>) + Send + Sync + 'static {
        let (keeper, field) = (self.keeper(), self.field);
        move |result| match (self.draft.try_get_untracked(), result) {
            (Some(draft), result) => self.told(entry, &draft, &text, result.err()),
            (None, Ok(_)) => {}
            (None, Err(error)) => {
                let (why, way) = explain(field, &error);
                keeper.keep(Unsaved { text: text.clone(), why, way, entry: Some(entry) });
            }
        }
    }

    /// Watches a refused entry that this form now shows.
    fn watch(self) {
        if let (Some(entry), Some(text)) = (self.entry.get_value(), self.refused.get_value()) {
            self.page_state.queue().watch_kept(entry, self.teller(entry, text));
        }
    }

    /// Handles the outcome of a save.
    fn told(self, entry: Uuid, draft: &str, sent: &str, error: Option<AppError>) {
        let Some(error) = error else {
            if self.entry.get_value() == Some(entry) {
                self.entry.set_value(None);
                self.refused.set_value(None);
                self.base.set_value(sent.to_owned());
            }
            let resting = draft == sent || self.read().is_ok_and(|it| form::write(&it) == sent);
            self.way.set(None);
            return self.state.set(if resting { Saved::Saved } else { Saved::Saving });
        };
        // If other text was typed meanwhile, it replaces the refused text.
        match self.entry.get_value() {
            Some(newer) if newer != entry => outbox::discard(entry),
            _ => {
                self.entry.set_value(Some(entry));
                self.refused.set_value(Some(sent.to_owned()));
            }
        }
        self.base.set_value(untrack(|| shown(self.page_state, self.target, self.field)));
        let (why, way) = explain(self.field, &error);
        self.fail(why, way);
    }

    /// Stores the draft in the outbox until it is sent or discarded.
    fn keep(self) {
        if !self.is_unsaved() {
            return self.forget();
        }
        let entry = self.entry.get_value().filter(|_| self.refused.get_value().is_none());
        if entry.is_none() {
            // A refused entry may have reached the server, so new text gets a new entry.
            self.forget();
        }
        let entry = or_new(entry);
        self.entry.set_value(Some(entry));
        let text = self.draft.get_untracked();
        self.page_state.queue().keep(entry, edit_of(self.target, self.field, text));
    }

    /// Removes the draft or refused text from the outbox.
    fn forget(self) {
        self.refused.set_value(None);
        if let Some(entry) = self.entry.try_update_value(Option::take).flatten() {
            outbox::discard(entry);
        }
    }

    /// Shows a stored draft that was refused after its page was closed.
    fn take_kept(self) {
        let Some(kept) = draft_store::take(self.page_state.id(), self.target, self.field) else {
            return;
        };
        self.entry.set_value(kept.entry);
        self.refused.set_value(Some(kept.text.clone()));
        self.draft.set(kept.text);
        self.watch();
        self.fail(kept.why, kept.way);
    }

    fn fail(self, why: String, way: Option<SaveRecovery>) {
        self.way.set(way);
        self.state.set(Saved::Failed(why));
    }

    /// Handles removal of the form: the draft is sent or stored. A deferred task does it, because the signals
    /// of the page are disposed at the same time and must not be notified.
    fn leave(self) {
        self.stop_waiting();
        let Some(unsent) = self.unsent() else { return };
        let (page_state, keeper) = (self.page_state, self.keeper());
        let (target, field) = (self.target, self.field);
        let entry = self.entry.get_value();
        let go_on = move || {
            page_state.failing.try_maybe_update(|all| (all.remove(&(target, field)), ()));
            match unsent {
                Unsent::Nothing => {
                    if let Some(entry) = entry {
                        outbox::discard(entry);
                    }
                }
                Unsent::Kept(unsaved) => keeper.keep(unsaved),
                Unsent::Sent(value, text) => {
                    let queue = keeper.queue.clone();
                    let entry = or_new(entry);
                    let told = move |result: Result<_, AppError>| {
                        if let Err(error) = result {
                            let (why, way) = explain(field, &error);
                            let text = text.clone();
                            keeper.keep(Unsaved { text, why, way, entry: Some(entry) });
                        }
                    };
                    let values = Values::new().with(field, value);
                    queue.send_kept(entry, Mutation::Edit { target, values }, told);
                }
            }
        };
        set_timeout(go_on, Duration::ZERO);
    }

    /// Returns the unsaved text; `None` when the form is already gone.
    fn unsent(self) -> Option<Unsent> {
        let text = self.draft.try_get_untracked()?;
        let there =
            |it: &domain::inspection::Inspection| it.value(self.target, self.field).is_some();
        if self.is_gone() || !self.is_unsaved() || !self.page_state.inspection.with_untracked(there)
        {
            return Some(Unsent::Nothing);
        }
        if let Saved::Failed(why) = self.state.get_untracked() {
            let (way, entry) = (self.way.get_untracked(), self.entry.get_value());
            return Some(Unsent::Kept(Unsaved { text, why, way, entry }));
        }
        Some(match self.next() {
            Next::Nothing(_) => Unsent::Nothing,
            Next::Send(value, text) => Unsent::Sent(value, text),
            Next::Fail(why, way) => {
                Unsent::Kept(Unsaved { text, why, way, entry: self.entry.get_value() })
            }
        })
    }

    /// Parses the draft to a value.
    fn read(self) -> Result<Value, String> {
        let value = self.draft.with_untracked(|draft| form::read(self.field, draft))?;
        if let Value::Person(Some(chosen)) = value {
            let people = self.page_state.people();
            return Ok(Value::Person(people.into_iter().find(|person| person.id == chosen.id)));
        }
        check(self.field, value)
    }

    fn who_was_faster(self) -> String {
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
        self.draft.with_untracked(|draft| self.base.with_value(|base| draft != base))
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

    fn stop_waiting(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}

/// Returns the field's value in the inspection, formatted for a control.
fn shown(page_state: InspectionPageState, target: Target, field: Field) -> String {
    page_state.inspection.with(|inspection| {
        inspection.value(target, field).map(|value| form::write(&value)).unwrap_or_default()
    })
}

/// Returns the given entry's id, or a new id.
fn or_new(entry: Option<Uuid>) -> Uuid {
    match entry {
        Some(entry) => entry,
        None => request_id::new(),
    }
}
