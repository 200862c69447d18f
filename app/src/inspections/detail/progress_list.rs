//! Progress of a long inspection: the number of rated sections, the next one, and links to all of
//! them.

use super::{focus, page_state::InspectionPageState};
use crate::ui::ConditionBadge;
use domain::{
    id::SectionId,
    inspection::{Condition, Section},
};
use leptos::{ev::MouseEvent, html, prelude::*};

/// Minimum number of sections for which the list is shown.
const LONG: usize = 3;

/// Progress of an inspection with links to its sections.
#[component]
pub(super) fn ProgressList(
    /// Page state.
    page_state: InspectionPageState,
) -> impl IntoView {
    let sections = Memo::new(move |_| {
        page_state.inspection.with(|it| {
            let part = |section: &Section| (section.id, section.title.clone(), section.condition);
            it.sections.iter().map(part).collect::<Vec<_>>()
        })
    });
    let node = NodeRef::<html::Details>::new();
    let go = move |event: &MouseEvent, id: SectionId| {
        event.prevent_default();
        if let Some(list) = node.get_untracked() {
            list.set_open(false);
        }
        focus::show(&format!("section-{id}"));
    };
    let said = move || sections.with(|sections| rated(sections));
    let next = move || {
        let (id, title, _) = sections.with(|sections| next(sections).cloned())?;
        Some(view! {
            <a href=format!("#section-{id}") on:click=move |event| go(&event, id)>
                "Next: "
                <bdi>{title}</bdi>
            </a>
        })
    };
    let all = move || {
        let link = |(id, title, condition): (SectionId, String, Condition)| {
            view! {
                <li>
                    <a href=format!("#section-{id}") on:click=move |event| go(&event, id)>
                        <bdi>{title}</bdi>
                    </a>
                    <ConditionBadge condition/>
                </li>
            }
        };
        sections.get().into_iter().map(link).collect_view()
    };
    move || {
        (sections.with(Vec::len) >= LONG).then(|| {
            view! {
                <nav class="section-progress" aria-label="Progress">
                    <p class="cluster">
                        <span>{said}</span>
                        {next}
                    </p>
                    <details node_ref=node>
                        <summary>"All sections"</summary>
                        <ol>{all}</ol>
                    </details>
                </nav>
            }
        })
    }
}

type Part = (SectionId, String, Condition);

/// Formats the progress as in "3 of 12 rated".
fn rated(sections: &[Part]) -> String {
    let rated = sections.iter().filter(|(_, _, it)| *it != Condition::NotInspected).count();
    match sections.len() {
        all if all == rated => format!("All {all} rated"),
        all => format!("{rated} of {all} rated"),
    }
}

/// Returns the first unrated section after the last rated one, otherwise the first unrated one.
fn next(sections: &[Part]) -> Option<&Part> {
    let is_open = |part: &&Part| part.2 == Condition::NotInspected;
    let after = sections.iter().rposition(|part| !is_open(&part)).map_or(0, |last| last + 1);
    sections[after..].iter().chain(&sections[..after]).find(is_open)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(conditions: &[Condition]) -> Vec<Part> {
        let part =
            |(condition, id): (&Condition, i64)| (SectionId(id), format!("Part {id}"), *condition);
        conditions.iter().zip(1..).map(part).collect()
    }

    #[test]
    fn what_comes_next_follows_what_was_rated_last() {
        use Condition::{Good, NotInspected, Unsafe};
        let progress = |conditions: &[Condition]| {
            let parts = parts(conditions);
            (rated(&parts), next(&parts).map(|part| part.0.0))
        };
        assert_eq!(progress(&[NotInspected, NotInspected]), ("0 of 2 rated".into(), Some(1)));
        assert_eq!(progress(&[NotInspected, Good, NotInspected]), ("1 of 3 rated".into(), Some(3)));
        assert_eq!(progress(&[NotInspected, Good, Unsafe]), ("2 of 3 rated".into(), Some(1)));
        assert_eq!(progress(&[Good, Unsafe]), ("All 2 rated".into(), None));
    }
}
