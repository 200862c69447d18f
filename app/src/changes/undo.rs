//! What can be undone: what was done in the last seconds, the last of it first.

use crate::ui::Toasts;
use domain::view::Form;
use leptos::prelude::*;

/// The forms that take something back, each with when it was done, in milliseconds since 1970.
#[derive(Clone, Copy, Default)]
pub(super) struct Undoable(StoredValue<Vec<(Form, f64)>>);

impl Undoable {
    /// Something was done just now, and this takes it back.
    pub(super) fn add(self, form: Form) {
        self.0.try_update_value(|all| all.push((form, js_sys::Date::now())));
    }

    /// What takes the last back, and how much more there is; nothing once it was too long ago.
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

    /// It is being taken back; answers whether the page is still there to do so.
    pub(super) fn remove(self, form: &Form) -> bool {
        self.0.try_update_value(|all| all.retain(|(it, _)| it != form)).is_some()
    }
}
