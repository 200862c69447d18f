//! The dashboard by the keyboard: from entry to entry, and what is done with them.

use super::{board::Board, body::fetch};
use crate::frame::{Command, Shortcuts};
use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// Where a comment is written.
const COMMENT: &str = ".ask[data-ask=comment]";
/// After so many turns of what is waiting to be shown, an entry that was opened is there.
const TICKS: usize = 50;

/// Answers to the shortcuts.
pub(super) fn answer(board: Board) {
    let anchor = StoredValue::new(None::<String>);
    expect_context::<Shortcuts>().answer(move |command| match command {
        Command::Next => go(1),
        Command::Previous => go(-1),
        Command::Select => {
            if let Some(entry) = here() {
                anchor.set_value(entry.get_attribute("data-entry"));
                press(&entry, ".entry-select input");
            }
        }
        Command::SelectRange => select_range(anchor),
        Command::Open => {
            if let Some(entry) = here() {
                press(&entry, ".entry-line");
            }
        }
        Command::Reviewed => act(board, "button[value=reviewed]"),
        Command::Flag => act(board, "button[value=flagged]"),
        Command::Comment => comment(board),
        Command::Undo => board.undo(),
        Command::Search => {
            if let Some(search) = document().get_element_by_id("changes-q") {
                focus(&search);
            }
        }
        Command::GoInspections | Command::GoChanges | Command::Help => {}
    });
}

fn entries() -> Vec<Element> {
    let Ok(found) = document().query_selector_all("[data-entry]") else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// The entry that has the focus.
fn here() -> Option<Element> {
    document().active_element()?.closest("[data-entry]").ok().flatten()
}

fn find(within: &Element, selector: &str) -> Option<HtmlElement> {
    within.query_selector(selector).ok().flatten()?.dyn_into().ok()
}

fn press(within: &Element, selector: &str) {
    if let Some(element) = find(within, selector) {
        element.click();
    }
}

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        drop(element.focus());
    }
}

/// Moves the focus by so many entries; from outside them to the first.
fn go(by: isize) {
    let all = entries();
    let at = here().and_then(|here| all.iter().position(|it| *it == here));
    let next = at.map_or(Some(0), |at| at.checked_add_signed(by));
    if let Some(line) = next.and_then(|next| find(all.get(next)?, ".entry-line")) {
        drop(line.focus());
    }
}

fn select_range(anchor: StoredValue<Option<String>>) {
    let all = entries();
    let place = |wanted: &Element| all.iter().position(|it| it == wanted);
    let Some(to) = here().and_then(|here| place(&here)) else { return };
    let name = anchor.get_value();
    let from = all.iter().position(|it| it.get_attribute("data-entry") == name).unwrap_or(to);
    for entry in &all[from.min(to)..=from.max(to)] {
        let input = find(entry, ".entry-select input");
        if let Some(input) = input.and_then(|it| it.dyn_into::<HtmlInputElement>().ok())
            && !input.checked()
        {
            input.click();
        }
    }
}

/// Presses a button of the selection, or else of the entry that has the focus, which then moves on.
fn act(board: Board, button: &str) {
    if board.all.get_untracked() || board.selected.get_untracked() > 0 {
        if let Some(bar) = document().get_element_by_id("bulk") {
            press(&bar, button);
        }
        return;
    }
    let Some(entry) = here() else { return };
    let all = entries();
    let at = all.iter().position(|it| *it == entry).unwrap_or_default();
    press(&entry, &format!(".entry-actions {button}"));
    let next = all.get(at + 1).or_else(|| at.checked_sub(1).and_then(|at| all.get(at)));
    if let Some(line) = next.and_then(|next| find(next, ".entry-line")) {
        drop(line.focus());
    }
}

/// Opens the room for a comment: of the selection, or else of the entry that has the focus. The focus
/// is in it before the next key arrives, wherever the code for it is there already.
fn comment(board: Board) {
    let within = match board.selected.get_untracked() {
        0 => here(),
        _ => document().get_element_by_id("bulk"),
    };
    let Some(within) = within else { return };
    press(&within, ".entry-details:not([open]) > .entry-line");
    spawn_local(async move {
        fetch().await;
        for _ in 0..TICKS {
            if find(&within, COMMENT).is_some() {
                break;
            }
            tick().await;
        }
        press(&within, &format!("{COMMENT}:not([open]) > summary"));
        if let Some(words) = find(&within, &format!("{COMMENT} textarea")) {
            drop(words.focus());
        }
    });
}
