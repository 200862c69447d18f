//! What a filter says, a chip for each part of it.

use super::api::InspectionName;
use crate::ui::Icon;
use domain::{ChangeFilter, Person};
use leptos::prelude::*;
use std::fmt::Display;

/// One part of a filter, and the filter without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chip {
    /// Which part: "Action".
    pub(super) part: &'static str,
    /// What it says: "Edit".
    pub(super) says: String,
    /// Where the dashboard is without it.
    pub(super) without: String,
}

/// The dashboard's address with this filter.
pub(super) fn address(filter: &ChangeFilter) -> String {
    match filter.to_query() {
        query if query.is_empty() => "/changes".into(),
        query => format!("/changes?{query}"),
    }
}

/// What is chosen by id, but no longer known.
pub(super) fn by_number(id: &dyn Display) -> String {
    format!("no. {id}")
}

/// The chips of a filter, in the order of the form. Each leads to the first page without it.
pub(super) fn chips(
    filter: &ChangeFilter,
    people: &[Person],
    inspections: &[InspectionName],
) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut add = |part, says: String, without: &dyn Fn(&mut ChangeFilter)| {
        let mut rest = filter.first_page();
        without(&mut rest);
        chips.push(Chip { part, says, without: address(&rest) });
    };
    if !filter.words.is_empty() {
        add("Words", filter.words.clone(), &|rest| rest.words.clear());
    }
    for action in &filter.actions {
        add("Action", action.label().into(), &|rest| rest.actions.retain(|it| it != action));
    }
    for user in &filter.users {
        let person = people.iter().find(|person| person.id == *user);
        let says = person.map_or_else(|| by_number(user), |person| person.name.clone());
        add("Person", says, &|rest| rest.users.retain(|it| it != user));
    }
    for id in &filter.inspections {
        let known = inspections.iter().find(|inspection| inspection.id == *id);
        let says = known.map_or_else(|| by_number(id), |known| known.reference.clone());
        add("Inspection", says, &|rest| rest.inspections.retain(|it| it != id));
    }
    for field in &filter.fields {
        add("Field", field.label().into(), &|rest| rest.fields.retain(|it| it != field));
    }
    if let Some(from) = filter.from {
        add("From", from.to_string(), &|rest| rest.from = None);
    }
    if let Some(to) = filter.to {
        add("To", to.to_string(), &|rest| rest.to = None);
    }
    chips
}

/// Links that take a part of the filter away, and one that takes all.
#[component]
pub(super) fn Chips(
    /// The chips.
    chips: Vec<Chip>,
) -> impl IntoView {
    let any = !chips.is_empty();
    let links = chips
        .into_iter()
        .map(|Chip { part, says, without }| {
            let label = format!("Remove the filter {part}: {says}");
            view! {
                <li>
                    <a
                        class="chip"
                        href=without
                        data-noscroll=""
                        aria-label=label
                    >
                        <span class="chip-part">{part}</span>
                        <span class="chip-says">{says}</span>
                        <Icon icon=icondata_lu::LuX/>
                    </a>
                </li>
            }
        })
        .collect_view();
    any.then(|| {
        view! {
            <ul class="chips" aria-label="Active filters">
                {links}
                <li>
                    <a class="chip-clear" href="/changes" data-noscroll="">"Clear all"</a>
                </li>
            </ul>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{ChangeId, InspectionId, UserId};

    fn says(query: &str) -> Vec<(&'static str, String, String)> {
        let (filter, problems) = ChangeFilter::from_query(query);
        assert!(problems.is_empty());
        let people = [Person { id: UserId(3), name: "Ada Plumb".into() }];
        let inspections = [InspectionName {
            id: InspectionId(9),
            reference: "BI-2026-0001".into(),
            name: "Mill".into(),
        }];
        chips(&filter, &people, &inspections)
            .into_iter()
            .map(|chip| (chip.part, chip.says, chip.without))
            .collect()
    }

    #[test]
    fn each_chip_leads_to_the_filter_without_it() {
        assert_eq!(
            says("action=edit&action=remove&user=3"),
            [
                ("Action", "Edit".into(), "/changes?action=remove&user=3".into()),
                ("Action", "Remove".into(), "/changes?action=edit&user=3".into()),
                ("Person", "Ada Plumb".into(), "/changes?action=edit&action=remove".into()),
            ]
        );
    }

    #[test]
    fn the_last_chip_leads_to_everything() {
        assert_eq!(says("q=wet+roof"), [("Words", "wet roof".into(), "/changes".into())]);
        assert_eq!(says(""), []);
    }

    #[test]
    fn a_chip_leads_to_the_first_page() {
        let filter = ChangeFilter { before: Some(ChangeId(7)), ..ChangeFilter::default() };
        assert_eq!(chips(&filter, &[], &[]), []);
        assert_eq!(says("inspection=9&before=7")[0].2, "/changes");
    }

    #[test]
    fn who_and_what_is_unknown_goes_by_number() {
        let words: Vec<_> = says("user=4&inspection=9&inspection=10&from=2026-03-01&field=notes")
            .into_iter()
            .map(|(_, says, _)| says)
            .collect();
        assert_eq!(words, ["no. 4", "BI-2026-0001", "no. 10", "Notes", "2026-03-01"]);
    }
}
