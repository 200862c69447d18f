//! Chips: the parts of a filter, each with a link that removes it.

use super::link::address;
use crate::ui::Icon;
use domain::{
    day::day_in_words,
    feed::{ChangeFilter, ReviewState},
    id::{InspectionId, UserId},
    people::Person,
    text::isolate,
    view::InspectionName,
};
use leptos::prelude::*;
use std::fmt::Display;

/// Part of a filter, with the filter without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chip {
    /// Name of the part: "Action".
    pub(super) part: &'static str,
    /// Value of the part: "Edit".
    pub(super) says: String,
    /// Address of the dashboard without it.
    pub(super) without: String,
}

/// Returns a label for an unknown id.
pub(super) fn by_number(id: &dyn Display) -> String {
    format!("no. {id}")
}

/// Returns the chips of a filter, in the order of the form. Each links to the first page without
/// it.
pub(super) fn chips(
    filter: &ChangeFilter,
    people: &[Person],
    inspections: &[InspectionName],
) -> Vec<Chip> {
    let person = |user: &UserId| {
        let person = people.iter().find(|person| person.id == *user);
        person.map_or_else(|| by_number(user), |person| isolate(&person.name).into_owned())
    };
    let inspection = |id: &InspectionId| {
        let known = inspections.iter().find(|inspection| inspection.id == *id);
        known.map_or_else(|| by_number(id), |known| known.reference.clone())
    };
    let mut chips = Making { filter, made: Vec::new() };
    if !filter.words.is_empty() {
        chips.one("Words", isolate(&filter.words).into_owned(), |rest| rest.words.clear());
    }
    chips.each(
        ["Action", "Action is not"],
        |it, not| if not { &mut it.without.actions } else { &mut it.actions },
        |action| action.label().into(),
    );
    chips.each(
        ["Person", "Person is not"],
        |it, not| if not { &mut it.without.users } else { &mut it.users },
        person,
    );
    chips.each(
        ["Inspection", "Inspection is not"],
        |it, not| if not { &mut it.without.inspections } else { &mut it.inspections },
        inspection,
    );
    chips.each(
        ["Field", "Field is not"],
        |it, not| if not { &mut it.without.fields } else { &mut it.fields },
        |field| field.label().into(),
    );
    // The tabs show a single state, except the reviewed state.
    chips.of("State is not", true, |it, _| &mut it.without.states, |state| state.label().into());
    if filter.states.len() > 1 || filter.states == [ReviewState::Reviewed] {
        let says: Vec<_> = filter.states.iter().map(|state| state.label()).collect();
        chips.one("State", says.join(" or "), |rest| rest.states.clear());
    }
    if filter.request.is_some() {
        chips.one("One action", "what it did".into(), |rest| rest.request = None);
    }
    if let Some(from) = filter.from {
        chips.one("From", day_in_words(from), |rest| rest.from = None);
    }
    if let Some(to) = filter.to {
        chips.one("To", day_in_words(to), |rest| rest.to = None);
    }
    chips.made
}

/// Accessor for one of a filter's lists: the included or the excluded values.
type List<T> = fn(&mut ChangeFilter, bool) -> &mut Vec<T>;

struct Making<'filter> {
    filter: &'filter ChangeFilter,
    made: Vec<Chip>,
}

impl Making<'_> {
    fn one(&mut self, part: &'static str, says: String, without: impl FnOnce(&mut ChangeFilter)) {
        let mut rest = self.filter.first_page();
        without(&mut rest);
        self.made.push(Chip { part, says, without: address(&rest) });
    }

    /// Adds a chip for each included value, then for each excluded one.
    fn each<T>(
        &mut self,
        [is, not]: [&'static str; 2],
        list: List<T>,
        says: impl Fn(&T) -> String,
    ) {
        self.of(is, false, list, &says);
        self.of(not, true, list, &says);
    }

    fn of<T>(&mut self, part: &'static str, not: bool, list: List<T>, says: impl Fn(&T) -> String) {
        let values = std::mem::take(list(&mut self.filter.clone(), not));
        for (at, value) in values.iter().enumerate() {
            self.one(part, says(value), |rest| drop(list(rest, not).remove(at)));
        }
    }
}

/// Links that remove a part of the filter, and one that removes all parts.
#[component]
pub(super) fn Chips(
    /// Chips to show.
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
                    <a class="chip-clear" href="/changes?state=" data-noscroll="">"Clear all"</a>
                </li>
            </ul>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::ChangeId;

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
        assert_eq!(says("q=wet+roof"), [("Words", "wet roof".into(), "/changes?state=".into())]);
        assert_eq!(says(""), []);
    }

    #[test]
    fn a_chip_leads_to_the_first_page() {
        let filter = ChangeFilter { before: Some(ChangeId(7)), ..ChangeFilter::default() };
        assert_eq!(chips(&filter, &[], &[]), []);
        assert_eq!(says("inspection=9&before=7")[0].2, "/changes?state=");
    }

    #[test]
    fn who_and_what_is_unknown_goes_by_number() {
        let not = says("-action=edit&q=wet");
        assert_eq!(not[1], ("Action is not", "Edit".into(), "/changes?q=wet".into()));
        let words: Vec<_> = says("user=4&inspection=9&inspection=10&from=2026-03-01&field=notes")
            .into_iter()
            .map(|(_, says, _)| says)
            .collect();
        assert_eq!(words, ["no. 4", "BI-2026-0001", "no. 10", "Notes", "1 Mar 2026"]);
    }
}
