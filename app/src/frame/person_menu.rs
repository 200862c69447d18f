//! User menu.

use super::Shortcuts;
use crate::{
    auth::{SignOut, SignedIn},
    theme::ThemeSwitch,
    ui::{Avatar, Button, ButtonKind, Icon, LinkButton, Menu, close_menu, icons},
};
use domain::permission::may_manage_organisation;
use leptos::{html, prelude::*, server_fn::ServerFn};

/// Menu with name, role, theme, password, the organisation for admins, and sign-out.
#[component]
pub fn PersonMenu(
    /// User who is signed in.
    user: SignedIn,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let shortcuts = expect_context::<Shortcuts>();
    let name = user.name.clone();
    let summary = move || {
        view! {
            <Avatar name=name.clone()/>
            <bdi class="menu-name">{name}</bdi>
            <span class="visually-hidden">", your menu"</span>
            <Icon icon=icons::CHEVRON_DOWN/>
        }
    };

    view! {
        <Menu node summary>
            <p class="menu-who">
                <strong>{user.name}</strong>
                <span>{user.email}</span>
                <span>{user.role.label()}</span>
            </p>
            <ThemeSwitch/>
            <LinkButton href="/account" kind=ButtonKind::Quiet icon=icons::KEY_ROUND>
                "Change password"
            </LinkButton>
            {may_manage_organisation(user.role).then(|| view! {
                <LinkButton
                    href="/settings/organisation"
                    kind=ButtonKind::Quiet
                    icon=icons::BUILDING_2
                >
                    "Organisation"
                </LinkButton>
            })}
            <div class="needs-script">
                <Button
                    kind=ButtonKind::Quiet
                    icon=icons::KEYBOARD
                    on_click=move |_| {
                        close_menu(node);
                        shortcuts.show();
                    }
                >
                    "Keyboard shortcuts"
                </Button>
            </div>
            <form method="post" action=SignOut::url()>
                <Button submit=true kind=ButtonKind::Quiet icon=icons::LOG_OUT>
                    "Sign out"
                </Button>
            </form>
        </Menu>
    }
}
