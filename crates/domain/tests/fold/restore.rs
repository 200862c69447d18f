//! Tests of restoring an earlier state.

use crate::histories::{histories, summarize};
use domain::{change::compare, revert::Choices};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn restoring_any_point_equals_it_and_can_be_undone(
        history in histories(),
        point in any::<prop::sample::Index>(),
    ) {
        let mut history = history;
        let point = point.get(&history.states).clone();
        let (before, first) = (history.now().clone(), history.changes.len());
        let plan = before.restore(&point).expect("holds");
        prop_assert_eq!(plan.steps.is_empty(), summarize(&before) == summarize(&point));
        prop_assert!(plan.steps.iter().all(|it| it.data.restores == Some(point.head)));
        history.follow(plan);
        prop_assert_eq!(summarize(history.now()), summarize(&point));
        prop_assert!(compare(history.now(), &point).is_empty());
        prop_assert!(history.now().restore(&point).expect("holds").steps.is_empty());

        let since = history.changes[first..].to_vec();
        let undo = history.now().undo(&since, |_| true, &Choices::new()).expect("holds");
        prop_assert_eq!(&undo.conflicts, &[]);
        history.follow(undo.plan);
        prop_assert_eq!(summarize(history.now()), summarize(&before));
    }
}
