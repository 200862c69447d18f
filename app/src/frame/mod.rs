//! What stands around every page: the bar, the way about, and the person's menu.

mod guard;
mod person_menu;

pub use guard::ask_to_sign_in;

use crate::{
    auth::{CurrentUser, SignedIn},
    error::AppError,
    ui::{Icon, Mark, PageError, ToastRegion},
};
use domain::{may_manage_users, may_review_changes};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};
use person_menu::PersonMenu;

/// The bar above the page (its links at the foot of a phone), the page, and the toasts.
#[component]
pub fn Frame(
    /// The page.
    children: Children,
) -> impl IntoView {
    let user = expect_context::<CurrentUser>();
    let path = use_location().pathname;
    let bar = move || {
        let user = user.get();
        if user.is_none() && path.get() != "/login" {
            ask_to_sign_in();
        }
        user.map(|user| view! { <Navigation user/> })
    };
    view! {
        <a class="skip" href="#content">"Skip to the content"</a>
        <header class="bar">
            <a class="brand" href="/">
                <Mark/>
                "Plumbline"
            </a>
            <Suspense>{bar}</Suspense>
        </header>
        <main id="content" tabindex="-1">{children()}</main>
        <ToastRegion/>
    }
    .into_any()
}

#[component]
fn Navigation(user: SignedIn) -> impl IntoView {
    view! {
        <nav class="nav" aria-label="Main">
            <A href="/inspections"><Icon icon=icondata_lu::LuClipboardCheck/>"Inspections"</A>
            {may_review_changes(user.role)
                .then(|| view! { <A href="/changes"><Icon icon=icondata_lu::LuHistory/>"Changes"</A> })}
            {may_manage_users(user.role)
                .then(|| view! { <A href="/users"><Icon icon=icondata_lu::LuUsers/>"Users"</A> })}
        </nav>
        <PersonMenu user/>
    }
}

/// What an address that leads nowhere shows, with the status that says so.
#[component]
pub fn NotFound() -> impl IntoView {
    let error = AppError::NotFound("There is no page at this address.".into());
    view! { <PageError error/> }
}
