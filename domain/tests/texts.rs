//! Word by word: [`domain::compare_texts`].

use domain::{Run, compare_texts, likeness};
use proptest::prelude::*;

fn told(before: &str, after: &str) -> String {
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
    assert_eq!(told("The roof leaks.", "The roof is dry."), "The roof [-leaks-]{+is dry+}.");
    assert_eq!(told("wet", "wet and worn"), "wet{+ and worn+}");
    assert_eq!(told("two loose tiles", "tiles"), "[-two loose -]tiles");
    assert_eq!(told("a red door", "a blue gate"), "a [-red door-]{+blue gate+}");
    assert_eq!(told("same", "same"), "same");
    assert_eq!(told("", "new"), "{+new+}");
    assert_eq!(told("", ""), "");
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
