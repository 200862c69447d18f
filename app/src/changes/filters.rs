//! The dashboard's filter: a form that works as it is, and applies itself as it is filled in.

use super::{
    board::Found,
    chips::{address, by_number},
    facet::{Choice, Facet},
    form,
};
use crate::ui::{ActionBadge, Avatar, Button, ButtonKind, Icon, TextField};
use chrono::{Days, NaiveDate};
use domain::{Action, ChangeFilter, Facets, Field, Group};
use leptos::{ev, html, leptos_dom::helpers::debounce, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::{fmt::Display, time::Duration};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement, HtmlInputElement, Node};

/// How long typing must rest before it is searched for.
const REST: Duration = Duration::from_millis(250);

/// The fields offered: those that people change.
const OFFERED: [Field; 18] = [
    Field::Status,
    Field::Condition,
    Field::Notes,
    Field::Summary,
    Field::Name,
    Field::Address,
    Field::BuildingType,
    Field::Client,
    Field::ScheduledOn,
    Field::Inspector,
    Field::Title,
    Field::Position,
    Field::Caption,
    Field::Section,
    Field::Kind,
    Field::Make,
    Field::Model,
    Field::Serial,
];

/// The form. What is chosen in it follows the address, so that Back and the chips move it too.
#[component]
pub(super) fn Filters(
    /// The filter in the address.
    filter: Memo<ChangeFilter>,
    /// What there is to choose from.
    found: Found,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let words = NodeRef::<html::Input>::new();
    let hydrated = RwSignal::new(false);

    let navigate = use_navigate();
    let apply = move |replace: bool| {
        // A field that goes with its page says that it changed when all else is gone already.
        let Some(now) = filter.try_get_untracked() else { return };
        let Some(form) = form.get_untracked() else { return };
        let typed = read(&form);
        if typed != now {
            let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
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

    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape"
            && let Some(menu) = form.get_untracked().and_then(|form| open_menu(&form))
        {
            close(&menu);
            let summary = menu.query_selector("summary").ok().flatten();
            if let Some(summary) = summary.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
                drop(summary.focus());
            }
        }
    };
    // A menu goes when something beside it is pressed.
    Effect::new(move || {
        let pressed = window_event_listener(ev::pointerdown, move |event| {
            let target = event.target().and_then(|it| it.dyn_into::<Node>().ok());
            let open = form.try_get_untracked().flatten().and_then(|form| open_menu(&form));
            if let Some(menu) = open.filter(|menu| !menu.contains(target.as_ref())) {
                close(&menu);
            }
        });
        on_cleanup(move || pressed.remove());
    });
    // The address holds the words trimmed; what is being typed is left alone unless they differ.
    Effect::new(move |ran: Option<()>| {
        let said = filter.with(|filter| filter.words.clone());
        if let Some(input) = words.get()
            && ran.is_some()
            && input.value().trim() != said
        {
            input.set_value(&said);
        }
    });
    // What was filled in before the page was hydrated counts, once all there is to choose is there.
    Effect::new(move || {
        hydrated.set(true);
        if found.with_untracked(Option::is_some) {
            apply(true);
        }
    });

    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let parts = move || filter.with(parts);
    view! {
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
            on:keydown=on_key
        >
            {move || filter.with(kept)}
            <div class="filters-words">
                <label class="visually-hidden" for="changes-q">"Words"</label>
                <Icon icon=icondata_lu::LuSearch/>
                <input
                    class="input"
                    type="search"
                    id="changes-q"
                    name="q"
                    placeholder="Search words"
                    value=filter.with_untracked(|filter| filter.words.clone())
                    node_ref=words
                />
            </div>
            <details class="filters-more">
                <summary class="button button-secondary">
                    <Icon icon=icondata_lu::LuListFilter/>
                    "Filters"
                    {move || {
                        let parts = parts();
                        (parts > 0).then(|| view! { <span class="facet-chosen">{parts}</span> })
                    }}
                </summary>
                <div class="filters-parts">
                    <Facet
                        title="Action"
                        name="action"
                        choices=Signal::derive(move || actions(filter, found))
                        face=|choice| {
                            let action = choice.value.parse::<Action>().ok();
                            action.map(|action| view! { <ActionBadge action/> }).into_any()
                        }
                    />
                    <Facet
                        title="Person"
                        name="user"
                        none="There is nobody yet."
                        choices=Signal::derive(move || people(filter, found))
                        face=|choice| {
                            view! {
                                <Avatar name=choice.label.clone()/>
                                <span>{choice.label.clone()}</span>
                            }
                                .into_any()
                        }
                    />
                    <Facet
                        title="Inspection"
                        name="inspection"
                        none="There are no inspections yet."
                        choices=Signal::derive(move || inspections(filter, found))
                        face=|choice| {
                            let (reference, name) =
                                choice.label.split_once(' ').unwrap_or((&choice.label, ""));
                            view! {
                                <span class="choice-two">
                                    <span class="change-reference">{reference.to_owned()}</span>
                                    " "
                                    <span>{name.to_owned()}</span>
                                </span>
                            }
                                .into_any()
                        }
                    />
                    <Facet
                        title="Field"
                        name="field"
                        choices=Signal::derive(move || fields(filter))
                        face=|choice| view! { <span>{choice.label.clone()}</span> }.into_any()
                    />
                    <details class="facet" name="facet">
                        <summary>
                            "Date"
                            {move || {
                                filter
                                    .with(|filter| filter.from.is_some() || filter.to.is_some())
                                    .then(|| view! { <span class="facet-chosen">"1"</span> })
                            }}
                            <Icon icon=icondata_lu::LuChevronDown/>
                        </summary>
                        <fieldset class="facet-panel filters-days">
                            <legend class="visually-hidden">"Date"</legend>
                            {move || spans(filter, found)}
                            <TextField
                                name="from"
                                label="From"
                                kind="date"
                                value=Signal::derive(move || filter.with(|filter| day(filter.from)))
                            />
                            <TextField
                                name="to"
                                label="To"
                                kind="date"
                                value=Signal::derive(move || filter.with(|filter| day(filter.to)))
                            />
                            <p class="field-hint">
                                "To alone jumps to that day. Days begin at midnight UTC."
                            </p>
                        </fieldset>
                    </details>
                    <label class="filters-group">
                        <span>"Group by"</span>
                        <select class="input" name="group">
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
        </form>
    }
    .into_any()
}

