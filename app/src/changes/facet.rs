//! One part of the filter that offers a list to choose from.

use crate::ui::Icon;
use domain::Count;
use leptos::{html, prelude::*};

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// Its value in the query.
    pub(super) value: String,
    /// Its words.
    pub(super) label: String,
    /// How many changes it would show, where that is known.
    pub(super) count: Option<Count>,
    /// Whether it is chosen.
    pub(super) chosen: bool,
}

/// Boxes to tick, under a heading that folds them away.
#[component]
pub(super) fn Facet(
    /// The heading.
    title: &'static str,
    /// The key in the query.
    name: &'static str,
    /// What there is to choose from.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// How a choice is shown.
    face: fn(&Choice) -> AnyView,
    /// Unfolded from the start; it is in any case if something in it is chosen.
    #[prop(optional)]
    open: bool,
    /// Said where there is nothing to choose from.
    #[prop(optional)]
    none: &'static str,
) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        choices.with(|choices| choices.iter().filter(|choice| choice.chosen).count())
    });
    let open = open || chosen.get_untracked() > 0;
    view! {
        <details class="facet" open=open>
            <summary>
                {title}
                {move || {
                    let chosen = chosen.get();
                    (chosen > 0).then(|| view! { <span class="facet-chosen">{chosen}</span> })
                }}
                <Icon icon=icondata_lu::LuChevronDown/>
            </summary>
            <fieldset>
                <legend class="visually-hidden">{title}</legend>
                <For
                    each=move || choices.get()
                    key=|choice| choice.value.clone()
                    let:choice
                >
                    <Tick name choice choices face/>
                </For>
                {move || {
                    choices
                        .with(Vec::is_empty)
                        .then(|| view! { <p class="facet-none">{none}</p> })
                }}
            </fieldset>
        </details>
    }
    .into_any()
}

/// One box; its count and its tick follow the list.
#[component]
fn Tick(
    name: &'static str,
    choice: Choice,
    choices: Signal<Vec<Choice>>,
    face: fn(&Choice) -> AnyView,
) -> impl IntoView {
    let value = choice.value.clone();
    let now = Memo::new({
        let initial = (choice.count, choice.chosen);
        move |_| {
            choices.with(|choices| {
                let found = choices.iter().find(|choice| choice.value == value);
                found.map_or(initial, |choice| (choice.count, choice.chosen))
            })
        }
    });
    let node = NodeRef::<html::Input>::new();
    // Not `prop:checked`, which would undo what was ticked before the page was hydrated.
    Effect::new(move |hydrated: Option<()>| {
        let chosen = now.get().1;
        if hydrated.is_some()
            && let Some(input) = node.get_untracked()
        {
            input.set_checked(chosen);
        }
    });
    view! {
        <label class="choice" class:choice-none=move || now.get().0.is_some_and(Count::is_zero)>
            <input
                type="checkbox"
                name=name
                value=choice.value.clone()
                checked=choice.chosen
                node_ref=node
            />
            <span class="choice-face">{face(&choice)}</span>
            {move || now.get().0.map(|count| view! { <span class="count">{count.to_string()}</span> })}
        </label>
    }
    .into_any()
}
