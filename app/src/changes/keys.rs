//! Keyboard shortcuts of the dashboard: moving between entries and acting on them.

use super::{
    dashboard::DashboardState,
    entry_details::fetch,
    focus::{entries, focused_entry, to_line},
    selection,
};
use crate::{
    frame::{Command, Shortcuts},
    ui::find,
};
use domain::feed::ReviewState;
use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// Number of ticks after which an opened entry is expected to be rendered.
const TICKS: usize = 50;

/// Registers the handler of the shortcuts.
pub(super) fn answer(dashboard: DashboardState) {
    let anchor = StoredValue::new(None::<String>);
    expect_context::<Shortcuts>().answer(move |command| match command {
        Command::Next => go(1),
        Command::Previous => go(-1),
        Command::Select => {
            if let Some(entry) = focused_entry() {
                anchor.set_value(entry.get_attribute("data-entry"));
                press(&entry, ".entry-select input");
            }
        }
        Command::SelectRange => select_range(anchor),
        Command::Open => {
            if let Some(entry) = focused_entry() {
                press(&entry, ".entry-line");
            }
        }
        Command::Reviewed => review(dashboard, ReviewState::Reviewed),
        Command::Flag => review(dashboard, ReviewState::Flagged),
        Command::Comment => ask(dashboard, ".ask[data-ask=comment]"),
        Command::Note => ask(dashboard, ".ask[data-ask=note]"),
        Command::Undo => dashboard.undo(),
        Command::Search => {
            let search = document().get_element_by_id("changes-q");
            if let Some(search) = search.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
                drop(search.focus());
            }
        }
        Command::GoInspections | Command::GoChanges | Command::Help => {}
    });
}

fn press(within: &Element, selector: &str) {
    if let Some(element) = find(within, selector) {
        element.click();
    }
}

/// Moves the focus by `by` entries; from outside the feed to the first.
fn go(by: isize) {
    let all = entries();
    let at = focused_entry().and_then(|focused| all.iter().position(|it| *it == focused));
    let next = at.map_or(Some(0), |at| at.checked_add_signed(by));
    if let Some(next) = next.and_then(|next| all.get(next)) {
        to_line(next);
    }
}

fn select_range(anchor: StoredValue<Option<String>>) {
    let all = entries();
    let place = |wanted: &Element| all.iter().position(|it| it == wanted);
    let Some(to) = focused_entry().and_then(|focused| place(&focused)) else { return };
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

/// Reviews or flags the selection; without one, the focused entry, and moves the focus on.
fn review(dashboard: DashboardState, to: ReviewState) {
    let button = format!("button[value^={to}]");
    if let Some(bar) = selected(dashboard) {
        return press(&bar, &button);
    }
    let Some(entry) = focused_entry() else { return };
    match find(&entry, &format!(".entry-actions {button}")) {
        Some(button) => button.click(),
        None => dashboard.say_so_already(to),
    }
    // A removed entry has already passed the focus on.
    if focused_entry().as_ref() == Some(&entry) {
        to_line(&entry);
        go(1);
    }
}

/// Returns the selection's form when something is selected.
fn selected(dashboard: DashboardState) -> Option<Element> {
    selection::form().filter(|_| untrack(|| dashboard.any_selected())).map(Into::into)
}

/// Opens a text form of the selection, or of the focused entry. If the code is loaded, the field
/// has the focus before the next key arrives.
fn ask(dashboard: DashboardState, room: &'static str) {
    let Some(within) = selected(dashboard).or_else(focused_entry) else { return };
    press(&within, ".entry-details:not([open]) > .entry-line");
    spawn_local(async move {
        fetch().await;
        for _ in 0..TICKS {
            if find(&within, room).is_some() {
                break;
            }
            tick().await;
        }
        press(&within, &format!("{room}:not([open]) > summary"));
        if let Some(words) = find(&within, &format!("{room} textarea")) {
            drop(words.focus());
        }
    });
}