/// What the form has no controls for, but keeps.
fn kept(filter: &ChangeFilter) -> AnyView {
    let field = |name: &'static str, value: String| {
        view! { <input type="hidden" name=name value=value/> }
    };
    let states = filter.states.iter().map(|state| field("state", state.to_string()));
    let not = filter.without.states.iter().map(|state| field("-state", state.to_string()));
    // Without any the address would say nothing at all.
    let any = filter.states.is_empty().then(|| field("state", String::new()));
    let request = filter.request.map(|id| field("request", id.to_string()));
    view! {
        {states.collect_view()}
        {not.collect_view()}
        {any}
        {request}
    }
    .into_any()
}

/// Stretches of days that are asked for often.
fn spans(filter: Memo<ChangeFilter>, found: Found) -> Option<AnyView> {
    let today = found.with(|found| found.as_ref().map(|found| found.today))?;
    let link = |word: &'static str, days: Option<u64>| {
        let from = days.and_then(|days| today.checked_sub_days(Days::new(days)));
        let to = days.filter(|days| *days == 0).map(|_| today);
        filter.with(|filter| {
            let current = (filter.from == from && filter.to == to).then_some("true");
            let next = ChangeFilter { from, to, ..filter.first_page() };
            view! {
                <a class="span" href=address(&next) aria-current=current data-noscroll="">{word}</a>
            }
        })
    };
    Some(
        view! {
            <div class="spans">
                {link("Today", Some(0))} {link("7 days", Some(6))} {link("30 days", Some(29))}
                {link("Any time", None)}
            </div>
        }
        .into_any(),
    )
}

/// The filter that a form says.
fn read(form: &HtmlFormElement) -> ChangeFilter {
    let pairs = form::read(form);
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    ChangeFilter::from_query(&query).0
}

