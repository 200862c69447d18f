//! Forms that are being sent.

use super::{dashboard_model::SubmitOrigin, selection};
use crate::{request_id, ui::find};
use domain::view::Form;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlFormElement, HtmlInputElement};

/// Attribute of a form whose text is being sent, so that it is not sent twice.
const SENDING: &str = "data-sending";

/// Form that is being sent.
#[derive(Clone)]
pub(super) struct PendingSubmit {
    form: HtmlFormElement,
    /// Field of the text it sends, if any.
    words: Option<HtmlInputElement>,
}

impl PendingSubmit {
    /// Marks the form as being sent; `None` when its text is being sent already.
    pub(super) fn from(form: HtmlFormElement, ask: Option<Element>) -> Option<Self> {
        let within: &Element = ask.as_ref().unwrap_or(&form);
        let selector = if ask.is_some() { "textarea" } else { "input[type=text]" };
        let words = within.query_selector(selector).ok().flatten();
        // Text areas have the same `value` property as inputs.
        let words = words.map(|words| words.unchecked_into::<HtmlInputElement>());
        if words.is_some() && form.has_attribute(SENDING) {
            return None;
        }
        drop(form.set_attribute(SENDING, ""));
        Some(Self { form, words })
    }

    /// Returns the selection's form, to be sent again after a confirmation.
    pub(super) fn of_selection(form: &Form) -> Option<Self> {
        let bulk = selection::form()?;
        let act = form.iter().find(|(name, _)| name == "do").map(|(_, act)| act.as_str())?;
        let (ask, words) = match act {
            "reviewed" | "flagged" => ("note", "note".to_owned()),
            act => (act, format!("text-{act}")),
        };
        let has_words = form.iter().any(|(name, value)| *name == words && !value.is_empty());
        let ask = bulk.query_selector(&format!(".ask[data-ask={ask}]")).ok().flatten();
        let ask = ask.filter(|_| has_words);
        Self::from(bulk, ask)
    }

    /// Returns whether the form is the one of the selection.
    fn is_selection(&self) -> bool {
        self.form.id() == selection::ID
    }

    /// Returns the form's kind and the id of the field whose text it sends.
    pub(super) fn origin(&self) -> SubmitOrigin {
        let field = self.words.as_ref().map(|words| words.id());
        SubmitOrigin { field, is_selection: self.is_selection() }
    }

    /// Handles the answer. When the whole action succeeded, the text is cleared and the text form
    /// closes. The form gets a new request id, unless the request never arrived.
    pub(super) fn answered(&self, arrived: bool, through: bool) {
        drop(self.form.remove_attribute(SENDING));
        if arrived && let Ok(Some(request)) = self.form.query_selector("input[name=request]") {
            drop(request.set_attribute("value", &request_id::new().to_string()));
        }
        if !through {
            return;
        }
        if let Some(words) = &self.words {
            words.set_value("");
            if let Ok(Some(ask)) = words.closest(".ask") {
                close(&ask);
            }
        }
        if self.is_selection() {
            selection::clear();
        }
    }
}

/// Closes a text form or menu; a focus in it moves to the button that opens it.
pub(super) fn close(details: &Element) {
    let has_focus = document().active_element().is_some_and(|it| details.contains(Some(&it)));
    drop(details.remove_attribute("open"));
    if let Some(summary) = find(details, "summary").filter(|_| has_focus) {
        drop(summary.focus());
    }
}
