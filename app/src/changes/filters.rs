//! The dashboard's filter: a form that works as it is, and applies itself as it is filled in.

use super::{
    Found,
    chips::{address, by_number},
    facet::{Choice, Facet},
};
use crate::ui::{ActionBadge, Avatar, Button, ButtonKind, Icon, TextField};
use domain::{Action, ChangeFilter, Field};
use leptos::{ev, html, leptos_dom::helpers::debounce, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::{fmt::Display, time::Duration};
use web_sys::{FormData, HtmlFormElement, HtmlInputElement, UrlSearchParams};

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
        let Some(form) = form.get_untracked() else { return };
        let typed = read(&form);
        if typed != filter.get_untracked() {
            let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
            navigate(&address(&typed), options);
        }
    };
    let mut apply_after_rest = debounce(REST, {
        let apply = apply.clone();
        move |()| apply(true)
    });
    let on_input = move |event: ev::Event| {
        if event_target::<HtmlInputElement>(&event).type_() == "search" {
            apply_after_rest(());
        }
    };
    let on_change = {
        let apply = apply.clone();
        move |event: ev::Event| {
            apply(event_target::<HtmlInputElement>(&event).type_() == "search");
        }
    };
    let on_submit = {
        let apply = apply.clone();
        move |event: ev::SubmitEvent| {
            event.prevent_default();
            apply(false);
        }
    };

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

    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
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
        >
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
                        open=true
                        choices=Signal::derive(move || actions(filter, found))
                        face=|choice| {
                            let action = choice.value.parse::<Action>().ok();
                            action.map(|action| view! { <ActionBadge action/> }).into_any()
                        }
                    />
                    <Facet
                        title="Person"
                        name="user"
                        open=true
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
                    <fieldset class="filters-days">
                        <legend class="visually-hidden">"Days"</legend>
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
                        <p class="field-hint">"Days begin at midnight UTC."</p>
                    </fieldset>
                    <div class="filters-apply">
                        <Button submit=true kind=ButtonKind::Primary>"Apply"</Button>
                        <a href="/changes" rel="external">"Clear all"</a>
                    </div>
                </div>
            </details>
        </form>
    }
    .into_any()
}

/// The filter that a form says.
fn read(form: &HtmlFormElement) -> ChangeFilter {
    let query = FormData::new_with_form(form)
        .and_then(|data| UrlSearchParams::new_with_str_sequence_sequence(&data))
        .map(|pairs| String::from(pairs.to_string()))
        .unwrap_or_default();
    ChangeFilter::from_query(&query).0
}

/// How many things are chosen, not counting the words.
fn parts(filter: &ChangeFilter) -> usize {
    filter.actions.len()
        + filter.users.len()
        + filter.inspections.len()
        + filter.fields.len()
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
        };
        Action::ALL.into_iter().map(choice).collect()
    })
}

fn people(filter: Memo<ChangeFilter>, found: Found) -> Vec<Choice> {
    let people = found.with(|found| found.as_ref().map(|found| found.people.clone()));
    let people: Vec<_> = people.into_iter().flatten().collect();
    filter.with(|filter| {
        let unknown = filter.users.iter().filter(|id| people.iter().all(|it| it.id != **id));
        let unknown = unknown.map(|id| (*id, by_number(id)));
        let known = people.iter().map(|person| (person.id, person.name.clone()));
        let all = unknown.chain(known);
        all.map(|(id, label)| choice(&id, label, filter.users.contains(&id))).collect()
    })
}

fn inspections(filter: Memo<ChangeFilter>, found: Found) -> Vec<Choice> {
    let names = found.with(|found| found.as_ref().map(|found| found.inspections.clone()));
    let names: Vec<_> = names.into_iter().flatten().collect();
    filter.with(|filter| {
        let unknown = filter.inspections.iter().filter(|id| names.iter().all(|it| it.id != **id));
        let unknown = unknown.map(|id| (*id, by_number(id)));
        let known = names.iter().map(|it| (it.id, format!("{} {}", it.reference, it.name)));
        let all = unknown.chain(known);
        all.map(|(id, label)| choice(&id, label, filter.inspections.contains(&id))).collect()
    })
}

fn fields(filter: Memo<ChangeFilter>) -> Vec<Choice> {
    filter.with(|filter| {
        let others = filter.fields.iter().filter(|field| !OFFERED.contains(field));
        let fields = OFFERED.iter().chain(others);
        fields
            .map(|field| choice(field, field.label().into(), filter.fields.contains(field)))
            .collect()
    })
}

fn choice(value: &dyn Display, label: String, chosen: bool) -> Choice {
    Choice { value: value.to_string(), label, count: None, chosen }
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
