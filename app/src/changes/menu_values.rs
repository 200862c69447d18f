//! Values of the filter's menus that the server knows: people and inspections.

use super::{api::filter_values, dashboard::DashboardData};
use crate::error::AppError;
use domain::view::FilterValues;
use leptos::{prelude::*, task::spawn_local};

/// People and inspections to choose from. They are loaded when a menu opens, because they would be
/// half of the page; browsers not known to run scripts get them with the page.
#[derive(Clone, Copy)]
pub(super) struct MenuValues {
    /// Values loaded last.
    pub(super) loaded: RwSignal<Option<FilterValues>>,
    /// Error of the last attempt.
    pub(super) error: RwSignal<Option<AppError>>,
    is_loading: StoredValue<bool>,
}

impl MenuValues {
    pub(super) fn new(found: DashboardData) -> Self {
        let offered =
            found.with_untracked(|found| found.as_ref().and_then(|it| it.offered.clone()));
        Self {
            loaded: RwSignal::new(offered),
            error: RwSignal::new(None),
            is_loading: StoredValue::new(false),
        }
    }

    /// Loads the values. Those loaded before stay until the new ones have arrived.
    pub(super) fn load(self) {
        if self.is_loading.try_update_value(|it| std::mem::replace(it, true)) != Some(false) {
            return;
        }
        spawn_local(async move {
            let answer = filter_values().await;
            // The page may have been left meanwhile.
            self.is_loading.try_set_value(false);
            match answer {
                Ok(values) => {
                    self.loaded.try_set(Some(values));
                    self.error.try_set(None);
                }
                Err(error) => drop(self.error.try_set(Some(error))),
            }
        });
    }
}
