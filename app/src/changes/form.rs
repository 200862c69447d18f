//! Forms for the reviewer's actions. They are plain HTML forms; a script sends them without leaving
//! the page and keeps the typed text until the whole action has succeeded.

use super::{dashboard::DashboardState, dashboard_model::SubmitOrigin, selection};
use crate::{
    auth::PagePerson,
    request_id,
    ui::{Icon, find},
};
use domain::{feed::ChangeFilter, view::Form};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, FormData, HtmlFormElement, HtmlInputElement, UrlSearchParams};

/// Attribute of a form whose text is being sent, so that it is not sent twice.
const SENDING: &str = "data-sending";

/// Hidden controls of every form: the newest change shown, a new request id, and the page's person.
#[component]
pub(super) fn FormHead(dashboard: DashboardState) -> impl IntoView {
    view! {
        <PagePerson/>
        <input type="hidden" name="newest" value=move || dashboard.newest().to_string()/>
        <input type="hidden" name="request" value=request_id::new().to_string()/>
    }
}

/// Renders a button that submits its form with an action.
pub(super) fn act_button(
    act: &'static str,
    word: &'static str,
    icon: icondata_core::Icon,
    icon_only: bool,
) -> AnyView {
    let class = if icon_only { "button button-quiet icon-only" } else { "button button-secondary" };
    view! {
        <button type="submit" name="do" value=act class=class formnovalidate=true>
            <Icon icon/>
            <span class="button-label">{word}</span>
        </button>
    }
    .into_any()
}

/// Sends a plain form of the dashboard in the background, with the pressed button.
pub(super) fn send(dashboard: DashboardState, event: &ev::SubmitEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
    // A form with an `action` attribute has its own handler.
    let is_own = |form: &HtmlFormElement| form.method() == "post" && !form.has_attribute("action");
    let Some(form) = target.filter(is_own) else { return };
    event.prevent_default();
    let mut pairs = read(&form);
    let button = event.submitter();
    let ask = button.as_ref().and_then(|it| it.closest(".ask").ok().flatten());
    let act = button.and_then(|it| it.get_attribute("name").zip(it.get_attribute("value")));
    if let Some(act) = act {
        // Text belongs to the button of its own text form; a button outside sends no text.
        if ask.is_none() {
            pairs.retain(|(name, _)| name != "note" && !name.starts_with("text"));
        }
        pairs.push(act);
    }
    if let Some(sent) = PendingSubmit::from(form, ask) {
        dashboard.act(pairs, Some(sent));
    }
}

/// Reads the names and values of a form.
pub(super) fn read(form: &HtmlFormElement) -> Form {
    let query = FormData::new_with_form(form)
        .ok()
        .and_then(|data| {
            UrlSearchParams::new_with_str_sequence_sequence(&js_sys::Array::from(&data)).ok()
        })
        .map(|params| String::from(params.to_string()))
        .unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Reads the filter of a form.
pub(super) fn filter(form: &HtmlFormElement) -> ChangeFilter {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(read(form)).finish();
    ChangeFilter::from_query(&query).0
}

/// Form that is being sent.
#[derive(Clone)]
pub(super) struct PendingSubmit {
    form: HtmlFormElement,
    /// Field of the text it sends, if any.
    words: Option<HtmlInputElement>,
}

impl PendingSubmit {
    /// Marks the form as being sent; `None` when its text is being sent already.
    fn from(form: HtmlFormElement, ask: Option<Element>) -> Option<Self> {
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
