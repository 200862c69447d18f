//! The menu under the person's initials.

use super::Shortcuts;
use crate::{
    auth::{SignOut, SignedIn},
    theme::ThemeSwitch,
    ui::{Avatar, Button, ButtonKind, Icon, LinkButton},
};
use leptos::{ev, html, prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_location;

/// Name, role, theme, password, sign-out. A `<details>`, so it opens without JavaScript; with it, Esc, a click
/// elsewhere and a new page close it.
#[component]
pub fn PersonMenu(
    /// Who is signed in.
    user: SignedIn,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(details) = node.get_untracked() {
            details.set_open(false);
        }
    };
    let shortcuts = expect_context::<Shortcuts>();
    let path = use_location().pathname;
    // The first page leaves it as it was opened before the page answered.
    Effect::new(move |ran: Option<()>| {
        path.track();
        if ran.is_some() {
            close();
        }
    });
    Effect::new(move || {
        let outside = window_event_listener(ev::pointerdown, move |event| {
            let inside = node.get_untracked().is_some_and(|details| {
                let target =
                    event.target().and_then(|target| wasm_bindgen::JsCast::dyn_into(target).ok());
                details.contains(target.as_ref())
            });
            if !inside {
                close();
            }
        });
        on_cleanup(move || outside.remove());
    });
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };

    view! {
        <details class="menu" node_ref=node on:keydown=on_key>
            <summary>
                <Avatar name=user.name.clone()/>
                <span class="menu-name">{user.name.clone()}</span>
                <span class="visually-hidden">", your menu"</span>
                <Icon icon=icondata_lu::LuChevronDown/>
            </summary>
            <div class="menu-panel">
                <p class="menu-who">
                    <strong>{user.name}</strong>
                    <span>{user.email}</span>
                    <span>{user.role.label()}</span>
                </p>
                <ThemeSwitch/>
                <LinkButton href="/account" kind=ButtonKind::Quiet icon=icondata_lu::LuKeyRound>
                    "Change password"
                </LinkButton>
                <div class="needs-script">
                    <Button
                        kind=ButtonKind::Quiet
                        icon=icondata_lu::LuKeyboard
                        on_click=move |_| {
                            close();
                            shortcuts.show();
                        }
                    >
                        "Keyboard shortcuts"
                    </Button>
                </div>
                <form method="post" action=SignOut::url()>
                    <Button submit=true kind=ButtonKind::Quiet icon=icondata_lu::LuLogOut>
                        "Sign out"
                    </Button>
                </form>
            </div>
        </details>
    }
}
