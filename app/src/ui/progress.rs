//! Progress bars.

use leptos::{prelude::*, text_prop::TextProp};

/// Labelled progress bar, indeterminate while there is no value.
#[component]
pub fn ProgressBar(
    /// Operation in progress: "Sending roof.jpg".
    #[prop(into)]
    label: TextProp,
    /// Completed fraction, from 0 to 1.
    #[prop(optional, into)]
    value: Signal<Option<f64>>,
) -> impl IntoView {
    // A whole number of thousandths, because formatting fractions takes 14 kB of the page's code.
    let thousandths = move || value.get().map(|value| (value * 1000.0).round() as u32);
    view! {
        <label class="progress">
            <span class="progress-label">{move || label.get()}</span>
            <progress max="1000" value=move || thousandths().map(|value| value.to_string())></progress>
        </label>
    }
}
