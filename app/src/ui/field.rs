//! Form fields: a label, a control, a hint and an error message.

use super::{Icon, escape, find, icons};
use leptos::{
    ev,
    html::{self, ElementType},
    prelude::*,
    text_prop::TextProp,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// Label, hint and error message around a control. The control must have the id `id`, and
/// [`described_by`] as its `aria-describedby`.
#[component]
fn FieldFrame(
    /// Id of the control.
    #[prop(into)]
    id: String,
    /// Label.
    #[prop(into)]
    label: TextProp,
    /// Hint.
    #[prop(optional_no_strip, into)]
    hint: Option<String>,
    /// Error message.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether "optional" is shown beside the label.
    #[prop(optional)]
    optional: bool,
    /// Control.
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
                        .map(|error| view! { <Icon icon=icons::CIRCLE_ALERT/>{error} })
                }}
            </p>
        </div>
    }
    .into_any()
}

/// Returns the `aria-describedby` value for the control with that id.
fn described_by(id: &str, has_hint: bool) -> String {
    if has_hint { format!("{id}-hint {id}-error") } else { format!("{id}-error") }
}

/// Single-line `<input>`: set `kind` to `date`, `email`, `password`, ….
#[component]
pub fn TextField(
    /// Name in the form; also the id, unless that is set.
    #[prop(into)]
    name: String,
    /// Label.
    #[prop(into)]
    label: TextProp,
    /// Value.
    #[prop(optional, into)]
    value: Signal<String>,
    /// `type` of the `<input>`.
    #[prop(default = "text")]
    kind: &'static str,
    /// Id; needed when the page contains the same name twice.
    #[prop(optional, into)]
    id: Option<String>,
    /// Hint.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Error message.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether a value is required.
    #[prop(optional)]
    required: bool,
    /// Whether "optional" is shown beside the label.
    #[prop(optional)]
    optional: bool,
    /// Autofill hint for the browser, such as `current-password`.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// Maximum length in characters.
    #[prop(optional)]
    maxlength: Option<usize>,
    /// Id of a `<datalist>` with suggestions.
    #[prop(optional_no_strip, into)]
    list: Option<&'static str>,
    /// Whether it has the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// Callback for the value after each keystroke.
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

/// Multi-line text field that grows with its content. Ctrl+Enter or ⌘+Enter submits its form.
///
/// Use this instead of a plain `<textarea>`: Leptos does not escape the content of one.
#[component]
pub fn TextArea(
    /// Name in the form; also the id, unless that is set.
    #[prop(into)]
    name: String,
    /// Label.
    #[prop(into)]
    label: TextProp,
    /// Value.
    #[prop(optional, into)]
    value: Signal<String>,
    /// Id; needed when the page contains the same name twice.
    #[prop(optional, into)]
    id: Option<String>,
    /// Number of lines shown while it is empty.
    #[prop(default = 3)]
    rows: u8,
    /// Hint.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Error message.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether a value is required.
    #[prop(optional)]
    required: bool,
    /// Whether "optional" is shown beside the label.
    #[prop(optional)]
    optional: bool,
    /// Maximum length in characters.
    #[prop(optional)]
    maxlength: Option<usize>,
    /// Whether it has the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// Callback for the value after each keystroke.
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

/// A file to be sent with the form.
#[component]
pub fn FileField(
    /// Its name in the form; also its id.
    name: &'static str,
    /// Its label.
    #[prop(into)]
    label: TextProp,
    /// The media types that the browser offers.
    accept: &'static str,
    /// Helps to choose it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Error shown beside the control.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Says "optional" beside the label.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let describedby = described_by(name, hint.is_some());
    view! {
        <FieldFrame id=name label hint error optional>
            <input
                class="input"
                type="file"
                id=name
                name=name
                accept=accept
                aria-describedby=describedby
                aria-invalid=move || error.with(Option::is_some).then_some("true")
            />
        </FieldFrame>
    }
}

/// Drop-down list.
#[component]
pub fn SelectField(
    /// Name in the form; also the id, unless that is set.
    #[prop(into)]
    name: String,
    /// Label.
    #[prop(into)]
    label: TextProp,
    /// Value and label of each option.
    #[prop(into)]
    choices: Vec<(String, String)>,
    /// Value of the selected option.
    #[prop(optional, into)]
    value: Signal<String>,
    /// Id; needed when the page contains the same name twice.
    #[prop(optional, into)]
    id: Option<String>,
    /// Hint.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Error message.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether it is disabled.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Callback for the value of the newly selected option.
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
            view! { <option value=choice selected=chosen>{domain::text::isolate(&words).into_owned()}</option> }
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

/// Writes `value` to a control whenever it changes after hydration. The initial value must be in
/// the HTML: text typed before hydration is kept, and `listener` is called with it.
///
/// Use this instead of `prop:value`, which overwrites text typed before hydration.
pub fn follow<E>(node: NodeRef<E>, value: Signal<String>, listener: Option<Callback<String>>)
where
    E: ElementType,
    E::Output: JsCast + Clone + 'static,
{
    Effect::new(move |hydrated: Option<bool>| {
        let value = value.get();
        let Some(control) = node.get() else { return false };
        // Text areas and selects have the same `value` property as inputs, so one type suffices.
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

/// Submits the form on Ctrl+Enter or ⌘+Enter by clicking its submit button; Enter alone inserts a
/// line break.
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
