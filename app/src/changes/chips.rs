//! Chips: the parts of a filter, each with a link that removes it.

use super::link::address;
use crate::ui::{Icon, icons};
use domain::feed::{
    ChangeFilter, FilterChip, FilterControl, FilterKey, FilterNames, FilterPart, ReviewState,
};
use leptos::prelude::*;

/// Part of a filter, with the filter without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chip {
    /// Name of the part: "Action".
    pub(super) part: String,
    /// Value of the part: "Edit".
    pub(super) says: String,
    /// Address of the dashboard without it.
    pub(super) without: String,
}

/// Returns the chips of a filter, in the order of the form. Each links to the first page without
/// it.
pub(super) fn chips(filter: &ChangeFilter, names: &FilterNames<'_>) -> Vec<Chip> {
    let is_search = |part: &FilterPart| part.key.control() == FilterControl::Search;
    let (mut parts, others): (Vec<_>, Vec<_>) =
        filter.parts(names).into_iter().partition(is_search);
    parts.extend(others);
    let mut chips = Vec::new();
    let mut rest = parts.as_slice();
    while let Some(first) = rest.first() {
        let is_joined = first.key.chip() == FilterChip::Joined && !first.is_excluded;
        let is_alike = |part: &&FilterPart| part.key == first.key && !part.is_excluded;
        let number = if is_joined { rest.iter().take_while(is_alike).count() } else { 1 };
        let (group, others) = rest.split_at(number);
        rest = others;
        if first.key.chip() == FilterChip::Omitted || is_shown_by_tab(group) {
            continue;
        }
        let labels: Vec<_> = group.iter().map(|part| part.label.as_str()).collect();
        let without = address(&filter.without_parts(group));
        chips.push(Chip { part: first.title(), says: labels.join(" or "), without });
    }
    chips
}

/// Returns whether a tab shows these parts: a single included state, except the reviewed state.
fn is_shown_by_tab(parts: &[FilterPart]) -> bool {
    let reviewed = ReviewState::Reviewed.slug();
    matches!(parts, [part] if part.key == FilterKey::State && !part.is_excluded && part.value != reviewed)
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
                        <Icon icon=icons::X/>
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
    use domain::{
        id::{ChangeId, InspectionId, UserId},
        people::Person,
        view::InspectionName,
    };

    fn says(query: &str) -> Vec<(String, String, String)> {
        let (filter, problems) = ChangeFilter::from_query(query);
        assert!(problems.is_empty());
        let people = [Person { id: UserId(3), name: "Ada Plumb".into() }];
        let inspections = [InspectionName {
            id: InspectionId(9),
            reference: "BI-2026-0001".into(),
            name: "Mill".into(),
        }];
        chips(&filter, &FilterNames { people: &people, inspections: &inspections })
            .into_iter()
            .map(|chip| (chip.part, chip.says, chip.without))
            .collect()
    }

    #[test]
    fn each_chip_leads_to_the_filter_without_it() {
        assert_eq!(
            says("action=edit&action=remove&user=3"),
            [
                ("Action".into(), "Edit".into(), "/changes?action=remove&user=3".into()),
                ("Action".into(), "Remove".into(), "/changes?action=edit&user=3".into()),
                ("Person".into(), "Ada Plumb".into(), "/changes?action=edit&action=remove".into()),
            ]
        );
    }

    #[test]
    fn the_last_chip_leads_to_everything() {
        let words = ("Words".into(), "wet roof".into(), "/changes?state=".into());
        assert_eq!(says("q=wet+roof"), [words]);
        assert_eq!(says(""), []);
    }

    #[test]
    fn a_chip_leads_to_the_first_page() {
        let filter = ChangeFilter { before: Some(ChangeId(7)), ..ChangeFilter::default() };
        assert_eq!(chips(&filter, &FilterNames::default()), []);
        assert_eq!(says("inspection=9&before=7")[0].2, "/changes?state=");
    }

    #[test]
    fn who_and_what_is_unknown_goes_by_number() {
        let not = says("-action=edit&q=wet");
        assert_eq!(not[1], ("Action is not".into(), "Edit".into(), "/changes?q=wet".into()));
        let states = says("state=reviewed&state=flagged&-state=unreviewed");
        let (any, not) = (&states[0], &states[1]);
        assert_eq!(
            (&*any.0, &*any.1, &*any.2),
            ("State", "Reviewed or Flagged", "/changes?-state=unreviewed")
        );
        assert_eq!((&*not.0, &*not.1), ("State is not", "Unreviewed"));
        assert_eq!((says("state=flagged").len(), says("state=reviewed").len()), (0, 1));
        let words: Vec<_> = says("user=4&inspection=9&inspection=10&from=2026-03-01&field=notes")
            .into_iter()
            .map(|(_, says, _)| says)
            .collect();
        assert_eq!(words, ["no. 4", "BI-2026-0001", "no. 10", "Notes", "1 Mar 2026"]);
    }
}
