//! Typeahead for inspections, because there are too many for a menu.

use super::api::offer_inspections;
use domain::view::InspectionName;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use std::time::Duration;

/// Pause in typing before a search starts.
pub(super) const REST: Duration = Duration::from_millis(250);

/// Search results of the server for the typed text.
#[derive(Clone, Copy)]
pub(super) struct Offer {
    /// Inspections found last.
    pub(super) found: RwSignal<Vec<InspectionName>>,
    /// Message in place of a result: searching, or the reason for no result.
    pub(super) says: RwSignal<String>,
    /// Callback for the typed text after each keystroke.
    pub(super) look: Callback<String>,
}

impl Offer {
    pub(super) fn new() -> Self {
        let (found, says) = (RwSignal::default(), RwSignal::new(String::new()));
        let timer = StoredValue::new(None::<TimeoutHandle>);
        let stop = move || {
            if let Some(timer) = timer.try_update_value(Option::take).flatten() {
                timer.clear();
            }
        };
        on_cleanup(stop);
        let typed = StoredValue::new(String::new());
        let look = Callback::new(move |words: String| {
            let words = words.trim().to_owned();
            typed.set_value(words.clone());
            stop();
            if words.is_empty() {
                return;
            }
            says.set("Searching…".into());
            let look = move || {
                spawn_local(async move {
                    let answer = offer_inspections(words.clone()).await;
                    // The text has changed meanwhile, or the page was left.
                    if typed.try_with_value(|typed| *typed == words) != Some(true) {
                        return;
                    }
                    match answer {
                        Ok(inspections) => {
                            found.set(inspections);
                            says.set(String::new());
                        }
                        Err(error) => says.set(error.to_string()),
                    }
                });
            };
            timer.set_value(set_timeout_with_handle(look, REST).ok());
        });
        Self { found, says, look }
    }
}
