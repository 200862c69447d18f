//! Slider over the changes of an inspection.

use crate::ui::follow;
use leptos::{html, prelude::*};

/// Slider from the first change to the last. In a plain form a button submits it; with JavaScript it reports
/// each new position.
#[component]
pub(super) fn Slider(
    /// Name of the control in the form.
    name: &'static str,
    /// Label.
    #[prop(into)]
    label: String,
    /// Number of the selected change, from 1.
    #[prop(into)]
    step: Signal<i64>,
    /// Number of changes.
    #[prop(into)]
    steps: Signal<i64>,
    /// Selected change in words.
    #[prop(into)]
    words: Signal<String>,
    /// Called with the number of the newly selected change.
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
