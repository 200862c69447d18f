//! Tests of the comparison of any two states.

use crate::histories::{histories, summarize};
use domain::{
    change::{Action, compare},
    inspection::{Field, Target},
};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn nothing_differs_exactly_where_both_are_the_same(
        history in histories(),
        one in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
    ) {
        let (one, other) = (one.get(&history.states), other.get(&history.states));
        prop_assert!(compare(one, one).is_empty());
        prop_assert_eq!(compare(one, other).is_empty(), summarize(one) == summarize(other));
    }

    #[test]
    fn the_other_way_round_it_reads_backwards(
        history in histories(),
        one in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
    ) {
        let (one, other) = (one.get(&history.states), other.get(&history.states));
        let (forth, back) = (compare(one, other), compare(other, one));
        prop_assert_eq!(forth.removed, back.removed.map(|removed| !removed));
        for thing in forth.things() {
            let same = back.things().find(|it| it.target == thing.target);
            // If two sections change places, either of them may count as moved.
            let of_place = |field: &Field| *field == Field::Position;
            if thing.after.fields().all(|field| of_place(&field)) && !thing.came() {
                continue;
            }
            let same = same.expect("it differs in both directions");
            let strip = |values: &domain::inspection::Values| -> domain::inspection::Values {
                let values = values.clone().0.into_iter();
                values.filter(|(field, _)| !of_place(field)).collect()
            };
            prop_assert_eq!(strip(&same.before), strip(&thing.after));
            prop_assert_eq!(strip(&same.after), strip(&thing.before));
        }
    }

    #[test]
    fn one_edit_compares_as_its_record_says(history in histories()) {
        for (change, states) in history.changes[1..].iter().zip(history.states.windows(2)) {
            let record = &change.record;
            if record.action != Action::Edit || record.data.before.is_empty() {
                continue;
            }
            let compared = compare(&states[0], &states[1]);
            let of_place = |target| matches!(target, Target::Section(_));
            for difference in record.differences() {
                // If two sections change places, either of them may count as moved.
                if difference.field == Field::Position {
                    prop_assert!(compared.sections.iter().any(|it| of_place(it.target)));
                    continue;
                }
                let found = compared.things().any(|it| it.differences().contains(&difference));
                prop_assert!(found, "{:?} is missing in {:?}", difference, compared);
            }
        }
    }
}

#[test]
fn a_section_that_passes_the_others_moves_alone() {
    let mut before = domain::inspection::Inspection::default();
    for (id, title) in (1..).zip(["A", "B", "C", "D"]) {
        before.sections.push(domain::inspection::Section {
            id: domain::id::SectionId(id),
            title: title.into(),
            ..domain::inspection::Section::default()
        });
    }
    let mut after = before.clone();
    after.sections.rotate_left(1);
    let compared = compare(&before, &after);
    let moved: Vec<_> = compared.sections.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(moved, ["A"]);
    assert_eq!(compared.sections[0].differences().len(), 1);
}
