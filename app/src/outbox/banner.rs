//! The connection's state over every page: what is kept on this device, and what was refused.

use super::status::{HeldLine, OutboxStatus, has_network, may_hold_something, tell_signed_in};
use crate::{
    auth::CurrentUser,
    ui::{Icon, SignInLink},
};
use domain::{UserId, outbox::Connection};
use leptos::{lazy, prelude::*, task::spawn_local};

/// Says what stands in the way of sending, and what is kept until then.
#[component]
pub(crate) fn ConnectionBanner() -> impl IntoView {
    let status = expect_context::<OutboxStatus>();
    let CurrentUser(user) = expect_context();
    // Nothing is different before the page has come alive.
    let offline = RwSignal::new(false);
    Effect::new(move || {
        offline.set(!has_network());
        // Never removed, since the banner is as old as the page.
        drop(window_event_listener_untyped("offline", move |_| offline.set(true)));
        drop(window_event_listener_untyped("online", move |_| offline.set(false)));
    });
    Effect::new(move || {
        let person = user.get().and_then(|user| user.ok().flatten()).map(|user| user.id);
        if let Some(person) = person.filter(|_| may_hold_something()) {
            tell_signed_in();
            spawn_local(start(person, status));
        }
    });
    let words = Memo::new(move |_| {
        status.0.with(|status| {
        let waiting = status.waiting();
        let connection = if offline.get() { Connection::Offline } else { status.connection };
        let memory = status.in_memory.then_some(
            " This browser cannot store all of it: do not close this page before it is sent.",
        );
        let said = match (connection, waiting) {
            (Connection::Offline, None) => {
                "You're offline. What you type and photograph is kept on this device, and sent once \
                 you're back online.".to_owned()
            }
            (Connection::Offline, Some(what)) => format!(
                "You're offline. {what} kept on this device; sent once you're back online."
            ),
            (Connection::Lost, Some(what)) => {
                format!("The server can't be reached. {what} kept on this device; trying again.")
            }
            (Connection::SignedOut, Some(what)) => {
                format!("You're signed out. {what} kept on this device; sent once you sign in again.")
            }
            (_, Some(what)) if memory.is_some() => format!("{what} not sent yet."),
            _ => return None,
        };
        Some((said + memory.unwrap_or_default(), connection))
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
                            Connection::Offline | Connection::Lost => icondata_lu::LuWifiOff,
                            _ => icondata_lu::LuCircleAlert,
                        };
                        let sign_in = (connection == Connection::SignedOut)
                            .then(|| view! { <SignInLink/> });
                        view! { <p class="connection-line"><Icon icon/> {words} {sign_in}</p> }
                    })
            }}
            {move || held.get().into_iter().map(|line| view! { <Held line/> }).collect_view()}
        </div>
    }
}

/// Refused work that no open page shows, with the ways on.
#[component]
fn Held(line: HeldLine) -> impl IntoView {
    let HeldLine { id, inspection, what, why, place } = line;
    view! {
        <p class="connection-line connection-held">
            <Icon icon=icondata_lu::LuCircleAlert/>
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
