//! Inspections to choose from as one types: there are more than a menu can hold.

use super::api::offer_inspections;
use domain::view::InspectionName;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use std::time::Duration;

/// How long typing must rest before it is searched for.
pub(super) const REST: Duration = Duration::from_millis(250);

/// What the server found for what is typed.
#[derive(Clone, Copy)]
pub(super) struct Offer {
    /// The inspections found last.
    pub(super) found: RwSignal<Vec<InspectionName>>,
    /// What stands in place of a result: that it is being looked for, or why there is none.
    pub(super) says: RwSignal<String>,
    /// Is told at each key what is typed.
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
                    // Something else was typed meanwhile, or the page was left.
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
