//! The forms with which a reviewer acts. They are plain; a script sends them without leaving the page,
//! and what was written stays in them until all of it went through.

use super::{board::Board, selection};
use crate::{
    auth::PagePerson,
    request_id,
    ui::{Icon, find},
};
use domain::{ChangeFilter, view::Form};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, FormData, HtmlFormElement, HtmlInputElement, UrlSearchParams};

/// Marks a form whose words are on their way, so that they are not sent twice.
const SENDING: &str = "data-sending";

/// Hidden controls of every form: up to where the reviewer could know, an id of its own, and the page's person.
#[component]
pub(super) fn FormHead(board: Board) -> impl IntoView {
    view! {
        <PagePerson/>
        <input type="hidden" name="newest" value=move || board.newest().to_string()/>
        <input type="hidden" name="request" value=request_id::new().to_string()/>
    }
}

/// A button that sends its form with what it does.
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

/// Sends a plain form of the dashboard, with the button that was pressed, without leaving the page.
pub(super) fn send(board: Board, event: &ev::SubmitEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
    // A form with an address of its own is another's to send.
    let is_own = |form: &HtmlFormElement| form.method() == "post" && !form.has_attribute("action");
    let Some(form) = target.filter(is_own) else { return };
    event.prevent_default();
    let mut pairs = read(&form);
    let button = event.submitter();
    let ask = button.as_ref().and_then(|it| it.closest(".ask").ok().flatten());
    let act = button.and_then(|it| it.get_attribute("name").zip(it.get_attribute("value")));
    if let Some(act) = act {
        // What is asked for words takes them; a button beside does without.
        if ask.is_none() {
            pairs.retain(|(name, _)| name != "note" && !name.starts_with("text"));
        }
        pairs.push(act);
    }
    if let Some(sent) = Sent::from(form, ask) {
        board.act(pairs, Some(sent));
    }
}

/// The names and values in a form.
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

/// The filter that a form says.
pub(super) fn filter(form: &HtmlFormElement) -> ChangeFilter {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(read(form)).finish();
    ChangeFilter::from_query(&query).0
}

/// A form on its way.
#[derive(Clone)]
pub(super) struct Sent {
    form: HtmlFormElement,
    /// Where the words stand that it takes, if it takes any.
    words: Option<HtmlInputElement>,
}

impl Sent {
    /// `None` where its words are on their way already.
    fn from(form: HtmlFormElement, ask: Option<Element>) -> Option<Self> {
        let within: &Element = ask.as_ref().unwrap_or(&form);
        let selector = if ask.is_some() { "textarea" } else { "input[type=text]" };
        let words = within.query_selector(selector).ok().flatten();
        // Text areas have the same `value`.
        let words = words.map(|words| words.unchecked_into::<HtmlInputElement>());
        if words.is_some() && form.has_attribute(SENDING) {
            return None;
        }
        drop(form.set_attribute(SENDING, ""));
        Some(Self { form, words })
    }

    /// What the selection is sent with once it was confirmed.
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

    /// Whether it is about the selection.
    pub(super) fn is_selection(&self) -> bool {
        self.form.id() == selection::ID
    }

    /// The id of the field whose words it takes.
    pub(super) fn field(&self) -> Option<String> {
        self.words.as_ref().map(|words| words.id())
    }

    /// Once it is answered: where all went through, the words go and what asked for them closes. What it
    /// is sent for next is another request, unless this one never arrived.
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

/// Closes what asks for words or offers choices; a focus in it goes to what opens it.
pub(super) fn close(details: &Element) {
    let has_focus = document().active_element().is_some_and(|it| details.contains(Some(&it)));
    drop(details.remove_attribute("open"));
    if let Some(summary) = find(details, "summary").filter(|_| has_focus) {
        drop(summary.focus());
    }
}
