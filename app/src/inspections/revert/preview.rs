//! Preview of a revert: its steps in words and the values before and after.

use crate::{
    change_view::Titles,
    inspections::comparison::ComparisonView,
    ui::{Icon, icons},
};
use domain::view::RevertView;
use leptos::prelude::*;

/// Maximum number of steps that are listed individually.
const MAX_LISTED: usize = 12;

/// Preview that follows the person's choices.
#[component]
pub(super) fn Preview(
    /// Result of the revert with the current choices.
    shown: RwSignal<RevertView>,
) -> impl IntoView {
    move || {
        let view = shown.get();
        let is_refused = view.refused.is_some();
        let refused = view.refused.map(|refused| {
            view! {
                <div class="note note-attention" role="status">
                    <Icon icon=icons::LOCK/>
                    <p>"This cannot be done now. " {refused}</p>
                </div>
            }
        });
        let skipped = view
            .skipped
            .into_iter()
            .map(|why| {
                view! {
                    <div class="note" role="status">
                        <Icon icon=icons::INFO/>
                        <p>{why}</p>
                    </div>
                }
            })
            .collect_view();
        let kept = (view.steps.is_empty() && !view.conflicts.is_empty()).then(|| {
            view! { <p role="status">"Nothing will change."</p> }
        });
        let titles: Titles = view.titles.into_iter().collect();
        let result = (!view.steps.is_empty()).then(|| {
            let more = view.steps.len().saturating_sub(MAX_LISTED);
            let more = (more > 0).then(|| view! { <li>{format!("and {more} steps more")}</li> });
            let steps = view.steps.iter().take(MAX_LISTED);
            let steps = steps.map(|step| view! { <li>{step.clone()}</li> }).collect_view();
            view! {
                <section class="stack" aria-labelledby="comes-to">
                    <h2 id="comes-to">
                        {if is_refused { "What would be done" } else { "Result" }}
                    </h2>
                    {(!is_refused).then(|| view! { <p class="muted">"Will be recorded under your name:"</p> })}
                    <ul class="undo-steps">{steps} {more}</ul>
                    <ComparisonView comparison=view.comparison titles/>
                </section>
            }
        });
        view! { <div class="stack">{refused} {skipped} {kept} {result}</div> }.into_any()
    }
}
