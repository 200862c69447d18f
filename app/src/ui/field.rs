//! Form fields: a label, a control, a hint, and the error where it belongs.

use super::{Icon, escape, find};
use leptos::{
    ev,
    html::{self, ElementType},
    prelude::*,
    text_prop::TextProp,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// Label, hint and error around a control. The control has `id` as its id, and [`described_by`] as
/// its `aria-describedby`.
#[component]
fn FieldFrame(
    /// The control's id.
    #[prop(into)]
    id: String,
    /// Its label.
    #[prop(into)]
    label: TextProp,
    /// Helps to fill it in.
    #[prop(optional_no_strip, into)]
    hint: Option<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Says "optional" beside the label.
    #[prop(optional)]
    optional: bool,
    /// The control.
    children: Children,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    view! {
        <div class="field" class:field-wrong=move || error.with(Option::is_some)>
            <label for=id>
                {move || label.get()}
                {optional.then(|| view! { <span class="field-optional">"optional"</span> })}
            </label>
            {children()}
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
            <p class="field-error" id=error_id aria-live="polite">
                {move || {
                    error
                        .get()
                        .map(|error| view! { <Icon icon=icondata_lu::LuCircleAlert/>{error} })
                }}
            </p>
        </div>
    }
    .into_any()
}

/// The value of `aria-describedby` for the control of that id.
fn described_by(id: &str, has_hint: bool) -> String {
    if has_hint { format!("{id}-hint {id}-error") } else { format!("{id}-error") }
}

/// One line of text, or what else an `<input>` takes: set `kind` to `date`, `email`, `password`, …
#[component]
pub fn TextField(
    /// Its name in the form; also its id, unless that is set.
    #[prop(into)]
    name: String,
    /// Its label.
    #[prop(into)]
    label: TextProp,
    /// What is in it.
    #[prop(optional, into)]
    value: Signal<String>,
    /// The `type` of the `<input>`.
    #[prop(default = "text")]
    kind: &'static str,
    /// An id, where the same name is on the page twice.
    #[prop(optional, into)]
    id: Option<String>,
    /// Helps to fill it in.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
    /// Says "optional" beside the label.
    #[prop(optional)]
    optional: bool,
    /// What the browser may fill in, such as `current-password`.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// The greatest number of characters.
    #[prop(optional)]
    maxlength: Option<usize>,
    /// The id of a `<datalist>` with words to choose from.
    #[prop(optional_no_strip, into)]
    list: Option<&'static str>,
    /// Has the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// Told at each key what is in it.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let describedby = described_by(&id, hint.is_some());
    let node = NodeRef::<html::Input>::new();
    follow(node, value, on_input);
    view! {
        <FieldFrame id=id.clone() label hint error optional>
            <input
                node_ref=node
                class="input"
                dir="auto"
                type=kind
                id=id
                name=name
                value=value.get_untracked()
                required=required
                autocomplete=autocomplete
                maxlength=maxlength.map(|length| length.to_string())
                list=list
                autofocus=autofocus
                aria-describedby=describedby
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:input=move |event| tell(on_input, event_target_value(&event))
            />
        </FieldFrame>
    }
}

/// Text of any number of lines; grows with what is typed. Ctrl or ⌘ with Enter sends it.
///
/// Use this, never a bare `<textarea>`: Leptos does not escape what is inside one.
#[component]
pub fn TextArea(
    /// Its name in the form; also its id, unless that is set.
    #[prop(into)]
    name: String,
    /// Its label.
    #[prop(into)]
    label: TextProp,
    /// What is in it.
    #[prop(optional, into)]
    value: Signal<String>,
    /// An id, where the same name is on the page twice.
    #[prop(optional, into)]
    id: Option<String>,
    /// How many lines it shows while empty.
    #[prop(default = 3)]
    rows: u8,
    /// Helps to fill it in.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
    /// Says "optional" beside the label.
    #[prop(optional)]
    optional: bool,
    /// The greatest number of characters.
    #[prop(optional)]
    maxlength: Option<usize>,
    /// Has the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// Told at each key what is in it.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let describedby = described_by(&id, hint.is_some());
    let initial = value.with_untracked(|text| escape(text));
    let node = NodeRef::<html::Textarea>::new();
    follow(node, value, on_input);
    view! {
        <FieldFrame id=id.clone() label hint error optional>
            <textarea
                node_ref=node
                class="input"
                dir="auto"
                id=id
                name=name
                rows=rows.to_string()
                required=required
                maxlength=maxlength.map(|length| length.to_string())
                autofocus=autofocus
                aria-describedby=describedby
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:input=move |event| tell(on_input, event_target_value(&event))
                on:keydown=send_by_key
                inner_html=initial
            ></textarea>
        </FieldFrame>
    }
}

/// One of a few.
#[component]
pub fn SelectField(
    /// Its name in the form; also its id, unless that is set.
    #[prop(into)]
    name: String,
    /// Its label.
    #[prop(into)]
    label: TextProp,
    /// The value of each choice, and the words for it.
    #[prop(into)]
    choices: Vec<(String, String)>,
    /// The value of the one chosen.
    #[prop(optional, into)]
    value: Signal<String>,
    /// An id, where the same name is on the page twice.
    #[prop(optional, into)]
    id: Option<String>,
    /// Helps to fill it in.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether it cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Told the value of the one chosen.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let describedby = described_by(&id, hint.is_some());
    let options = choices
        .into_iter()
        .map(|(choice, words)| {
            let chosen = {
                let choice = choice.clone();
                move || value.with(|value| *value == choice)
            };
            view! { <option value=choice selected=chosen>{domain::isolate(&words).into_owned()}</option> }
        })
        .collect_view();
    let node = NodeRef::<html::Select>::new();
    follow(node, value, on_change);
    view! {
        <FieldFrame id=id.clone() label hint error>
            <select
                node_ref=node
                class="input"
                id=id
                name=name
                disabled=move || disabled.get()
                aria-describedby=describedby
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:change=move |event| tell(on_change, event_target_value(&event))
            >
                {options}
            </select>
        </FieldFrame>
    }
}

/// Shows `value` in a control whenever it changes from now on. Its first value must be in the HTML:
/// what a person typed there before the page was hydrated stays, and `listener` is told of it.
///
/// Use this, not `prop:value`, which overwrites what was typed by then.
pub fn follow<E>(node: NodeRef<E>, value: Signal<String>, listener: Option<Callback<String>>)
where
    E: ElementType,
    E::Output: JsCast + Clone + 'static,
{
    Effect::new(move |hydrated: Option<bool>| {
        let value = value.get();
        let Some(control) = node.get() else { return false };
        // Text areas and selects have the same `value`.
        let control: HtmlInputElement = control.unchecked_into();
        let shown = control.value();
        if shown != value {
            if hydrated == Some(true) {
                control.set_value(&value);
            } else {
                tell(listener, shown);
            }
        }
        true
    });
}

/// Sends the words as the button below them does: Enter by itself begins a line.
fn send_by_key(event: ev::KeyboardEvent) {
    let sends = event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
    if !sends || event.repeat() || event.is_composing() {
        return;
    }
    let words = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let form = words.and_then(|words| words.closest(".ask-panel, form").ok().flatten());
    if let Some(button) = form.and_then(|form| find(&form, "button[type=submit]")) {
        event.prevent_default();
        button.click();
    }
}

fn tell(listener: Option<Callback<String>>, value: String) {
    if let Some(listener) = listener {
        listener.run(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_is_described_by_its_hint_and_its_error() {
        assert_eq!(described_by("name", true), "name-hint name-error");
        assert_eq!(described_by("name", false), "name-error");
    }
}
