//! Tests that records rebuild an inspection after any history.

use crate::histories::{Try, attempt, change, created, mutation};
use domain::{
    change::{Action, Change, Mutation, Record},
    id::{ChangeId, InspectionId},
    inspection::{Inspection, Photo, Section},
};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn records_rebuild_the_inspection(attempts in prop::collection::vec(attempt(), 0..40)) {
        let (mut state, mut history) = created();
        for (id, attempt) in (2..).zip(&attempts) {
            if state.removed {
                break;
            }
            let asked = mutation(attempt, &state, &history).assign(ChangeId(id));
            let Ok(Some(record)) = state.plan(&asked) else { continue };

            let json = serde_json::to_string(&record).expect("is JSON");
            let read: Record = serde_json::from_str(&json).expect("reads");
            prop_assert_eq!(&read, &record, "a record survives its JSON");
            prop_assert_eq!(Some(record.action), asked.action(state.status));

            let planned_for = state.clone();
            state.replay(&change(id, record.clone())).expect("reads");
            history.push(change(id, read));

            if matches!(asked, Mutation::Edit { .. }) {
                prop_assert_eq!(state.plan(&asked), Ok(None), "the same edit again changes nothing");
                for difference in record.differences() {
                    prop_assert_ne!(difference.before, difference.after);
                }
            }
            if record.action.alters() {
                prop_assert!(state.reports.iter().all(|report| !state.is_current(report)));
            } else if record.action == Action::CreatePdf {
                prop_assert!(state.reports.last().is_some_and(|report| state.is_current(report)));
            } else {
                let kept = planned_for.reports.len();
                prop_assert_eq!(&planned_for.reports[..], &state.reports[..kept]);
            }
            prop_assert!(!record.sentence().is_empty());
        }
        let rebuilt = Inspection::rebuild(InspectionId(1), &history).expect("reads");
        prop_assert_eq!(rebuilt, state);
    }

    #[test]
    fn a_removed_section_comes_back_as_it_was(
        titles in prop::collection::vec("[A-Z][a-z]{0,6}", 1..5),
        which in any::<prop::sample::Index>(),
        photos in 0usize..4,
    ) {
        let (mut state, mut history) = created();
        let mut id = 1;
        let mut perform = |state: &mut Inspection, history: &mut Vec<Change>, asked: Mutation| {
            id += 1;
            let record = state.plan(&asked.assign(ChangeId(id))).expect("holds").expect("changes");
            let change = change(id, record);
            state.replay(&change).expect("reads");
            history.push(change);
        };
        for title in titles {
            let section = Section { title, ..Section::default() };
            let add = Mutation::AddSection { section, position: None, photos: Vec::new() };
            perform(&mut state, &mut history, add);
        }
        let at = which.index(state.sections.len());
        let section = state.sections[at].id;
        for _ in 0..photos {
            let photo = Photo {
                section: Some(section),
                name: "roof.jpg".into(),
                ..Photo::default()
            };
            perform(&mut state, &mut history, Mutation::AddPhoto { photo });
        }
        let before = state.clone();

        perform(&mut state, &mut history, Mutation::RemoveSection { section });
        prop_assert!(state.section(section).is_none());
        prop_assert_eq!(state.photos_of(Some(section)).count(), 0);

        let back = mutation(&Try::RestoreSection(0), &state, &history);
        perform(&mut state, &mut history, back);
        let (head, altered) = (before.head, before.altered);
        prop_assert_eq!(Inspection { head, altered, ..state }, before);
    }
}
