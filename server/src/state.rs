//! What every handler may ask for.

use crate::{settings::Settings, site::Site};
use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use std::sync::Arc;
use store::{Clock, Store};

/// What every handler may ask for.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The database and the object store.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// The site's files.
    pub site: Arc<Site>,
    /// What the command line settled.
    pub settings: Arc<Settings>,
    /// What Leptos needs to know of the site's files.
    pub leptos: LeptosOptions,
}

impl AppState {
    /// Puts it together.
    pub fn new(store: Store, clock: Clock, site: Site, settings: Settings) -> Self {
        let leptos = site.leptos_options();
        Self { store, clock, site: Arc::new(site), settings: Arc::new(settings), leptos }
    }
}

impl FromRef<AppState> for Store {
    fn from_ref(state: &AppState) -> Self {
        state.store.clone()
    }
}

impl FromRef<AppState> for Clock {
    fn from_ref(state: &AppState) -> Self {
        state.clock
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
