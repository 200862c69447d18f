//! Where in the history one is: a slider over its changes.

use crate::ui::follow;
use leptos::{html, prelude::*};

/// A slider from the first change to the last. Within a form it is sent by a button; with JavaScript
/// it tells what it was set to.
#[component]
pub(super) fn Slider(
    /// Its name in the form.
    name: &'static str,
    /// Its label.
    #[prop(into)]
    label: String,
    /// The number of the change it stands at.
    #[prop(into)]
    step: Signal<i64>,
    /// How many changes there are.
    #[prop(into)]
    steps: Signal<i64>,
    /// What it stands at, in words.
    #[prop(into)]
    words: Signal<String>,
    /// Told what it was set to.
    #[prop(into)]
    on_set: Callback<i64>,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let first = step.get_untracked().to_string();
    follow(node, Signal::derive(move || step.get().to_string()), None);
    view! {
        <label class="slider">
            <span class="slider-label">{label}</span>
            <input
                node_ref=node
                type="range"
                name=name
                min="1"
                max=move || steps.get().to_string()
                value=first
                aria-valuetext=move || words.get()
                on:change=move |event| {
                    if let Ok(step) = event_target_value(&event).parse() {
                        on_set.run(step);
                    }
                }
            />
        </label>
    }
    .into_any()
}
