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
    /// Whether it is shut out.
    pub(super) shut_out: bool,
}

/// More choices than this can be searched.
const MANY: usize = 8;

/// A menu of boxes to tick, each with one beside it that shuts out instead.
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
    /// Said where there is nothing to choose from.
    #[prop(optional)]
    none: &'static str,
) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        choices.with(|choices| {
            choices.iter().filter(|choice| choice.chosen || choice.shut_out).count()
        })
    });
    let typed = RwSignal::new(String::new());
    let many = choices.with_untracked(|choices| choices.len() > MANY);
    view! {
        <details class="facet" name="facet">
            <summary>
                {title}
                {move || {
                    let chosen = chosen.get();
                    (chosen > 0).then(|| view! { <span class="facet-chosen">{chosen}</span> })
                }}
                <Icon icon=icondata_lu::LuChevronDown/>
            </summary>
            <fieldset class="facet-panel">
                <legend class="visually-hidden">{title}</legend>
                {many
                    .then(|| {
                        view! {
                            <input
                                class="input facet-find only-scripted"
                                type="search"
                                placeholder="Type to find"
                                aria-label=format!("Find in {title}")
                                on:input=move |event| {
                                    event.stop_propagation();
                                    typed.set(event_target_value(&event).to_lowercase());
                                }
                            />
                        }
                    })}
                <For
                    each=move || choices.get()
                    key=|choice| choice.value.clone()
                    let:choice
                >
                    <Tick name choice choices face typed/>
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

/// Two boxes: to choose it, and to shut it out. Count and ticks follow the list.
#[component]
fn Tick(
    name: &'static str,
    choice: Choice,
    choices: Signal<Vec<Choice>>,
    face: fn(&Choice) -> AnyView,
    typed: RwSignal<String>,
) -> impl IntoView {
    let value = choice.value.clone();
    let now = Memo::new({
        let initial = (choice.count, choice.chosen, choice.shut_out);
        move |_| {
            choices.with(|choices| {
                let found = choices.iter().find(|choice| choice.value == value);
                found.map_or(initial, |choice| (choice.count, choice.chosen, choice.shut_out))
            })
        }
    });
    let (node, not) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    // Not `prop:checked`, which would undo what was ticked before the page was hydrated.
    Effect::new(move |hydrated: Option<()>| {
        let (_, chosen, shut_out) = now.get();
        if hydrated.is_some()
            && let (Some(node), Some(not)) = (node.get_untracked(), not.get_untracked())
        {
            node.set_checked(chosen);
            not.set_checked(shut_out);
        }
    });
    let label = choice.label.to_lowercase();
    let hidden = move || typed.with(|typed| !typed.is_empty() && !label.contains(typed.trim()));
    view! {
        <div class="facet-choice" hidden=hidden>
            <label
                class="choice"
                class:choice-none=move || now.get().0.is_some_and(Count::is_zero)
            >
                <input
                    type="checkbox"
                    name=name
                    value=choice.value.clone()
                    checked=choice.chosen
                    node_ref=node
                />
                <span class="choice-face">{face(&choice)}</span>
                {move || {
                    now.get().0.map(|count| view! { <span class="count">{count.to_string()}</span> })
                }}
            </label>
            <label class="choice-not">
                <input
                    type="checkbox"
                    name=format!("-{name}")
                    value=choice.value.clone()
                    checked=choice.shut_out
                    node_ref=not
                />
                <span aria-hidden="true">"not"</span>
                <span class="visually-hidden">{format!("Not {}", choice.label)}</span>
            </label>
        </div>
    }
    .into_any()
}
