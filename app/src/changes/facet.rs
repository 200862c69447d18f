//! Facet: a part of the filter with a list of values.

use super::{menu_values::MenuValues, pending_submit::close};
use crate::{
    effects::{effect, effect_with},
    ui::{ErrorNote, Icon, List, Opened, icons},
};
use domain::{
    feed::{Count, FilterKey},
    text::fold,
};
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

/// Value of a facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// Value in the query string.
    pub(super) value: String,
    /// Label.
    pub(super) label: String,
    /// Number of changes it would match, if known.
    pub(super) count: Option<Count>,
    /// Whether it is included.
    pub(super) chosen: bool,
    /// Whether it is excluded.
    pub(super) shut_out: bool,
}

/// A list with more values than this gets a search field.
const MANY: usize = 8;

/// Closes the open menu on Escape or on a press outside. At most one menu is open.
pub(super) fn close_when_left() {
    let open = || document().query_selector(".changes details.facet[open]").ok().flatten();
    effect(move || {
        let pressed = window_event_listener(ev::pointerdown, move |event| {
            let target = event.target().and_then(|it| it.dyn_into::<Node>().ok());
            if let Some(menu) = open().filter(|menu| !menu.contains(target.as_ref())) {
                // The focus moves to the pressed element.
                drop(menu.remove_attribute("open"));
            }
        });
        let escaped = window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape"
                && let Some(menu) = open()
            {
                close(&menu);
            }
        });
        on_cleanup(move || {
            pressed.remove();
            escaped.remove();
        });
    });
}

/// Menu of values, each with a checkbox to include it and one to exclude it. Its content is rendered
/// when it is first opened; until then, hidden controls hold the chosen values. For browsers not known
/// to run scripts it is rendered at once.
#[component]
pub(super) fn Facet(
    /// Key of the filter.
    key: FilterKey,
    /// Values to choose from.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// Renderer of a value.
    face: fn(&Choice) -> AnyView,
    /// Text shown when there are no values.
    #[prop(optional)]
    none: &'static str,
    /// Values to load when the menu opens.
    #[prop(optional)]
    values: Option<MenuValues>,
    /// Callback for typed text, when the server may know more values.
    #[prop(optional)]
    look: Option<Callback<String>>,
    /// Message shown instead of a result.
    #[prop(optional, into)]
    says: Signal<String>,
) -> impl IntoView {
    let (title, name) = (key.title(), key.slug());
    let chosen = Memo::new(move |_| {
        choices.with(|choices| {
            choices.iter().filter(|choice| choice.chosen || choice.shut_out).count()
        })
    });
    let node = NodeRef::<html::Details>::new();
    let opened = Opened::new(node);
    let load = move || {
        opened.toggle();
        if let Some(values) = values.filter(|_| opened.is_open()) {
            values.load();
        }
    };
    // The menu may have been opened before hydration.
    effect(move || {
        node.track();
        load();
    });
    let panel = FacetPanel { title, name, choices, face, none, values, look, says };
    let content = move || match opened.is_rendered() {
        true => panel.render(),
        false => choices.with(|choices| held(name, choices)),
    };
    view! {
        <details class="facet" name="facet" node_ref=node on:toggle=move |_| load()>
            <summary>
                {title}
                {move || {
                    let chosen = chosen.get();
                    (chosen > 0).then(|| view! { <span class="facet-chosen">{chosen}</span> })
                }}
                <Icon icon=icons::CHEVRON_DOWN/>
            </summary>
            <fieldset class="facet-panel" on:keydown=move_by_arrow>
                <legend class="visually-hidden">{title}</legend>
                {content}
            </fieldset>
        </details>
    }
    .into_any()
}

/// Renders hidden controls for the chosen values.
fn held(name: &'static str, choices: &[Choice]) -> AnyView {
    let control = |name: String, choice: &Choice| {
        view! { <input type="hidden" name=name value=choice.value.clone()/> }
    };
    let included = choices.iter().filter(|choice| choice.chosen);
    let included = included.map(|choice| control(name.to_owned(), choice));
    let excluded = choices.iter().filter(|choice| choice.shut_out);
    let excluded = excluded.map(|choice| control(format!("-{name}"), choice));
    included.chain(excluded).collect_view().into_any()
}

