//! Undo stack of the dashboard: the actions of the last seconds.

use crate::ui::Toasts;
use domain::view::Form;
use leptos::prelude::*;

/// Forms that undo an action, with the action's time in milliseconds since 1970.
#[derive(Clone, Copy, Default)]
pub(super) struct Undoable(StoredValue<Vec<(Form, f64)>>);

impl Undoable {
    /// Adds the form that undoes the action just performed.
    pub(super) fn add(self, form: Form) {
        self.0.try_update_value(|all| all.push((form, js_sys::Date::now())));
    }

    /// Returns the form that undoes the last action and the number of earlier ones; `None` once it
    /// has expired.
    pub(super) fn last(self) -> Option<(Form, usize)> {
        let since = js_sys::Date::now() - Toasts::STAY.as_secs_f64() * 1000.0;
        self.0
            .try_update_value(|all| {
                all.retain(|(_, at)| *at >= since);
                let (form, _) = all.last()?;
                Some((form.clone(), all.len() - 1))
            })
            .flatten()
    }

    /// Removes a form that is being sent. Returns whether the page still exists.
    pub(super) fn remove(self, form: &Form) -> bool {
        self.0.try_update_value(|all| all.retain(|(it, _)| it != form)).is_some()
    }
}
