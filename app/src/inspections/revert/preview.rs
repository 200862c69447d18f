//! Preview of a revert: its steps in words and the values before and after.

use crate::{change_view::Titles, inspections::past::ComparisonView, ui::Icon};
use domain::view::RevertView;
use leptos::prelude::*;

/// Maximum number of steps that are listed individually.
const TOLD: usize = 12;

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
                    <Icon icon=icondata_lu::LuLock/>
                    <p>"This cannot be done now. " {refused}</p>
                </div>
            }
        });
        let left = view
            .left
            .into_iter()
            .map(|why| {
                view! {
                    <div class="note" role="status">
                        <Icon icon=icondata_lu::LuInfo/>
                        <p>{why}</p>
                    </div>
                }
            })
            .collect_view();
        let kept = (view.deeds.is_empty() && !view.clashes.is_empty()).then(|| {
            view! { <p role="status">"Nothing will change."</p> }
        });
        let titles: Titles = view.titles.into_iter().collect();
        let told = (!view.deeds.is_empty()).then(|| {
            let more = view.deeds.len().saturating_sub(TOLD);
            let more = (more > 0).then(|| view! { <li>{format!("and {more} steps more")}</li> });
            let deeds = view.deeds.iter().take(TOLD);
            let deeds = deeds.map(|deed| view! { <li>{deed.clone()}</li> }).collect_view();
            view! {
                <section class="stack" aria-labelledby="comes-to">
                    <h2 id="comes-to">
                        {if is_refused { "What would be done" } else { "Result" }}
                    </h2>
                    {(!is_refused).then(|| view! { <p class="muted">"Will be recorded under your name:"</p> })}
                    <ul class="deeds">{deeds} {more}</ul>
                    <ComparisonView comparison=view.comparison titles/>
                </section>
            }
        });
        view! { <div class="stack">{refused} {left} {kept} {told}</div> }.into_any()
    }
}
