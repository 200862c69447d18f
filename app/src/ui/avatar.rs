//! Avatars and names of persons.

use leptos::prelude::*;

/// Initials of a person on a colour derived from the name. Hidden from assistive technology: show
/// the name beside it, or use [`PersonName`].
#[component]
pub fn Avatar(
    /// The person's full name.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! {
        <span class="avatar" data-hue=hue(&name).to_string() aria-hidden="true">
            {domain::people::initials(&name)}
        </span>
    }
}

/// Person, shown as initials and name.
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

/// Maps a name to one of the eight colours in `style/avatar.css`; the same name always gets the
/// same colour.
pub(super) fn hue(name: &str) -> u32 {
    name.bytes().fold(7_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())) % 8
}
