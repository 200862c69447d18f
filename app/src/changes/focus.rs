//! Where the focus goes when what has it goes: it is never lost, and stays near where it was.

use super::{board::Board, selection};
use crate::ui::find;
use domain::{Entry, EntryKey};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// So long after an act the page may still follow it.
const SOON: Duration = Duration::from_secs(2);

/// The focus that is to be moved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Lost {
    /// None is.
    #[default]
    No,
    /// To this entry, once what has it is gone; to the first one where it says nothing.
    Soon(String),
    /// It is on the heading of the empty page, and goes to the first entry if one comes.
    OnEmpty,
}

/// All entries on the page, in their order.
pub(super) fn entries() -> Vec<Element> {
    let Ok(found) = document().query_selector_all("[data-entry]") else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// The entry that has the focus.
pub(super) fn here() -> Option<Element> {
    document().active_element()?.closest("[data-entry]").ok().flatten()
}

/// Puts the focus on the line of an entry.
pub(super) fn to_line(entry: &Element) {
    if let Some(line) = find(entry, ".entry-line") {
        drop(line.focus());
    }
}

fn name_of(entry: &Element) -> String {
    entry.get_attribute("data-entry").unwrap_or_default()
}

/// Before these entries go, and what is sent for them: the focus in one of them moves on at once; that in
/// the bar, in what asks for words or in a question once that is gone.
pub(super) fn pass_on(board: Board, going: &[EntryKey], at_once: bool) {
    let Some(active) = document().active_element() else { return };
    let all = entries();
    let names: Vec<String> = going.iter().map(ToString::to_string).collect();
    let goes = |entry: &Element| names.contains(&name_of(entry));
    let inside = |selector: &str| active.closest(selector).ok().flatten();
    let (at, at_once) = if let Some(entry) = inside("[data-entry]") {
        if !goes(&entry) {
            // What was pressed in it may go.
            return board.lost.set_value(Lost::Soon(name_of(&entry)));
        }
        (all.iter().position(|it| *it == entry), at_once)
    } else if inside(&format!("#{}, .said", selection::ID)).is_some() {
        let ticked = selection::ticked();
        let first = ticked.first().and_then(|box_| box_.closest("[data-entry]").ok().flatten());
        (all.iter().position(|it| first.as_ref() == Some(it)), false)
    } else {
        return;
    };
    let (before, after) = all.split_at(at.unwrap_or_default());
    let next =
        after.iter().find(|it| !goes(it)).or_else(|| before.iter().rev().find(|it| !goes(it)));
    match next.filter(|_| at_once) {
        Some(next) => to_line(next),
        None => board.lost.set_value(Lost::Soon(next.map(name_of).unwrap_or_default())),
    }
}

/// Keeps the focus, and the number that is selected, true to what is shown.
pub(super) fn follow(board: Board, shown: Memo<Vec<Entry>>) {
    Effect::new(move || {
        // Its heading may be another while nothing is shown.
        shown.track();
        board.found.track();
        // A frame later the page is as it should be.
        request_animation_frame(move || {
            selection::count(board);
            settle(board);
        });
    });
}

/// After an act. What it takes away goes within [`SOON`], or not at all.
pub(super) fn end(board: Board) {
    request_animation_frame(move || {
        selection::count(board);
        // The bar goes with the selection.
        request_animation_frame(move || settle(board));
    });
    let give_up = move || {
        board.lost.try_update_value(|lost| {
            if matches!(lost, Lost::Soon(_)) {
                *lost = Lost::No;
            }
        });
    };
    set_timeout(give_up, SOON);
}

fn settle(board: Board) {
    let lost = match board.lost.try_get_value() {
        None | Some(Lost::No) => return,
        Some(lost) => lost,
    };
    if !is_free() {
        if lost == Lost::OnEmpty {
            board.lost.set_value(Lost::No);
        }
        return;
    }
    let all = entries();
    let named = all.iter().find(|it| matches!(&lost, Lost::Soon(name) if name_of(it) == *name));
    let title = document().query_selector(".feed .empty-title").ok().flatten();
    if let Some(entry) = named.or(all.first()) {
        to_line(entry);
        board.lost.set_value(Lost::No);
    } else if let Some(title) = title.and_then(|title| title.dyn_into::<HtmlElement>().ok()) {
        drop(title.focus());
        board.lost.set_value(Lost::OnEmpty);
    }
}

/// Whether nothing has the focus that is still to be seen.
fn is_free() -> bool {
    let Some(active) = document().active_element() else { return true };
    active.matches("body, .empty-title, .bulk:not(.bulk-any) *").unwrap_or(true)
}
