//! State shared by all handlers.

use crate::{live::Live, settings::Settings, site::Site, stopping::Stopping};
use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use std::sync::Arc;
use store::{Clock, Store};

/// State shared by all handlers.
#[derive(Clone, Debug)]
pub struct AppState {
    /// Database and object store.
    pub store: Store,
    /// Clock.
    pub clock: Clock,
    /// Static files of the site.
    pub site: Arc<Site>,
    /// Settings from the command line.
    pub settings: Arc<Settings>,
    /// Options with which Leptos names the site's files.
    pub leptos: LeptosOptions,
    /// Broadcaster of live updates.
    pub(crate) live: Live,
    /// Shutdown signal.
    pub stopping: Stopping,
}

impl AppState {
    /// Creates the state.
    pub fn new(
        store: Store,
        clock: Clock,
        site: Site,
        settings: Settings,
        stopping: Stopping,
    ) -> Self {
        let leptos = site.leptos_options();
        let live = Live::new(store.clone(), clock, settings.streams);
        let (site, settings) = (Arc::new(site), Arc::new(settings));
        Self { store, clock, site, settings, leptos, live, stopping }
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
