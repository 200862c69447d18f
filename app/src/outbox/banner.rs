//! Banner that reports the connection state, queued work and refused work on every page.

use super::status::{
    HeldLine, OutboxStatus, Status, has_network, may_hold_something, tell_signed_in,
};
use crate::effects::effect;
use crate::{
    auth::CurrentUser,
    ui::{Icon, SignInLink, icons},
};
use domain::{id::UserId, outbox::Connection};
use leptos::{lazy, prelude::*, task::spawn_local};

/// Shows why queued work cannot be sent and how much of it is kept on this device.
#[component]
pub(crate) fn ConnectionBanner() -> impl IntoView {
    let status = expect_context::<OutboxStatus>();
    let CurrentUser(user) = expect_context();
    // The first render assumes a connection, because hydration must find the server's markup.
    let offline = RwSignal::new(false);
    effect(move || {
        offline.set(!has_network());
        // The listeners are never removed, because the banner lives as long as the page.
        drop(window_event_listener_untyped("offline", move |_| offline.set(true)));
        drop(window_event_listener_untyped("online", move |_| offline.set(false)));
    });
    effect(move || {
        let person = user.get().and_then(|user| user.ok().flatten()).map(|user| user.id);
        let Some(person) = person else { return };
        tell_signed_in();
        if may_hold_something() {
            spawn_local(start(person, status));
        }
    });
    let words = Memo::new(move |_| {
        status.0.with(|status| {
            let connection = if offline.get() { Connection::Offline } else { status.connection };
            Some((words(status, connection)?, connection))
        })
    });
    let held = Memo::new(move |_| status.0.with(|status| status.held.clone()));
    view! {
        <div class="connection" role="status">
            {move || {
                words
                    .get()
                    .map(|(words, connection)| {
                        let icon = match connection {
                            Connection::Offline | Connection::Lost => icons::WIFI_OFF,
                            _ => icons::CIRCLE_ALERT,
                        };
                        let sign_in = (connection == Connection::SignedOut)
                            .then(|| view! { <SignInLink/> });
                        view! { <p class="connection-line"><Icon icon/> <span>{words}</span> {sign_in}</p> }
                    })
            }}
            {move || held.get().into_iter().map(|line| view! { <Held line/> }).collect_view()}
        </div>
    }
}

/// Returns the banner's text: the obstacle and the queued work; `None` when there is nothing to
/// report.
fn words(status: &Status, connection: Connection) -> Option<String> {
    let (state, until) = match connection {
        Connection::Up => ("", ""),
        Connection::Offline => ("You're offline. ", "sent once you're back online"),
        Connection::Lost => ("The server can't be reached. ", "trying again"),
        Connection::SignedOut => {
            ("You're signed out, or somebody else is signed in. ", "sent once you sign in again")
        }
    };
    if status.in_memory {
        return Some(format!(
            "{state}This browser cannot keep your work on this device, because its storage is full \
             or switched off. Do not close this page before everything is saved."
        ));
    }
    match (connection, status.waiting()) {
        (Connection::Up, _) => None,
        (_, Some(what)) => Some(format!("{state}{what} kept on this device; {until}.")),
        (Connection::Offline, None) => Some(format!(
            "{state}What you type and photograph is kept on this device, and {until}."
        )),
        (_, None) => None,
    }
}

/// Line for refused work that no open page shows, with a link to it and a button to discard it.
#[component]
fn Held(line: HeldLine) -> impl IntoView {
    let HeldLine { id, inspection, what, why, place } = line;
    view! {
        <p class="connection-line connection-held">
            <Icon icon=icons::CIRCLE_ALERT/>
            <span>"Not saved: " <bdi>{what}</bdi> ". " {why}</span>
            <a href=format!("/inspections/{inspection}#{place}")>"Show it"</a>
            <button
                type="button"
                class="button button-quiet"
                on:click=move |_| spawn_local(discard(id))
            >
                "Discard"
            </button>
        </p>
    }
}

#[lazy]
fn start(person: UserId, status: OutboxStatus) {
    super::runtime::start(person, status.0);
}

#[lazy]
fn discard(id: uuid::Uuid) {
    super::runtime::discard(id);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_kept_and_until_when() {
        let status = Status { forms: 2, photos: 1, ..Status::default() };
        let said = |status: &Status, connection| words(status, connection).unwrap_or_default();
        assert_eq!(said(&status, Connection::Up), "");
        assert_eq!(
            said(&status, Connection::Lost),
            "The server can't be reached. 2 changes and 1 photo kept on this device; trying again."
        );
        let nothing = Status::default();
        assert_eq!(said(&nothing, Connection::SignedOut), "");
        assert!(said(&nothing, Connection::Offline).starts_with("You're offline. What you type"));
        let memory = Status { in_memory: true, ..status };
        let said = said(&memory, Connection::Up);
        assert!(said.contains("Do not close this page") && !said.contains("kept on"), "{said}");
    }
}
