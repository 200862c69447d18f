//! Undo stack of the dashboard: the actions of the last seconds.

use crate::ui::Toasts;
use domain::{feed::EntryKey, view::Form};

/// Actions that can be undone, the last one at the end.
#[derive(Clone, Debug, Default)]
pub(super) struct UndoStack(Vec<Undoable>);

/// An action that can be undone.
#[derive(Clone, Debug)]
pub(super) struct Undoable {
    /// Form that undoes it.
    pub(super) form: Form,
    /// Time of its answer, in milliseconds since 1970.
    pub(super) at: f64,
    /// Entries that it removed from the page.
    pub(super) removed: Vec<EntryKey>,
}

impl UndoStack {
    /// Adds an action.
    pub(super) fn push(&mut self, action: Undoable) {
        self.0.push(action);
    }

    /// Removes the action that this form undoes; `None` if it has expired.
    pub(super) fn take(&mut self, form: &Form) -> Option<Undoable> {
        let at = self.0.iter().position(|it| it.form == *form)?;
        Some(self.0.remove(at))
    }

    /// Returns the form that undoes the last action and the number of earlier ones; `None` once it
    /// has expired, with its toast.
    pub(super) fn last(&mut self, now: f64) -> Option<(Form, usize)> {
        let since = now - Toasts::STAY.as_secs_f64() * 1_000.0;
        self.0.retain(|it| it.at >= since);
        let last = self.0.last()?;
        Some((last.form.clone(), self.0.len() - 1))
    }
}
