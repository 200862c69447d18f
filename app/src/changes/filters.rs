//! Filter form of the dashboard: a plain form that applies itself as it is filled in.

use super::{
    dashboard::DashboardData, dates::Dates, form, link::address, menus::Menus, offer::REST,
};
use crate::effects::{effect, effect_with};
use crate::{
    hydration::{DeferredHydration, rendered_at_once, take_over_all},
    ui::{Button, ButtonKind, Icon, icons},
};
use domain::feed::{ChangeFilter, FilterControl, FilterKey, FilterNames, Group};
use leptos::{ev, html, leptos_dom::helpers::debounce, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// Filter form. Its values follow the address, so that Back and the chips update it.
#[component]
pub(super) fn Filters(
    /// Filter in the address.
    filter: Memo<ChangeFilter>,
    /// Values to choose from.
    found: DashboardData,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let words = NodeRef::<html::Input>::new();
    let hydrated = RwSignal::new(false);

    let navigate = use_navigate();
    let apply = move |replace: bool| {
        // A field may report a change when the page has already been left.
        let Some(now) = filter.try_get_untracked() else { return };
        let Some(form) = form.get_untracked() else { return };
        let typed = form::filter(&form);
        if typed != now {
            let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
            take_over_all();
            navigate(&address(&typed), options);
        }
    };
    let mut apply_after_rest = debounce(REST, {
        let apply = apply.clone();
        move |()| apply(true)
    });
    let on_input = move |event: ev::Event| {
        let input = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        if input.is_some_and(|input| input.type_() == "search") {
            apply_after_rest(());
        }
    };
    let on_change = {
        let apply = apply.clone();
        move |event: ev::Event| {
            let input = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
            if let Some(input) = &input {
                untick_other(input);
            }
            apply(input.is_some_and(|input| input.type_() == "search"));
        }
    };
    let on_submit = {
        let apply = apply.clone();
        move |event: ev::SubmitEvent| {
            event.prevent_default();
            apply(false);
        }
    };

    // The address contains the trimmed text; the field is updated only if the two differ.
    effect_with(move |ran: Option<()>| {
        let said = filter.with(|filter| filter.words.clone());
        if let Some(input) = words.get()
            && ran.is_some()
            && input.value().trim() != said
        {
            input.set_value(&said);
        }
    });
    // Input made before hydration is applied once the values to choose from are loaded, unless the
    // address has changed since.
    let made = filter.get_untracked();
    effect(move || {
        hydrated.set(true);
        if found.with_untracked(Option::is_some) && filter.with_untracked(|now| *now == made) {
            apply(true);
        }
    });

    let parts = move || filter.with(parts);
    rendered_at_once(view! {
        <form
            class="filters"
            method="get"
            action="/changes"
            role="search"
            aria-label="Filter the changes"
            autocomplete="off"
            class:filters-live=move || hydrated.get()
            node_ref=form
            on:input=on_input
            on:change=on_change
            on:submit=on_submit
        >
            {move || filter.with(kept)}
            <div class="filters-words">
                <label class="visually-hidden" for="changes-q">"Words"</label>
                <Icon icon=icons::SEARCH/>
                <input
                    class="input"
                    type="search"
                    dir="auto"
                    id="changes-q"
                    name=FilterKey::Words.slug()
                    placeholder="Search changes"
                    value=filter.with_untracked(|filter| filter.words.clone())
                    node_ref=words
                />
            </div>
            <DeferredHydration>
                <details class="filters-more">
                    <summary class="button button-secondary">
                        <Icon icon=icons::LIST_FILTER/>
                        "Filters"
                        {move || {
                            let parts = parts();
                            (parts > 0).then(|| view! { <span class="facet-chosen">{parts}</span> })
                        }}
                    </summary>
                    <div class="filters-parts">
                        <Menus filter found/>
                        <DeferredHydration><Dates filter found/></DeferredHydration>
                        <label class="filters-group">
                            <span>{FilterKey::Group.title()}</span>
                            <select class="input" name=FilterKey::Group.slug()>
                                {Group::ALL
                                    .map(|group| {
                                        let chosen = move || filter.with(|filter| filter.group == group);
                                        view! {
                                            <option value=group.slug() selected=chosen>
                                                {group.label()}
                                            </option>
                                        }
                                    })}
                            </select>
                        </label>
                        <div class="filters-apply">
                            <Button submit=true kind=ButtonKind::Primary>"Apply"</Button>
                            <a href="/changes?state=" rel="external">"Clear all"</a>
                        </div>
                    </div>
                </details>
            </DeferredHydration>
        </form>
    })
}

/// Renders hidden controls for the parts of the filter that have no visible control.
fn kept(filter: &ChangeFilter) -> AnyView {
    let parts = filter.parts(&FilterNames::default()).into_iter();
    let hidden = parts.filter(|part| part.key.control() == FilterControl::Hidden);
    // Without a `state` parameter the address could be empty, which means the default filter.
    let any = filter.states.is_empty().then(|| (FilterKey::State.slug().into(), String::new()));
    hidden
        .map(|part| (part.name(), part.value))
        .chain(any)
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
        .into_any()
}

/// Clears the opposite checkbox, because a value cannot be both included and excluded.
fn untick_other(input: &HtmlInputElement) {
    let name = input.name();
    if input.type_() != "checkbox" || !input.checked() {
        return;
    }
    let other = name.strip_prefix('-').map_or_else(|| format!("-{name}"), str::to_owned);
    let choice = input.closest(".facet-choice").ok().flatten();
    let selector = format!("input[name=\"{other}\"]");
    let other = choice.and_then(|choice| choice.query_selector(&selector).ok().flatten());
    if let Some(other) = other.and_then(|it| it.dyn_into::<HtmlInputElement>().ok()) {
        other.set_checked(false);
    }
}

/// Returns the number of parts chosen in the menus.
fn parts(filter: &ChangeFilter) -> usize {
    let parts = filter.parts(&FilterNames::default());
    parts.iter().filter(|part| part.key.control() == FilterControl::Menu).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_chosen_but_not_the_words() {
        let (filter, _) =
            ChangeFilter::from_query("action=edit&user=1&user=2&q=roof&to=2026-01-01");
        assert_eq!(parts(&filter), 4);
        let (filter, _) = ChangeFilter::from_query("-field=name&state=flagged&group=day&before=9");
        assert_eq!(parts(&filter), 1);
    }
}
