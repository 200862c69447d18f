//! State of saving what a person typed.

use super::{Icon, icons};
use leptos::prelude::*;

/// State of saving a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Saved {
    /// Nothing has been changed.
    #[default]
    Untouched,
    /// Being sent.
    Saving,
    /// Stored on this device, to be sent once that is possible.
    Kept,
    /// Recorded by the server.
    Saved,
    /// Not saved; the sentence gives the reason.
    Failed(String),
}

/// Unobtrusive indicator of the state of saving. It keeps its space while it is empty.
#[component]
pub fn SavedState(
    /// State to show.
    #[prop(into)]
    state: Signal<Saved>,
) -> impl IntoView {
    let tone = move || match state.get() {
        Saved::Untouched => "untouched",
        Saved::Saving => "saving",
        Saved::Kept => "kept",
        Saved::Saved => "saved",
        Saved::Failed(_) => "failed",
    };
    let words = move || match state.get() {
        Saved::Untouched => ().into_any(),
        Saved::Saving => view! { <Icon icon=icons::LOADER_CIRCLE/>"Saving…" }.into_any(),
        Saved::Kept => view! { <Icon icon=icons::SAVE/>"Kept on this device" }.into_any(),
        Saved::Saved => view! { <Icon icon=icons::CHECK/>"Saved" }.into_any(),
        Saved::Failed(why) => {
            view! { <Icon icon=icons::CIRCLE_ALERT/>"Not saved. "{why} }.into_any()
        }
    };
    view! { <span class="saved" data-tone=tone role="status">{words}</span> }
}
