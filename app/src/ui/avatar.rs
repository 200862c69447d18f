//! People, as name and initials.

use leptos::prelude::*;

/// A person's initials on a colour of their own. Hidden from assistive technology: set the name
/// beside it, or use [`PersonName`].
#[component]
pub fn Avatar(
    /// The person's full name.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! {
        <span class="avatar" data-hue=hue(&name).to_string() aria-hidden="true">
            {domain::initials(&name)}
        </span>
    }
}

/// A person: initials and name.
#[component]
pub fn PersonName(
    /// The person's full name.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! {
        <span class="person">
            <Avatar name=name.clone()/>
            <bdi class="person-name">{name}</bdi>
        </span>
    }
}

/// The same name always gets the same one of the eight colours in `style/avatar.css`.
fn hue(name: &str) -> u32 {
    name.bytes().fold(7_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())) % 8
}
