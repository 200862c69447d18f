//! Text differences, marked word by word, with long texts folded.

use domain::text::{Run, compare_texts, likeness};
use leptos::prelude::*;

/// Minimum similarity in percent for two texts to be shown as one edited text.
const ALIKE: usize = 30;
/// Length in characters above which a text is folded.
const LONG: usize = 420;
/// Length in characters of the visible part of a folded text.
const SHOWN: usize = 180;
/// Length in characters above which an unchanged part is folded.
const LONG_SAME: usize = 260;
/// Length in characters of an unchanged part that stays visible beside a difference.
const BESIDE: usize = 70;

/// Renders an edited text of several lines as one text with marked differences. `None` when the two
/// are too different.
pub(super) fn edited(before: &str, after: &str) -> Option<AnyView> {
    let runs = compare_texts(before, after);
    (likeness(&runs) >= ALIKE).then(|| {
        let last = runs.len() - 1;
        let runs = runs.into_iter().enumerate().map(|(place, run)| match run {
            Run::Same(text) => same(text, place == 0, place == last),
            Run::Gone(text) => view! { <del>{marked_gone(text)}</del> }.into_any(),
            Run::Came(text) => view! { <ins>{marked_came(text)}</ins> }.into_any(),
        });
        view! { <div class="change-text" dir="auto">{runs.collect_view()}</div> }.into_any()
    })
}

/// Renders two lines, each with its difference from the other marked.
pub(crate) fn both(before: &str, after: &str) -> (AnyView, AnyView) {
    let runs = compare_texts(before, after);
    if likeness(&runs) < ALIKE {
        return (gone(before), came(after));
    }
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for run in runs {
        match run {
            Run::Same(text) => {
                old.push(text.to_owned().into_any());
                new.push(text.to_owned().into_any());
            }
            Run::Gone(text) => old.push(view! { <del>{marked_gone(text)}</del> }.into_any()),
            Run::Came(text) => new.push(view! { <ins>{marked_came(text)}</ins> }.into_any()),
        }
    }
    let text = |runs: Vec<AnyView>| {
        view! { <span class="change-text" dir="auto">{runs}</span> }.into_any()
    };
    (text(old), text(new))
}

/// Renders a removed text. A whole text has its own direction; a part inherits that of the whole.
pub(super) fn gone(text: &str) -> AnyView {
    view! { <del dir="auto">{marked_gone(text)}</del> }.into_any()
}

/// Renders an added text.
pub(super) fn came(text: &str) -> AnyView {
    view! { <ins dir="auto">{marked_came(text)}</ins> }.into_any()
}

fn marked_gone(text: &str) -> impl IntoView + use<> {
    view! { {aloud("removed: ")} {folded(text)} {aloud(";")} }
}

fn marked_came(text: &str) -> impl IntoView + use<> {
    view! { {aloud("added: ")} {folded(text)} {aloud(";")} }
}

/// Renders text for screen readers, few of which announce marked text. It has its own direction, so
/// that it does not affect that of the text.
fn aloud(words: &'static str) -> AnyView {
    view! { <span class="visually-hidden" dir="ltr">{words}</span> }.into_any()
}

/// Renders a text folded after its beginning.
fn folded(text: &str) -> AnyView {
    if text.chars().count() <= LONG {
        return text.to_owned().into_any();
    }
    let (start, rest) = text.split_at(near(text, SHOWN));
    view! {
        {start.to_owned()}
        <details class="change-fold">
            <summary>{format!("… {} more words", count(rest))}</summary>
            {rest.to_owned()}
        </details>
    }
    .into_any()
}

/// Renders an unchanged part. When it is long, its middle is folded; before the first difference
/// its beginning, and after the last difference its end.
fn same(text: &str, first: bool, last: bool) -> AnyView {
    if text.chars().count() <= LONG_SAME {
        return text.to_owned().into_any();
    }
    let start = if first { 0 } else { near(text, BESIDE) };
    let end = if last { text.len() } else { text.len() - near_end(text, BESIDE) };
    let middle = &text[start..end];
    view! {
        {text[..start].to_owned()}
        <details class="change-fold">
            <summary>{format!("… {} words unchanged …", count(middle))}</summary>
            {middle.to_owned()}
        </details>
        {text[end..].to_owned()}
    }
    .into_any()
}

fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Returns the length in bytes of a prefix of about that many characters, up to the end of a word.
fn near(text: &str, characters: usize) -> usize {
    let mut signs = text.char_indices().skip(characters);
    signs.find(|(_, sign)| sign.is_whitespace()).map_or(text.len(), |(at, _)| at)
}

/// Returns the length in bytes of a suffix of about that many characters, from the start of a word.
fn near_end(text: &str, characters: usize) -> usize {
    let mut signs = text.char_indices().rev().skip(characters);
    signs.find(|(_, sign)| sign.is_whitespace()).map_or(text.len(), |(at, _)| text.len() - at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_between_words() {
        let text = "wet roof tiles";
        assert_eq!(&text[..near(text, 5)], "wet roof");
        assert_eq!(near(text, 50), text.len());
        assert_eq!(&text[text.len() - near_end(text, 3)..], " tiles");
        assert_eq!(near_end(text, 50), text.len());
        assert_eq!(&"äöü ß"[..near("äöü ß", 1)], "äöü");
    }
}
