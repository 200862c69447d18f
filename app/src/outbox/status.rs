//! State of the outbox as pages show it, available before the outbox's code is loaded.

use super::js;
use crate::ui::js_now;
use domain::{id::InspectionId, outbox::Connection};
use leptos::prelude::*;
use uuid::Uuid;

/// Local-storage key that is present while the outbox may hold entries.
pub(super) const FLAG: &str = "plumbline-unsent";

/// Local-storage key that every signed-in page rewrites, to notify the other tabs.
pub(super) const SESSION: &str = "plumbline-session";

/// State of the outbox; use `expect_context::<OutboxStatus>()`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OutboxStatus(pub(crate) RwSignal<Status>);

/// Contents of the outbox and state of the connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) connection: Connection,
    /// Number of edits and other forms waiting to be sent.
    pub(crate) forms: usize,
    /// Number of photos waiting to be sent.
    pub(crate) photos: usize,
    /// Refused work that no open page shows.
    pub(crate) held: Vec<HeldLine>,
    /// Whether the browser cannot store the outbox, so that it is only in memory.
    pub(crate) in_memory: bool,
}

/// Refused work as the banner shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeldLine {
    pub(crate) id: Uuid,
    pub(crate) inspection: InspectionId,
    /// Name of the work, as in "Notes" or "roof.jpg".
    pub(crate) what: String,
    /// Reason it was refused.
    pub(crate) why: String,
    /// Id of the element on the inspection's page that it belongs to.
    pub(crate) place: String,
}

impl OutboxStatus {
    /// Provides the state as context.
    pub(crate) fn provide() {
        provide_context(Self(RwSignal::default()));
    }

    /// Returns the connection's state.
    pub(crate) fn connection(self) -> Connection {
        self.0.with(|status| status.connection)
    }

    /// Returns whether submitted work waits for a connection or a session.
    pub(crate) fn is_stalled(self) -> bool {
        self.connection() != Connection::Up
    }
}

impl Status {
    /// Returns the queued work in words, as in "2 changes and 1 photo"; `None` when the queue is
    /// empty.
    pub(crate) fn waiting(&self) -> Option<String> {
        let count = |number: usize, one: &str, many: &str| match number {
            0 => None,
            1 => Some(format!("1 {one}")),
            number => Some(format!("{number} {many}")),
        };
        let forms = count(self.forms, "change", "changes");
        let photos = count(self.photos, "photo", "photos");
        match (forms, photos) {
            (Some(forms), Some(photos)) => Some(format!("{forms} and {photos}")),
            (forms, photos) => forms.or(photos),
        }
    }
}

/// Returns whether the browser reports a network.
pub(super) fn has_network() -> bool {
    let online = js::find(&window(), "navigator").and_then(|it| js::find(&it, "onLine"));
    online.and_then(|online| online.as_bool()).unwrap_or(true)
}

/// Returns whether this page or an earlier one may have stored entries in the outbox.
pub(super) fn may_hold_something() -> bool {
    let storage = window().local_storage().ok().flatten();
    // Without local storage this is unknown, so assume yes.
    storage.is_none_or(|storage| storage.get_item(FLAG).ok().flatten().is_some())
}

/// Records whether the outbox may hold entries.
pub(super) fn remember(holds: bool) {
    let Ok(Some(storage)) = window().local_storage() else { return };
    drop(match holds {
        true => storage.set_item(FLAG, "1"),
        false => storage.remove_item(FLAG),
    });
}

/// Notifies the other tabs that a person is signed in.
pub(super) fn tell_signed_in() {
    let Ok(Some(storage)) = window().local_storage() else { return };
    drop(storage.set_item(SESSION, &js_now().to_string()));
}

#[cfg(test)]
mod tests {
    use super::Status;

    #[test]
    fn says_how_much_waits() {
        let waiting = |forms, photos| Status { forms, photos, ..Status::default() }.waiting();
        assert_eq!(waiting(0, 0), None);
        assert_eq!(waiting(1, 0).as_deref(), Some("1 change"));
        assert_eq!(waiting(2, 1).as_deref(), Some("2 changes and 1 photo"));
        assert_eq!(waiting(0, 5).as_deref(), Some("5 photos"));
    }
}
