//! The files that a person chose or dropped.

use wasm_bindgen::JsValue;
use web_sys::File;

/// The files of a list.
pub(super) fn files(list: Option<web_sys::FileList>) -> Vec<File> {
    let list = list.into_iter();
    list.flat_map(|list| (0..list.length()).filter_map(move |at| list.get(at))).collect()
}

/// The files that a drag carries.
pub(super) fn dropped(event: &leptos::ev::DragEvent) -> Vec<File> {
    files(event.data_transfer().and_then(|data| data.files()))
}

/// Whether a drag carries files at all.
pub(super) fn carries_files(event: &leptos::ev::DragEvent) -> bool {
    let types = event.data_transfer().map(|data| data.types());
    types.is_some_and(|types| types.includes(&JsValue::from_str("Files"), 0))
}

/// Takes the files out of a file input, so that the same can be chosen again.
pub(super) fn take(input: &web_sys::HtmlInputElement) -> Vec<File> {
    let chosen = files(input.files());
    input.set_value("");
    chosen
}
