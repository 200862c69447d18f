//! Layout around every page: navigation bar, toasts and the user menu.

mod person_menu;
mod shortcuts;
mod without_scripts;

pub use shortcuts::{Command, Shortcuts};

use crate::{
    auth::{CurrentUser, SignedIn, session_changed_page},
    error::AppError,
    hydration::DeferredHydration,
    outbox::{ConnectionBanner, stop_links_without_a_network},
    ui::{Icon, Mark, PageError, ToastRegion, ask_to_sign_in, icons},
    wire::Wire,
};
use domain::permission::{may_manage_users, may_review_changes};
use leptos::{html, prelude::*};
use leptos_router::{components::A, hooks::use_location};
use person_menu::PersonMenu;
use serde::{Deserialize, Serialize};
use shortcuts::ShortcutsDialog;
use without_scripts::WithoutScripts;

/// Navigation bar at the top of the page (its links at the bottom on a phone), the page, and the
/// toasts.
#[component]
pub fn Frame(
    /// Whether the page at a path is for people who have not signed in.
    is_for_visitors: fn(&str) -> bool,
    /// Page content.
    children: Children,
) -> impl IntoView {
    let CurrentUser(user) = expect_context();
    let path = use_location().pathname;
    let shortcuts = Shortcuts::provide();
    let bar = move || match user.get() {
        Some(Ok(Some(user))) => Some(view! { <Navigation user/> }),
        Some(Ok(None)) => {
            if path.with(|path| !is_for_visitors(path)) {
                ask_to_sign_in();
            }
            None
        }
        _ => None,
    };
    let page = session_changed_page().unwrap_or_else(|| children().into_any());
    let content = NodeRef::<html::Main>::new();
    focus_on_new_page(content, path);
    stop_links_without_a_network();
    view! {
        <a class="skip" href="#content">"Skip to the content"</a>
        <DeferredHydration>
            <header class="bar">
                <a class="brand" href="/">
                    <Mark/>
                    "Plumbline"
                </a>
                <Suspense>{bar}</Suspense>
            </header>
        </DeferredHydration>
        <DeferredHydration><ConnectionBanner/></DeferredHydration>
        <WithoutScripts/>
        <DeferredHydration>
            <main id="content" tabindex="-1" node_ref=content>
                {page}
            </main>
        </DeferredHydration>
        <DeferredHydration><ToastRegion/></DeferredHydration>
        <DeferredHydration><ShortcutsDialog shortcuts/></DeferredHydration>
    }
    .into_any()
}

/// Focuses the content of each new page, as a page load would, for screen readers and keyboard
/// users.
fn focus_on_new_page(content: NodeRef<html::Main>, path: Memo<String>) {
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path)
            && let Some(content) = content.get_untracked()
        {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            drop(content.focus_with_options(&options));
        }
        path
    });
}

#[component]
fn Navigation(user: SignedIn) -> impl IntoView {
    let role = user.role;
    view! {
        <DeferredHydration>
            <nav class="nav" aria-label="Main">
                <A href="/" exact=true><Icon icon=icons::HOUSE/>"Start"</A>
                <A href="/inspections"><Icon icon=icons::CLIPBOARD_CHECK/>"Inspections"</A>
                {may_review_changes(role)
                    .then(|| view! { <A href="/changes"><Icon icon=icons::HISTORY/>"Changes"</A> })}
                {may_manage_users(role)
                    .then(|| view! { <A href="/users"><Icon icon=icons::USERS/>"Users"</A> })}
            </nav>
        </DeferredHydration>
        <DeferredHydration><PersonMenu user/></DeferredHydration>
    }
}

/// Error of a report or photo that a person requested and the server cannot send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed(
    /// Reason.
    pub AppError,
);

/// Fallback page: reports that the address has no page, or why the requested file cannot be sent,
/// with the matching HTTP status.
#[component]
pub fn NotFound() -> impl IntoView {
    let failed = SharedValue::<_, Wire>::new_with_encoding(use_context::<Failed>).into_inner();
    let error = failed.map_or_else(
        || AppError::NotFound("There is no page at this address.".into()),
        |Failed(error)| error,
    );
    view! { <PageError error/> }
}
