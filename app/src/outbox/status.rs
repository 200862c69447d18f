//! The state of the outbox as pages show it, before its code is fetched as well.

use super::js;
use domain::{InspectionId, outbox::Connection};
use leptos::prelude::*;
use uuid::Uuid;

/// The key in the browser's storage that says that the outbox may not be empty.
pub(super) const FLAG: &str = "plumbline-unsent";

/// The key there that changes with each page on which somebody is signed in, for the other tabs.
pub(super) const SESSION: &str = "plumbline-session";

/// The outbox's state; take it with `expect_context::<OutboxStatus>()`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OutboxStatus(pub(crate) RwSignal<Status>);

/// What the outbox holds, and how the connection stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) connection: Connection,
    /// How many edits and other forms wait to be sent.
    pub(crate) forms: usize,
    /// How many photos wait to be sent.
    pub(crate) photos: usize,
    /// Refused work that no open page shows.
    pub(crate) held: Vec<HeldLine>,
    /// Whether the browser cannot store it, so that it is kept in memory alone.
    pub(crate) in_memory: bool,
}

/// Refused work as the banner shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeldLine {
    pub(crate) id: Uuid,
    pub(crate) inspection: InspectionId,
    /// What it was, as in "Notes" or "roof.jpg".
    pub(crate) what: String,
    /// Why it was refused.
    pub(crate) why: String,
    /// The part of the inspection's page that it is about.
    pub(crate) place: String,
}

impl OutboxStatus {
    /// Provides the state as context.
    pub(crate) fn provide() {
        provide_context(Self(RwSignal::default()));
    }

    /// How the connection stands.
    pub(crate) fn connection(self) -> Connection {
        self.0.with(|status| status.connection)
    }

    /// Whether what was submitted waits for a connection or a session.
    pub(crate) fn is_stalled(self) -> bool {
        self.connection() != Connection::Up
    }
}

impl Status {
    /// What waits, as in "2 changes and 1 photo"; none where nothing does.
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

/// Whether the device says that it has a network.
pub(super) fn has_network() -> bool {
    let online = js::find(&window(), "navigator").and_then(|it| js::find(&it, "onLine"));
    online.and_then(|online| online.as_bool()).unwrap_or(true)
}

/// Whether the outbox may hold something, stored by this page or an earlier one.
pub(super) fn may_hold_something() -> bool {
    let storage = window().local_storage().ok().flatten();
    // Without this storage nothing is known.
    storage.is_none_or(|storage| storage.get_item(FLAG).ok().flatten().is_some())
}

/// Remembers whether the outbox may hold something.
pub(super) fn remember(holds: bool) {
    let Ok(Some(storage)) = window().local_storage() else { return };
    drop(match holds {
        true => storage.set_item(FLAG, "1"),
        false => storage.remove_item(FLAG),
    });
}

/// Tells the other tabs that somebody is signed in.
pub(super) fn tell_signed_in() {
    let Ok(Some(storage)) = window().local_storage() else { return };
    drop(storage.set_item(SESSION, &js_sys::Date::now().to_string()));
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
