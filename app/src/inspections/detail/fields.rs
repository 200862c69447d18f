//! Controls of fields edited in place.

use super::{
    editor::{Editor, control_id},
    recovery_actions::RecoveryActions,
    suggestions::list_of,
};
use crate::{
    outbox::OutboxStatus,
    ui::{Icon, Saved, SavedState, SelectField, TextArea, TextField, condition_icon},
};
use domain::{
    inspection::{Condition, Field, ValueKind},
    outbox::Connection,
};
use leptos::{ev, prelude::*};

/// Field with its label, its control and the state of saving.
#[component]
pub(super) fn EditField(
    /// Editor of the field.
    editor: Editor,
) -> impl IntoView {
    let field = editor.field;
    let id = control_id(editor);
    let value: Signal<String> = editor.draft.into();
    let error = not_saved(editor);
    let on_input = Callback::new(move |text| editor.typed(text));
    let name = field.slug();
    let label = field.label();
    let control = match field.kind() {
        ValueKind::Prose => {
            view! { <TextArea name id=id label value error rows=4 on_input/> }.into_any()
        }
        ValueKind::Section | ValueKind::Person => {
            let choices = choices(editor);
            view! { <SelectField name id=id label value error choices on_change=on_input/> }
                .into_any()
        }
        ValueKind::Condition => view! { <ConditionField editor/> }.into_any(),
        kind => {
            let kind = if kind == ValueKind::Date { "date" } else { "text" };
            let list = list_of(field);
            view! { <TextField name id=id label value error kind list on_input/> }.into_any()
        }
    };
    view! {
        <div
            class="editor"
            class:wide=field.kind() == ValueKind::Prose
            on:focusout=move |_| editor.left()
            on:keydown=move |event| pressed(editor, &event)
        >
            {control}
            <SavedMark editor/>
            <RecoveryActions editor/>
        </div>
    }
    .into_any()
}

/// Buttons for the five conditions, each large enough for a thumb.
#[component]
pub(super) fn ConditionField(
    /// Editor of the field.
    editor: Editor,
) -> impl IntoView {
    let choices = Condition::ALL
        .into_iter()
        .map(|condition| {
            let slug = condition.slug();
            let chosen = move || editor.draft.with(|draft| draft == slug);
            view! {
                <label class="condition" data-tone=slug>
                    <input
                        type="radio"
                        name=Field::Condition.slug()
                        value=slug
                        checked=chosen
                        prop:checked=chosen
                        on:change=move |_| editor.typed(slug.to_owned())
                    />
                    <Icon icon=condition_icon(condition)/>
                    <span>{condition.label()}</span>
                </label>
            }
        })
        .collect_view();
    let error = not_saved(editor);
    let id = control_id(editor);
    let error_id = format!("{id}-error");
    view! {
        <fieldset class="conditions" id=id tabindex="-1" aria-describedby=error_id.clone()>
            <legend class="visually-hidden">"Condition"</legend>
            {choices}
        </fieldset>
        <p class="field-error" id=error_id aria-live="polite">{move || error.get()}</p>
    }
    .into_any()
}

/// Indicator of the state of saving, empty after an error.
#[component]
pub(super) fn SavedMark(
    /// Editor of the field.
    editor: Editor,
) -> impl IntoView {
    let status = expect_context::<OutboxStatus>();
    let state = Signal::derive(move || match (editor.state.get(), status.connection()) {
        (Saved::Failed(_), _) | (Saved::Saving, Connection::SignedOut) => Saved::Untouched,
        (Saved::Saving, Connection::Offline | Connection::Lost) => Saved::Kept,
        (state, _) => state,
    });
    view! { <SavedState state/> }
}

/// Saves a line on Enter; restores the stored value on Escape.
fn pressed(editor: Editor, event: &ev::KeyboardEvent) {
    match event.key().as_str() {
        "Escape" => editor.restore(),
        "Enter" if matches!(editor.field.kind(), ValueKind::Line | ValueKind::Date) => {
            event.prevent_default();
            editor.save();
        }
        _ => {}
    }
}

fn not_saved(editor: Editor) -> Signal<Option<String>> {
    let status = expect_context::<OutboxStatus>();
    Signal::derive(move || match editor.state.get() {
        Saved::Failed(why) => Some(format!("Not saved. {why}")),
        Saved::Saving if status.connection() == Connection::SignedOut => {
            Some("Not saved. Your session has ended. Sign in to go on.".into())
        }
        _ => None,
    })
}

fn choices(editor: Editor) -> Vec<(String, String)> {
    if editor.field.kind() == ValueKind::Person {
        let people = editor.page_state.people().into_iter();
        return people.map(|person| (person.id.to_string(), person.name)).collect();
    }
    let whole = (String::new(), "The inspection as a whole".to_owned());
    editor.page_state.inspection.with_untracked(|inspection| {
        let sections = inspection.sections.iter();
        let sections = sections.map(|section| (section.id.to_string(), section.title.clone()));
        std::iter::once(whole).chain(sections).collect()
    })
}
