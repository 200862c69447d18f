//! Chips for common sections, several of which can be chosen and added at once.

use super::{page_state::InspectionPageState, suggestions::SECTIONS};
use domain::{
    change::Mutation,
    inspection::{Field, Section},
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Chosen titles, in the order of choice.
pub(super) type Chosen = RwSignal<Vec<&'static str>>;

/// Chips of the common sections that the inspection does not have yet.
#[component]
pub(super) fn CommonSections(
    /// Page state.
    page_state: InspectionPageState,
    /// Chosen titles.
    chosen: Chosen,
) -> impl IntoView {
    let missing = page_state.inspection.with_untracked(|inspection| {
        let there = |title: &str| inspection.sections.iter().any(|it| it.title == title);
        SECTIONS.iter().filter(|title| !there(title)).copied().collect::<Vec<_>>()
    });
    let chips = missing.into_iter().map(|title| {
        let is_chosen = move || chosen.with(|all| all.contains(&title));
        let press = move |_| {
            chosen.update(|all| match all.iter().position(|it| *it == title) {
                Some(at) => drop(all.remove(at)),
                None => all.push(title),
            });
        };
        view! {
            <button
                type="button"
                class="chip"
                aria-pressed=move || is_chosen().to_string()
                on:click=press
            >
                {title}
            </button>
        }
    });
    view! {
        <div class="chips" role="group" aria-label="Common sections, any number of them">
            {chips.collect_view()}
        </div>
    }
    .into_any()
}

/// Returns mutations that add the chosen sections and finally the typed one, if any.
pub(super) fn additions(
    chosen: &[&'static str],
    typed: &BTreeMap<String, String>,
) -> Vec<Mutation> {
    let title = typed.get(Field::Title.slug()).map(|title| title.trim());
    let titles = chosen.iter().copied().chain(title.filter(|title| !title.is_empty()));
    let add = |title: &str| {
        let section = Section { title: title.into(), ..Section::default() };
        Mutation::AddSection { section, position: None, photos: Vec::new() }
    };
    titles.map(add).collect()
}
