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

#[cfg(feature = "ssr")]
pub mod accept;
mod address;
pub mod auth;
pub mod change_view;
pub mod changes;
#[cfg(feature = "ssr")]
mod code;
mod cookie;
#[cfg(feature = "ssr")]
mod csp;
mod effects;
pub mod error;
pub mod form;
pub mod frame;
pub mod hydration;
#[cfg(feature = "ssr")]
mod inline_script;
pub mod inspections;
pub mod live;
pub mod organisation;
mod outbox;
mod pages;
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
pub use pages::fetch_page;
pub use pages::{Pages, is_for_visitors};

use auth::CurrentUser;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
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
