//! One field being edited in place: what is typed, how saving it stands, and what to do when someone
//! else was faster.

use super::desk::Desk;
use crate::{error::AppError, inspections::form, ui::Saved};
use domain::{Conflict, Field, Kind, Mutation, Target, Value, Values, check};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;

/// A field being edited; cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Editor {
    pub(super) desk: Desk,
    pub(super) target: Target,
    pub(super) field: Field,
    /// What is typed.
    pub(super) draft: RwSignal<String>,
    /// How saving it stands.
    pub(super) state: RwSignal<Saved>,
    /// Whether it was not saved because someone else changed the inspection first.
    pub(super) overtaken: RwSignal<bool>,
    /// What the typing started from, or was last saved as.
    base: StoredValue<String>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Editor {
    /// Starts with what is there, or with what a refused form had typed.
    pub(super) fn new(desk: Desk, target: Target, field: Field) -> Self {
        let base = shown(desk, target, field);
        let again = desk.refused(form::Deed::Edit, target);
        let (typed, why) = match &again {
            Some(again) => (again.typed.get(field.slug()), again.fields.get(field.slug())),
            None => (None, None),
        };
        let editor = Self {
            desk,
            target,
            field,
            draft: RwSignal::new(typed.unwrap_or(&base).clone()),
            state: RwSignal::new(why.cloned().map(Saved::Failed).unwrap_or_default()),
            overtaken: RwSignal::new(false),
            base: StoredValue::new(base),
            timer: StoredValue::new(None),
        };
        // Where nothing is typed, the control follows what others do.
        Effect::new(move || {
            let now = shown(desk, target, field);
            if editor.draft.with_untracked(|draft| editor.base.with_value(|base| draft == base)) {
                editor.draft.set(now.clone());
                editor.base.set_value(now);
            }
        });
        on_cleanup(move || editor.stop_waiting());
        editor
    }

    /// A key was pressed or a choice made. Prose is saved once the typing rests, a choice soon.
    pub(super) fn typed(self, text: String) {
        self.draft.set(text);
        self.stop_waiting();
        let rest = match self.field.kind() {
            Kind::Prose => Duration::from_millis(800),
            Kind::Condition => Duration::from_millis(350),
            Kind::Section | Kind::Person => return self.save(),
            _ => return,
        };
        self.timer.set_value(set_timeout_with_handle(move || self.save(), rest).ok());
    }

    /// The control was left: what is typed is saved, and then stands as it was stored.
    pub(super) fn left(self) {
        // Whoever was overtaken decides by a button; sending again would take it from under them.
        if self.overtaken.get_untracked() {
            return;
        }
        self.save();
        if !matches!(self.state.get_untracked(), Saved::Failed(_)) {
            self.draft.set(self.base.get_value());
        }
    }

    /// Saves what is typed, if it is new.
    pub(super) fn save(self) {
        self.stop_waiting();
        let value = match self.read() {
            Ok(value) => value,
            Err(why) => return self.state.set(Saved::Failed(why)),
        };
        let text = form::write(&value);
        let now = untrack(|| shown(self.desk, self.target, self.field));
        if text == now {
            self.overtaken.set(false);
            self.base.set_value(now);
            if matches!(self.state.get_untracked(), Saved::Failed(_)) {
                self.state.set(Saved::Untouched);
            }
            return;
        }
        if self.base.with_value(|base| *base != now) {
            self.overtaken.set(true);
            return self.state.set(Saved::Failed(self.who_was_faster()));
        }
        self.base.set_value(text.clone());
        self.state.set(Saved::Saving);
        let values = Values::new().with(self.field, value);
        let target = self.target;
        self.desk.perform(Mutation::Edit { target, values }, move |result| {
            self.told(&text, result.err())
        });
    }

    /// Puts back what is stored and forgets what was typed.
    pub(super) fn restore(self) {
        self.stop_waiting();
        let now = untrack(|| shown(self.desk, self.target, self.field));
        self.draft.set(now.clone());
        self.base.set_value(now);
        self.overtaken.set(false);
        self.state.set(Saved::Untouched);
    }

    /// Loads what others did and saves what is typed on top of it.
    pub(super) fn keep_mine(self) {
        self.state.set(Saved::Saving);
        self.desk.catch_up(move |result| match result {
            Ok(_) => {
                let now = untrack(|| shown(self.desk, self.target, self.field));
                self.overtaken.set(false);
                self.base.set_value(now);
                self.state.set(Saved::Saved);
                self.save();
            }
            Err(error) => self.state.set(Saved::Failed(error.to_string())),
        });
    }

    /// Loads what others did and forgets what was typed.
    pub(super) fn take_theirs(self) {
        self.state.set(Saved::Saving);
        self.desk.catch_up(move |result| match result {
            Ok(_) => self.restore(),
            Err(error) => self.state.set(Saved::Failed(error.to_string())),
        });
    }

    /// How its saving went. The page may be gone by now.
    fn told(self, sent: &str, error: Option<AppError>) {
        let Some(draft) = self.draft.try_get_untracked() else { return };
        let Some(error) = error else {
            let resting = draft == sent || self.read().is_ok_and(|it| form::write(&it) == sent);
            self.state.set(if resting { Saved::Saved } else { Saved::Saving });
            return;
        };
        self.base.set_value(untrack(|| shown(self.desk, self.target, self.field)));
        self.overtaken.set(matches!(error, AppError::Conflict { .. }));
        let why = error.field(self.field.slug()).unwrap_or_else(|| error.to_string());
        self.state.set(Saved::Failed(why));
    }

    /// What is typed, as it would be stored.
    fn read(self) -> Result<Value, String> {
        let value = self.draft.with_untracked(|draft| form::read(self.field, draft))?;
        if let Value::Person(Some(chosen)) = value {
            let people = self.desk.people();
            return Ok(Value::Person(people.into_iter().find(|person| person.id == chosen.id)));
        }
        check(self.field, value)
    }

    fn who_was_faster(self) -> String {
        let since = self.desk.changes.with_untracked(|changes| {
            let about = changes.iter().find(|change| change.record.fields.contains(&self.field));
            about.cloned().into_iter().collect()
        });
        let head = self.desk.inspection.with_untracked(|inspection| inspection.head);
        Conflict { expected: head, head, since }.to_string()
    }

    fn stop_waiting(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}

/// What the inspection holds in that field, as it stands in a control.
fn shown(desk: Desk, target: Target, field: Field) -> String {
    desk.inspection.with(|inspection| {
        inspection.value(target, field).map(|value| form::write(&value)).unwrap_or_default()
    })
}
