//! The forms with which a reviewer acts. They are plain; a script sends them without leaving the page.

use super::{act::Form, board::Board};
use crate::{
    request_id,
    ui::{Button, ButtonKind, Icon, TextArea},
};
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, FormData, HtmlElement, HtmlFormElement, UrlSearchParams};

/// The most characters of what is written.
const LONGEST: usize = 2_000;

/// What every form sends besides: up to where the reviewer could know, and an id of its own.
#[component]
pub(super) fn FormHead(board: Board) -> impl IntoView {
    view! {
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

/// A button that asks for words first, right where it stands.
#[component]
pub(super) fn TextForm(
    board: Board,
    /// What it does.
    act: &'static str,
    /// What it is about: `change` or `entry`; nothing where the selection is meant.
    #[prop(optional)]
    name: &'static str,
    /// Which one.
    #[prop(optional)]
    value: String,
    /// The button's word.
    word: &'static str,
    /// What is written.
    label: &'static str,
    /// Who reads it.
    hint: &'static str,
    /// The button's icon.
    icon: icondata_core::Icon,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let focus = move |selector: &str| {
        let found = node.get_untracked().and_then(|it| it.query_selector(selector).ok().flatten());
        if let Some(element) = found.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            drop(element.focus());
        }
    };
    let on_toggle = move |_| {
        if node.get_untracked().is_some_and(|details| details.open()) {
            focus("textarea");
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape"
            && let Some(details) = node.get_untracked()
        {
            details.set_open(false);
            focus("summary");
        }
    };
    let id = format!("{act}-{name}-{value}");
    // In the form of the selection there are several, and most buttons need none.
    let own = !name.is_empty();
    let text = if own { "text".to_owned() } else { format!("text-{act}") };
    let fields = move || {
        view! {
            <TextArea name=text id=id label=label hint=hint maxlength=LONGEST required=own/>
            <div class="form-actions">
                <button type="submit" name="do" value=act class="button button-primary">
                    <span class="button-label">{word}</span>
                </button>
            </div>
        }
    };
    let panel = if !own {
        view! { <div class="ask-panel">{fields()}</div> }.into_any()
    } else {
        view! {
            <form class="ask-panel" method="post">
                <FormHead board/>
                <input type="hidden" name=name value=value/>
                {fields()}
            </form>
        }
        .into_any()
    };
    view! {
        <details class="ask" data-ask=act node_ref=node on:toggle=on_toggle on:keydown=on_key>
            <summary class="button button-secondary">
                <Icon icon/>
                {word}
                "…"
            </summary>
            {panel}
        </details>
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
    if let Some(button) = event.submitter()
        && let (Some(name), Some(value)) =
            (button.get_attribute("name"), button.get_attribute("value"))
    {
        // What is asked for words takes them; a button beside does without.
        if button.closest(".ask").ok().flatten().is_none() {
            pairs.retain(|(name, _)| !name.starts_with("text"));
        }
        pairs.push((name, value));
    }
    if let Some(ask) = event.submitter().and_then(|it| it.closest(".ask").ok().flatten()) {
        drop(ask.remove_attribute("open"));
    }
    board.act(pairs);
    form.reset();
    // What the form is sent for next is another request.
    if let Ok(Some(request)) = form.query_selector("input[name=request]") {
        drop(request.set_attribute("value", &request_id::new().to_string()));
    }
    board.selected.set(0);
    board.all.set(false);
}

/// The names and values in a form.
pub(super) fn read(form: &HtmlFormElement) -> Form {
    let query = FormData::new_with_form(form)
        .and_then(|data| UrlSearchParams::new_with_str_sequence_sequence(&data))
        .map(|pairs| String::from(pairs.to_string()))
        .unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// What is done with the selection, once there is one.
#[component]
pub(super) fn Bar(board: Board) -> impl IntoView {
    let total = move || board.found.with(|found| found.as_ref().map(|it| it.page.total));
    let says = move || match (board.all.get(), board.selected.get()) {
        (true, _) => "Everything that matches".to_owned(),
        (false, 1) => "1 selected".to_owned(),
        (false, number) => format!("{number} selected"),
    };
    let any = move || board.all.get() || board.selected.get() > 0;
    let every = move || total().map(|total| format!("Everything that matches ({total})"));
    view! {
        <form class="bulk" class:bulk-any=any method="post" id="bulk" aria-label="With the selection">
            <FormHead board/>
            <p class="bulk-says only-scripted" role="status">{says}</p>
            <label class="choice bulk-all">
                <input
                    type="checkbox"
                    name="all"
                    value="1"
                    prop:checked=move || board.all.get()
                    on:change=move |event| board.all.set(event_target_checked(&event))
                />
                <span>{every}</span>
            </label>
            <div class="bulk-actions">
                {act_button("reviewed", "Reviewed", icondata_lu::LuCheck, false)}
                {act_button("flagged", "Flag", icondata_lu::LuFlag, false)}
                <TextForm
                    board
                    act="comment"
                    word="Comment"
                    label="Comment"
                    hint="The inspectors read it on their inspections."
                    icon=icondata_lu::LuMessageSquarePlus
                />
                {act_button("complete", "Completed", icondata_lu::LuBadgeCheck, false)}
                <TextForm
                    board
                    act="draft"
                    word="Revert to Draft"
                    label="Reason"
                    hint="The inspectors read it, and it stays in the history."
                    icon=icondata_lu::LuUndo2
                />
                <span class="only-scripted">
                    <Button
                        kind=ButtonKind::Quiet
                        on_click=move |_| {
                            board.all.set(false);
                            clear_selection();
                            board.selected.set(0);
                        }
                    >
                        "Clear"
                    </Button>
                </span>
            </div>
        </form>
    }
    .into_any()
}

/// The boxes of the entries.
const BOXES: &str = ".entry-select input";

/// Whether what changed is the selection.
pub(super) fn is_selection(event: &ev::Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.matches(BOXES).unwrap_or_default())
}

/// How many entries are selected.
pub(super) fn count_selected() -> usize {
    let all = document().query_selector_all(&format!("{BOXES}:checked"));
    all.map_or(0, |all| all.length() as usize)
}

fn clear_selection() {
    if let Some(form) = document().get_element_by_id("bulk")
        && let Ok(form) = form.dyn_into::<HtmlFormElement>()
    {
        form.reset();
    }
}
