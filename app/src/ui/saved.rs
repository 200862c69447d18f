//! State of saving what a person typed.

use super::Icon;
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
        Saved::Saving => view! { <Icon icon=icondata_lu::LuLoaderCircle/>"Saving…" }.into_any(),
        Saved::Kept => view! { <Icon icon=icondata_lu::LuSave/>"Kept on this device" }.into_any(),
        Saved::Saved => view! { <Icon icon=icondata_lu::LuCheck/>"Saved" }.into_any(),
        Saved::Failed(why) => {
            view! { <Icon icon=icondata_lu::LuCircleAlert/>"Not saved. "{why} }.into_any()
        }
    };
    view! { <span class="saved" data-tone=tone role="status">{words}</span> }
}
