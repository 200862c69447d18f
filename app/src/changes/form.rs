//! Forms for the reviewer's actions. They are plain HTML forms; a script sends them without leaving
//! the page and keeps the typed text until the whole action has succeeded.

use super::{dashboard::DashboardState, pending_submit::PendingSubmit};
use crate::{
    auth::PagePerson,
    request_id,
    ui::{Icon, IconName},
};
use domain::{
    feed::ChangeFilter,
    view::{Form, separate_entry},
};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement, UrlSearchParams};

/// Hidden controls of every form: the newest change shown, a new request id, and the page's person.
#[component]
pub(super) fn FormHead(dashboard: DashboardState) -> impl IntoView {
    view! {
        <PagePerson/>
        <input type="hidden" name="newest" value=move || dashboard.newest().to_string()/>
        <input type="hidden" name="request" value=request_id::new().to_string()/>
    }
}

/// Id of the form of [`entry_button`].
const ENTRY_FORM: &str = "act";

/// Form that the buttons of all entries share, because a form for each would be a fifth of the page.
#[component]
pub(super) fn EntryForm(dashboard: DashboardState) -> impl IntoView {
    view! {
        <form method="post" id=ENTRY_FORM hidden=true>
            <FormHead dashboard/>
        </form>
    }
    .into_any()
}

/// Renders a button with an icon that performs an action on one entry.
pub(super) fn entry_button(
    act: &'static str,
    entry: &str,
    word: &'static str,
    icon: IconName,
) -> AnyView {
    view! {
        <button
            form=ENTRY_FORM
            name="do"
            value=format!("{act} {entry}")
            aria-label=word
        >
            <Icon icon/>
        </button>
    }
    .into_any()
}

/// Renders a button that submits its form with an action.
pub(super) fn act_button(act: &'static str, word: &'static str, icon: IconName) -> AnyView {
    view! {
        <button
            type="submit"
            name="do"
            value=act
            class="button button-secondary"
            formnovalidate=true
        >
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
        dashboard.act(separate_entry(pairs), Some(sent));
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
