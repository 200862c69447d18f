//! Preservation of entries and changes that a person is working on.

use super::dashboard::DashboardState;
use domain::feed::{ChangeRow, Entry};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// Appends the previous entries that have the focus or contain unsent text. Entries that the
/// reviewer dismissed are kept only while they contain unsent text.
pub(super) fn with_held(
    dashboard: DashboardState,
    mut entries: Vec<Entry>,
    before: &[Entry],
) -> Vec<Entry> {
    if cfg!(feature = "ssr") {
        return entries;
    }
    let gone = before.iter().filter(|it| entries.iter().all(|entry| entry.key != it.key));
    let held = gone.filter(|entry| {
        let Some(element) = element(&format!("[data-entry=\"{}\"]", entry.key)) else {
            return false;
        };
        is_written_in(&element) || !dashboard.is_leaving(entry.key) && has_focus(&element)
    });
    let held: Vec<Entry> = held.cloned().collect();
    entries.extend(held);
    entries
}

/// Appends the previous changes of an entry that contain unsent text.
pub(super) fn with_written(mut rows: Vec<ChangeRow>, before: &[ChangeRow]) -> Vec<ChangeRow> {
    if cfg!(feature = "ssr") {
        return rows;
    }
    let gone = before.iter().filter(|it| rows.iter().all(|row| row.change.id != it.change.id));
    let held = gone.filter(|row| {
        element(&format!("#change-{}", row.change.id)).is_some_and(|it| is_written_in(&it))
    });
    let held: Vec<ChangeRow> = held.cloned().collect();
    rows.extend(held);
    rows
}

/// Returns whether the field of that id contains unsent text.
pub(super) fn has_words(id: &str) -> bool {
    !cfg!(feature = "ssr")
        && document().get_element_by_id(id).is_some_and(|field| !value(&field).is_empty())
}

fn element(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

fn has_focus(element: &Element) -> bool {
    document().active_element().is_some_and(|active| element.contains(Some(&active)))
}

fn is_written_in(element: &Element) -> bool {
    let Ok(fields) = element.query_selector_all("textarea") else { return false };
    let mut fields = (0..fields.length()).filter_map(|at| fields.item(at)?.dyn_into().ok());
    fields.any(|field: Element| !value(&field).is_empty())
}

fn value(field: &Element) -> String {
    // Text areas have the same `value` property as inputs.
    field.unchecked_ref::<HtmlInputElement>().value().trim().to_owned()
}
