//! What every handler may ask for.

use crate::{live::Live, settings::Settings, site::Site, stopping::Stopping};
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
    /// What all open pages listen to.
    pub(crate) live: Live,
    /// Hears when the server is to stop.
    pub stopping: Stopping,
}

impl AppState {
    /// Puts it together.
    pub fn new(
        store: Store,
        clock: Clock,
        site: Site,
        settings: Settings,
        stopping: Stopping,
    ) -> Self {
        let leptos = site.leptos_options();
        let live = Live::new(store.clone(), clock, settings.most_streams);
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
