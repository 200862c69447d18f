//! Menus of the filter: their values and how these are shown.

use super::{
    dashboard::DashboardData,
    facet::{Choice, Facet},
    menu_values::MenuValues,
    offer::Offer,
};
use crate::{
    hydration::DeferredHydration,
    ui::{ActionBadge, Avatar},
};
use domain::{
    change::Action,
    feed::{ChangeFilter, FilterKey, FilterNames},
    inspection::Field,
};
use leptos::prelude::*;
use std::fmt::Display;

/// Menus of actions, people, inspections and fields.
#[component]
pub(super) fn Menus(
    /// Filter in the address.
    filter: Memo<ChangeFilter>,
    /// Values to choose from.
    found: DashboardData,
) -> impl IntoView {
    let offer = Offer::new();
    let values = MenuValues::new(found);
    view! {
        <DeferredHydration>
            <Facet
                key=FilterKey::Action
                choices=Memo::new(move |_| actions(filter, found))
                face=|choice| {
                    let action = choice.value.parse::<Action>().ok();
                    action.map(|action| view! { <ActionBadge action/> }).into_any()
                }
            />
        </DeferredHydration>
        <DeferredHydration>
            <Facet
                key=FilterKey::User
                none="There is nobody yet."
                values
                choices=Memo::new(move |_| people(filter, found, values))
                face=|choice| {
                    view! {
                        <Avatar name=choice.label.clone()/>
                        <span>{choice.label.clone()}</span>
                    }
                        .into_any()
                }
            />
        </DeferredHydration>
        <DeferredHydration>
            <Facet
                key=FilterKey::Inspection
                none="There are no inspections yet."
                values
                choices=Memo::new(move |_| inspections(filter, found, values, offer))
                look=offer.look
                says=offer.says
                face=|choice| {
                    let (reference, name) = choice.label.split_once(' ').unwrap_or((&choice.label, ""));
                    view! {
                        <span class="choice-two">
                            <span class="change-reference">{reference.to_owned()}</span>
                            " "
                            <bdi>{name.to_owned()}</bdi>
                        </span>
                    }
                        .into_any()
                }
            />
        </DeferredHydration>
        <DeferredHydration>
            <Facet
                key=FilterKey::Field
                choices=Memo::new(move |_| fields(filter))
                face=|choice| view! { <span>{choice.label.clone()}</span> }.into_any()
            />
        </DeferredHydration>
    }
    .into_any()
}

fn actions(filter: Memo<ChangeFilter>, found: DashboardData) -> Vec<Choice> {
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

/// Returns the people that are loaded and those that the filter names.
fn people(filter: Memo<ChangeFilter>, found: DashboardData, values: MenuValues) -> Vec<Choice> {
    let loaded = values.loaded.with(|loaded| loaded.as_ref().map(|it| it.people.clone()));
    let named = found.with(|found| found.as_ref().map(|found| found.named.people.clone()));
    let known = [loaded, named].into_iter().flatten().flatten();
    let known = known.map(|person| (person.id, person.name)).collect();
    filter.with(|filter| by_id(&filter.users, &filter.without.users, known))
}

/// Returns the inspections that the filter names, those that are loaded, and those found for the
/// typed text.
fn inspections(
    filter: Memo<ChangeFilter>,
    found: DashboardData,
    values: MenuValues,
    offer: Offer,
) -> Vec<Choice> {
    let named = found.with(|found| found.as_ref().map(|found| found.named.inspections.clone()));
    let loaded = values.loaded.with(|loaded| loaded.as_ref().map(|it| it.inspections.clone()));
    let known = [named, loaded, Some(offer.found.get())].into_iter().flatten().flatten();
    let known = known.map(|it| (it.id, format!("{} {}", it.reference, it.name))).collect();
    filter.with(|filter| by_id(&filter.inspections, &filter.without.inspections, known))
}

fn fields(filter: Memo<ChangeFilter>) -> Vec<Choice> {
    let offered = Field::ALL.iter().filter(|field| field.is_filtered());
    let offered = offered.map(|field| (*field, field.label().to_owned()));
    filter.with(|filter| {
        let (is, not) = (&filter.fields, &filter.without.fields);
        let others = is.iter().chain(not).map(|field| (*field, field.label().to_owned()));
        by_id(is, not, offered.chain(others).collect())
    })
}

/// Returns each known value once, preceded by included or excluded values with unknown names.
fn by_id<T: Copy + PartialEq + Display>(
    is: &[T],
    not: &[T],
    known: Vec<(T, String)>,
) -> Vec<Choice> {
    let is_known = |id: &T| known.iter().any(|(it, _)| it == id);
    let unknown = is.iter().chain(not).filter(|id| !is_known(id));
    let unknown: Vec<_> = unknown.map(|id| (*id, FilterNames::unknown(id))).collect();
    let mut all: Vec<(T, String)> = Vec::new();
    for (id, label) in unknown.into_iter().chain(known) {
        if all.iter().all(|(it, _)| *it != id) {
            all.push((id, label));
        }
    }
    let choice = |(id, label): (T, String)| Choice {
        value: id.to_string(),
        label,
        count: None,
        chosen: is.contains(&id),
        shut_out: not.contains(&id),
    };
    all.into_iter().map(choice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::UserId;

    #[test]
    fn what_is_chosen_is_offered_once_and_first_where_it_is_not_known() {
        let known = vec![(UserId(1), "Ada".to_owned()), (UserId(1), "Ada".to_owned())];
        let choices = by_id(&[UserId(7)], &[UserId(1)], known);
        let choices: Vec<_> =
            choices.iter().map(|it| (&*it.value, &*it.label, it.chosen, it.shut_out)).collect();
        assert_eq!(choices, [("7", "no. 7", true, false), ("1", "Ada", false, true)]);
    }
}
