//! Tests of the word-by-word comparison, [`domain::text::compare_texts`], and of summaries of changes,
//! [`domain::change::summarize`].

use domain::{
    change::{Action, Mutation, Record, summarize},
    id::InspectionId,
    inspection::{Inspection, Photo, Section},
    text::{Run, compare_texts, likeness},
};
use proptest::prelude::*;

fn planned(mutation: &Mutation) -> Record {
    Inspection::blank(InspectionId(1))
        .plan(mutation)
        .expect("it may")
        .expect("it changes something")
}

#[test]
fn what_is_not_shown_is_counted_with_what_is() {
    let section = Section { title: "Roof".into(), ..Section::default() };
    let roof = planned(&Mutation::AddSection { section, position: None, photos: Vec::new() });
    let photo = Photo {
        name: "a.jpg".into(),
        sha256: "5e".repeat(32),
        media_type: "image/jpeg".into(),
        ..Photo::default()
    };
    let photo = planned(&Mutation::AddPhoto { photo });
    let (sections, photos) = (Action::AddSection, Action::AddPhoto);
    let both = summarize(&[&photo, &photo], &[(sections, 3), (photos, 12)]);
    assert_eq!(both, "added 3 sections and attached 12 photos");
    let one = summarize(&[&photo, &photo, &roof], &[(sections, 1), (photos, 2)]);
    assert_eq!(one, "added the section Roof and attached 2 photos");
    assert_eq!(summarize(&[&roof], &[(sections, 1)]), "added the section Roof");
    // Edits and removals of different kinds cannot be distinguished by their action alone.
    let many = summarize(&[], &[(Action::Edit, 40), (Action::Remove, 2)]);
    assert_eq!(many, "made 40 edits and removed 2 things");
}

fn marked(before: &str, after: &str) -> String {
    compare_texts(before, after)
        .into_iter()
        .map(|run| match run {
            Run::Same(text) => text.to_owned(),
            Run::Gone(text) => format!("[-{text}-]"),
            Run::Came(text) => format!("{{+{text}+}}"),
        })
        .collect()
}

#[test]
fn marks_whole_words() {
    assert_eq!(marked("The roof leaks.", "The roof is dry."), "The roof [-leaks-]{+is dry+}.");
    assert_eq!(marked("wet", "wet and worn"), "wet{+ and worn+}");
    assert_eq!(marked("two loose tiles", "tiles"), "[-two loose -]tiles");
    assert_eq!(marked("a red door", "a blue gate"), "a [-red door-]{+blue gate+}");
    assert_eq!(marked("same", "same"), "same");
    assert_eq!(marked("", "new"), "{+new+}");
    assert_eq!(marked("", ""), "");
}

#[test]
fn likeness_tells_a_touch_from_a_rewrite() {
    let like = |before, after| likeness(&compare_texts(before, after));
    assert_eq!(like("same", "same"), 100);
    assert_eq!(like("", ""), 100);
    assert_eq!(like("all of it", "nothing"), 0);
    assert!(like("The gutters are dirty and leak.", "The gutters are clean and leak.") > 60);
}

#[test]
fn the_longest_texts_are_compared_in_a_moment() {
    let before = "wet ".repeat(20_000);
    let after = format!("{}dry {}", "wet ".repeat(5), "worn ".repeat(20_000));
    assert!(compare_texts(&before, &after).len() <= 4);
}

proptest! {
    #[test]
    fn the_runs_hold_both_texts(
        before in "([a-c]{1,2}|é|[ \n.,])*",
        after in "([a-c]{1,2}|é|[ \n.,])*",
    ) {
        let (mut old, mut new) = (String::new(), String::new());
        let runs = compare_texts(&before, &after);
        for run in &runs {
            match run {
                Run::Same(text) => { old.push_str(text); new.push_str(text); }
                Run::Gone(text) => old.push_str(text),
                Run::Came(text) => new.push_str(text),
            }
        }
        prop_assert_eq!(&old, &before);
        prop_assert_eq!(&new, &after);
        prop_assert!(runs.windows(2).all(|pair| !matches!(
            pair,
            [Run::Same(_), Run::Same(_)] | [Run::Gone(_), Run::Gone(_)] | [Run::Came(_), Run::Came(_) | Run::Gone(_)]
        )));
    }
}
