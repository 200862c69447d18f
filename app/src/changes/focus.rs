//! Focus management: when the focused element is removed, the focus moves to one nearby.

use super::selection;
use crate::effects::effect;
use crate::ui::find;
use domain::feed::EntryKey;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Time after an action within which the page may still remove the focused element.
const SOON: Duration = Duration::from_secs(2);

/// Pending move of the focus.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum PendingFocus {
    /// Nothing pending.
    #[default]
    No,
    /// Move to this entry, or to the first one if empty, once the focused element is removed.
    Soon(String),
    /// The heading of the empty page has the focus; move to the first entry that appears.
    OnEmpty,
}

/// Returns all entries on the page, in page order.
pub(super) fn entries() -> Vec<Element> {
    let Ok(found) = document().query_selector_all("[data-entry]") else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// Returns the entry that has the focus.
pub(super) fn focused_entry() -> Option<Element> {
    document().active_element()?.closest("[data-entry]").ok().flatten()
}

/// Focuses the line of an entry.
pub(super) fn to_line(entry: &Element) {
    if let Some(line) = find(entry, ".entry-line") {
        drop(line.focus());
    }
}

fn name_of(entry: &Element) -> String {
    entry.get_attribute("data-entry").unwrap_or_default()
}

/// Prepares for the removal of these entries and of the form that was sent. A focus in one of the
/// entries moves on at once; a focus in the action bar, a text form or a question moves once that
/// is removed.
pub(super) fn pass_on(lost: StoredValue<PendingFocus>, going: &[EntryKey], at_once: bool) {
    let Some(active) = document().active_element() else { return };
    let all = entries();
    let names: Vec<String> = going.iter().map(ToString::to_string).collect();
    let goes = |entry: &Element| names.contains(&name_of(entry));
    let inside = |selector: &str| active.closest(selector).ok().flatten();
    let (at, at_once) = if let Some(entry) = inside("[data-entry]") {
        if !goes(&entry) {
            // The pressed element may be removed from the entry.
            return lost.set_value(PendingFocus::Soon(name_of(&entry)));
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
        None => lost.set_value(PendingFocus::Soon(next.map(name_of).unwrap_or_default())),
    }
}

/// Updates the focus and the number of selected entries whenever the page changes. `track` tracks
/// the page.
pub(super) fn follow(
    lost: StoredValue<PendingFocus>,
    selected: RwSignal<usize>,
    track: impl Fn() + 'static,
) {
    effect(move || {
        track();
        // The page is rendered one frame later.
        request_animation_frame(move || {
            selection::count(selected);
            settle(lost);
        });
    });
}

/// Finishes an action. Elements are removed within [`SOON`] or not at all.
pub(super) fn end(lost: StoredValue<PendingFocus>, selected: RwSignal<usize>) {
    request_animation_frame(move || {
        selection::count(selected);
        // The action bar disappears with the selection.
        request_animation_frame(move || settle(lost));
    });
    let give_up = move || {
        lost.try_update_value(|lost| {
            if matches!(lost, PendingFocus::Soon(_)) {
                *lost = PendingFocus::No;
            }
        });
    };
    set_timeout(give_up, SOON);
}

fn settle(pending: StoredValue<PendingFocus>) {
    let lost = match pending.try_get_value() {
        None | Some(PendingFocus::No) => return,
        Some(lost) => lost,
    };
    if !is_free() {
        if lost == PendingFocus::OnEmpty {
            pending.set_value(PendingFocus::No);
        }
        return;
    }
    let all = entries();
    let named =
        all.iter().find(|it| matches!(&lost, PendingFocus::Soon(name) if name_of(it) == *name));
    let title = document().query_selector(".feed .empty-title").ok().flatten();
    if let Some(entry) = named.or(all.first()) {
        to_line(entry);
        pending.set_value(PendingFocus::No);
    } else if let Some(title) = title.and_then(|title| title.dyn_into::<HtmlElement>().ok()) {
        drop(title.focus());
        pending.set_value(PendingFocus::OnEmpty);
    }
}

/// Returns whether no visible element has the focus.
fn is_free() -> bool {
    let Some(active) = document().active_element() else { return true };
    active.matches("body, .empty-title, .bulk:not(.bulk-any) *").unwrap_or(true)
}
