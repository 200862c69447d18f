//! Whether what was typed is safe.

use super::Icon;
use leptos::prelude::*;

/// How saving stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Saved {
    /// Nothing has been changed here.
    #[default]
    Untouched,
    /// On its way.
    Saving,
    /// It is stored on this device, and sent once that is possible.
    Kept,
    /// The server has it.
    Saved,
    /// It did not get there; the sentence says why.
    Failed(String),
}

/// Says quietly how saving stands. Its place is kept while it has nothing to say.
#[component]
pub fn SavedState(
    /// How saving stands.
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
