//! User interface: pages, components and server functions, one folder per feature. Compiled twice:
//! for the server (`ssr`) and for the browser (`hydrate`).

// Each page is one deeply nested type.
#![recursion_limit = "256"]
#![expect(
    unreachable_pub,
    reason = "`#[component]` keeps a public copy of each function inside itself"
)]

// The server and the browser must use the same setting, or hydration fails.
#[cfg(not(erase_components))]
compile_error!(
    "Plumbline's views are compiled with `--cfg erase_components`. `.cargo/config.toml` says so, \
     but RUSTFLAGS in the environment takes its place: add `--cfg erase_components` to it."
);

mod address;
pub mod auth;
pub mod change_view;
pub mod changes;
#[cfg(feature = "ssr")]
mod code;
mod cookie;
#[cfg(feature = "ssr")]
mod csp;
pub mod error;
pub mod form;
pub mod frame;
pub mod hydration;
pub mod inspections;
mod lazy_page;
pub mod live;
pub mod organisation;
mod outbox;
#[cfg(feature = "ssr")]
mod position;
pub mod reports;
pub mod request_id;
pub mod scripts;
#[cfg(feature = "ssr")]
mod shell;
pub mod start;
pub mod theme;
pub mod ui;
pub mod upload_error;
pub mod users;
pub mod wire;

#[cfg(feature = "ssr")]
pub use shell::shell;

#[cfg(feature = "hydrate")]
pub use lazy_page::fetch_page;

use auth::{CurrentUser, LoginPage};
use changes::ChangesPage;
use frame::{Frame, NotFound};
use lazy_page::LazyPage;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode::Async,
    components::{FlatRoutes, Route, Router},
    path,
};
use ui::{ServerTime, Toasts};

/// Whole application. Every page is rendered completely before it is sent, so that it has the right
/// HTTP status and works without JavaScript.
#[component]
pub fn App() -> impl IntoView {
    provide();
    view! { <Pages/> }
}

/// Provides the contexts that every page uses.
pub fn provide() {
    provide_meta_context();
    CurrentUser::provide();
    ServerTime::provide();
    Toasts::provide();
    outbox::OutboxStatus::provide();
}

/// Routes of all pages; needs the contexts of [`provide`].
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Title formatter=|title: String| ui::tab_title(&title)/>
        <Router>
            <Frame>
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("/login") view=LoginPage ssr=Async/>
                    <Route path=path!("/") view=LazyPage::Start ssr=Async/>
                    <Route path=path!("/inspections") view=LazyPage::Inspections ssr=Async/>
                    <Route path=path!("/inspections/new") view=LazyPage::NewInspection ssr=Async/>
                    <Route path=path!("/inspections/:id") view=LazyPage::Inspection ssr=Async/>
                    <Route path=path!("/inspections/:id/history") view=LazyPage::History ssr=Async/>
                    <Route path=path!("/inspections/:id/compare") view=LazyPage::Compare ssr=Async/>
                    <Route path=path!("/inspections/:id/undo") view=LazyPage::Back ssr=Async/>
                    <Route path=path!("/changes") view=ChangesPage ssr=Async/>
                    <Route
                        path=path!("/changes/request/:request/undo")
                        view=LazyPage::UndoRequest
                        ssr=Async
                    />
                    <Route path=path!("/users") view=LazyPage::Users ssr=Async/>
                    <Route path=path!("/users/:id") view=LazyPage::User ssr=Async/>
                    <Route path=path!("/account") view=LazyPage::Account ssr=Async/>
                    <Route
                        path=path!("/settings/organisation")
                        view=LazyPage::Organisation
                        ssr=Async
                    />
                    <Route path=path!("/setup") view=LazyPage::SetUp ssr=Async/>
                </FlatRoutes>
            </Frame>
        </Router>
    }
}