/// Content of an opened menu; its fields are the properties of [`Facet`].
#[derive(Clone, Copy)]
struct FacetPanel {
    title: &'static str,
    name: &'static str,
    choices: Signal<Vec<Choice>>,
    face: fn(&Choice) -> AnyView,
    none: &'static str,
    values: Option<MenuValues>,
    look: Option<Callback<String>>,
    says: Signal<String>,
}

impl FacetPanel {
    /// Renders the search field and the values.
    fn render(self) -> AnyView {
        let Self { title, name, choices, face, none, values, look, says } = self;
        let typed = RwSignal::new(String::new());
        let many =
            Memo::new(move |_| look.is_some() || choices.with(|choices| choices.len() > MANY));
        let on_type = move |event: ev::Event| {
            event.stop_propagation();
            let words = event_target_value(&event);
            typed.set(fold(&words));
            if let Some(look) = look {
                look.run(words);
            }
        };
        // Announces the number of results to screen readers.
        let found = move || {
            if typed.with(|typed| typed.trim().is_empty()) {
                return None;
            }
            let has = |choice: &&Choice| typed.with(|typed| has_words(&choice.label, typed));
            let number = choices.with(|choices| choices.iter().filter(has).count());
            let says = says.get();
            Some(match number {
                0 if says.is_empty() => "No matches.".to_owned(),
                0 => says,
                number => format!("{number} found"),
            })
        };
        let search = move || {
            many.get().then(|| {
                view! {
                    <input
                        class="input facet-find only-scripted"
                        type="search"
                        dir="auto"
                        placeholder="Type to find"
                        aria-label=format!("Find in {title}")
                        on:input=on_type
                    />
                    <p class="facet-none" role="status">{found}</p>
                }
            })
        };
        let state = move || {
            let values = values?;
            if let Some(error) = values.error.get() {
                let note = view! { <ErrorNote error retry=move |()| values.load()/> };
                return Some(note.into_any());
            }
            let is_loaded = values.loaded.with(Option::is_some);
            let words = match is_loaded {
                true => none,
                false => "Loading…",
            };
            let is_shown = !is_loaded || choices.with(Vec::is_empty);
            is_shown.then(|| view! { <p class="facet-none">{words}</p> }.into_any())
        };
        view! {
            {search}
            <List each=move || choices.get() key=|choice| choice.value.clone() let:choice>
                <Tick name choice choices face typed/>
            </List>
            {state}
        }
        .into_any()
    }
}

/// Returns whether a label contains each of the folded words.
fn has_words(label: &str, words: &str) -> bool {
    let label = fold(label);
    words.split_whitespace().all(|word| label.contains(word))
}

/// Moves the focus by the arrow keys, from the search field to the checkboxes and between them.
fn move_by_arrow(event: ev::KeyboardEvent) {
    let by = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _ => return,
    };
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let Some(target) = target else { return };
    let Ok(Some(panel)) = target.closest(".facet-panel") else { return };
    let Ok(stops) = panel.query_selector_all(".facet-find, .facet-choice:not([hidden])") else {
        return;
    };
    let stops: Vec<Element> =
        (0..stops.length()).filter_map(|at| stops.item(at)?.dyn_into().ok()).collect();
    let at = stops.iter().position(|stop| stop.contains(Some(&target)));
    let next = at.and_then(|at| stops.get(at.checked_add_signed(by)?));
    let next = next.and_then(|next| match next.matches("input") {
        Ok(true) => Some(next.clone()),
        _ => next.query_selector("input").ok().flatten(),
    });
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        event.prevent_default();
        drop(next.focus());
    }
}

/// Pair of checkboxes, to include and to exclude a value. The count and the checks follow the list.
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
    // `prop:checked` would undo a check made before hydration.
    effect_with(move |hydrated: Option<()>| {
        let (_, chosen, shut_out) = now.get();
        if hydrated.is_some()
            && let (Some(node), Some(not)) = (node.get_untracked(), not.get_untracked())
        {
            node.set_checked(chosen);
            not.set_checked(shut_out);
        }
    });
    let label = choice.label.clone();
    let hidden = move || typed.with(|typed| !has_words(&label, typed));
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
                <span aria-hidden="true">"exclude"</span>
                <span class="visually-hidden">{format!("Exclude {}", domain::text::isolate(&choice.label))}</span>
            </label>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::has_words;

    #[test]
    fn each_word_stands_somewhere_in_the_label() {
        let label = "BI-2026-0007 Riverside House";
        assert!(has_words(label, "") && has_words(label, "river 0007") && has_words(label, "side"));
        assert!(!has_words(label, "river 0008"));
    }
}
