//! How far something is.

use leptos::{prelude::*, text_prop::TextProp};

/// A labelled progress bar, of unknown length while there is no value.
#[component]
pub fn Progress(
    /// What is under way: "Sending roof.jpg".
    #[prop(into)]
    label: TextProp,
    /// How much is done, from 0 to 1.
    #[prop(optional, into)]
    value: Signal<Option<f64>>,
) -> impl IntoView {
    view! {
        <label class="progress">
            <span class="progress-label">{move || label.get()}</span>
            <progress max="1" value=move || value.get().map(|value| value.to_string())></progress>
        </label>
    }
}
