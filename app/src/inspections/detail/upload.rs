//! Files chosen or dropped by a person.

use wasm_bindgen::JsValue;
use web_sys::File;

/// Returns the files of a list.
pub(super) fn files(list: Option<web_sys::FileList>) -> Vec<File> {
    let list = list.into_iter();
    list.flat_map(|list| (0..list.length()).filter_map(move |at| list.get(at))).collect()
}

/// Returns the files of a drag-and-drop event.
pub(super) fn dropped(event: &leptos::ev::DragEvent) -> Vec<File> {
    files(event.data_transfer().and_then(|data| data.files()))
}

/// Returns whether a drag carries files.
pub(super) fn carries_files(event: &leptos::ev::DragEvent) -> bool {
    let types = event.data_transfer().map(|data| data.types());
    types.is_some_and(|types| types.includes(&JsValue::from_str("Files"), 0))
}

/// Takes the files from a file input and resets it, so that the same file can be chosen again.
pub(super) fn take(input: &web_sys::HtmlInputElement) -> Vec<File> {
    let chosen = files(input.files());
    input.set_value("");
    chosen
}