/// The menu that is open; there is one at most.
fn open_menu(form: &HtmlFormElement) -> Option<Element> {
    form.query_selector("details.facet[open]").ok().flatten()
}

fn close(menu: &Element) {
    drop(menu.remove_attribute("open"));
}

/// What is chosen is not shut out, and the other way about.
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

/// How many things are chosen, not counting the words.
fn parts(filter: &ChangeFilter) -> usize {
    let Facets { actions, users, inspections, fields, .. } = &filter.without;
    filter.actions.len()
        + filter.users.len()
        + filter.inspections.len()
        + filter.fields.len()
        + actions.len()
        + users.len()
        + inspections.len()
        + fields.len()
        + usize::from(filter.from.is_some())
        + usize::from(filter.to.is_some())
}

fn actions(filter: Memo<ChangeFilter>, found: Found) -> Vec<Choice> {
    let counts = found.with(|found| found.as_ref().map(|found| found.page.counts.clone()));
    let count = |action| {
        let counts = counts.as_ref()?;
        Some(
            counts
                .iter()
                .find(|(counted, _)| *counted == action)
                .map(|(_, count)| *count)
                .unwrap_or_default(),
        )
    };
    filter.with(|filter| {
        let choice = |action: Action| Choice {
            value: action.slug().into(),
            label: action.label().into(),
            count: count(action),
            chosen: filter.actions.contains(&action),
            shut_out: filter.without.actions.contains(&action),
        };
        Action::ALL.into_iter().map(choice).collect()
    })
}

fn people(filter: Memo<ChangeFilter>, found: Found) -> Vec<Choice> {
    let people = found.with(|found| found.as_ref().map(|found| found.people.clone()));
    let people: Vec<_> = people.into_iter().flatten().collect();
    filter.with(|filter| {
        let (is, not) = (&filter.users, &filter.without.users);
        let unknown = is.iter().chain(not).filter(|id| people.iter().all(|it| it.id != **id));
        let unknown = unknown.map(|id| (*id, by_number(id)));
        let known = people.iter().map(|person| (person.id, person.name.clone()));
        let all = unknown.chain(known);
        all.map(|(id, label)| choice(&id, label, is.contains(&id), not.contains(&id))).collect()
    })
}

fn inspections(filter: Memo<ChangeFilter>, found: Found) -> Vec<Choice> {
    let names = found.with(|found| found.as_ref().map(|found| found.inspections.clone()));
    let names: Vec<_> = names.into_iter().flatten().collect();
    filter.with(|filter| {
        let (is, not) = (&filter.inspections, &filter.without.inspections);
        let unknown = is.iter().chain(not).filter(|id| names.iter().all(|it| it.id != **id));
        let unknown = unknown.map(|id| (*id, by_number(id)));
        let known = names.iter().map(|it| (it.id, format!("{} {}", it.reference, it.name)));
        let all = unknown.chain(known);
        all.map(|(id, label)| choice(&id, label, is.contains(&id), not.contains(&id))).collect()
    })
}

fn fields(filter: Memo<ChangeFilter>) -> Vec<Choice> {
    filter.with(|filter| {
        let (is, not) = (&filter.fields, &filter.without.fields);
        let others = is.iter().chain(not).filter(|field| !OFFERED.contains(field));
        let fields = OFFERED.iter().chain(others);
        fields
            .map(|field| {
                choice(field, field.label().into(), is.contains(field), not.contains(field))
            })
            .collect()
    })
}

fn choice(value: &dyn Display, label: String, chosen: bool, shut_out: bool) -> Choice {
    Choice { value: value.to_string(), label, count: None, chosen, shut_out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_chosen_but_not_the_words() {
        let (filter, _) =
            ChangeFilter::from_query("action=edit&user=1&user=2&q=roof&to=2026-01-01");
        assert_eq!(parts(&filter), 4);
    }

    #[test]
    fn each_field_is_offered_once() {
        for field in OFFERED {
            assert_eq!(OFFERED.iter().filter(|it| **it == field).count(), 1, "{field}");
        }
    }
}
