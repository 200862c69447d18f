//! Form of a confirmation, used in the dialog and on the page.

use super::{
    after::After,
    common_sections::{Chosen, CommonSections, additions},
    confirmation::Confirmation,
    form_parts::{Hidden, action},
    page_state::InspectionPageState,
    suggestions::{EQUIPMENT, SECTIONS},
    unload_guard::UnloadGuard,
};
use crate::effects::effect;
use crate::{
    auth::PagePerson,
    error::AppError,
    form::{self, FormAction, REASON, typed},
    outbox::OutboxStatus,
    ui::{Button, ButtonKind, Dialog, ErrorNote, TextArea, TextField},
};
use domain::{
    change::Mutation,
    inspection::{Equipment, Field, Section, Status, ValueKind},
};
use leptos::{ev, prelude::*};

/// Dialog that shows the page's confirmations.
#[component]
pub(super) fn AskDialog(
    /// Page state.
    page_state: InspectionPageState,
) -> impl IntoView {
    let title = Memo::new(move |_| {
        let asking = page_state.asking.get();
        let words = asking
            .and_then(|ask| page_state.inspection.with(|it| ask.words(it, page_state.viewer())));
        words.map(|words| words.title).unwrap_or_default()
    });
    let close = Callback::new(move |()| page_state.dialog.set(false));
    view! {
        <Dialog open=page_state.dialog title=move || title.get()>
            {move || {
                page_state.asking
                    .get()
                    .map(|ask| {
                        let cancel = move || {
                            view! { <Button on_click=move |_| close.run(())>"Cancel"</Button> }
                        };
                        view! { <AskForm page_state ask close cancel/> }
                    })
            }}
        </Dialog>
    }
}

/// Confirmation named in the page's address, for browsers without JavaScript.
#[component]
pub(super) fn AskedHere(
    /// Page state.
    page_state: InspectionPageState,
) -> impl IntoView {
    let close = Callback::new(move |()| page_state.asked.set(None));
    move || {
        let ask = page_state.asked.get()?;
        let words =
            page_state.inspection.with_untracked(|it| ask.words(it, page_state.viewer()))?;
        let cancel = move || {
            view! {
                <a
                    class="button button-secondary"
                    href=action(page_state)
                    on:click=move |event| {
                        event.prevent_default();
                        close.run(());
                    }
                >
                    "Cancel"
                </a>
            }
        };
        Some(view! {
            <section class="card asked" aria-labelledby="asked">
                <div class="card-head"><h2 id="asked">{words.title}</h2></div>
                <div class="card-body"><AskForm page_state ask close cancel/></div>
            </section>
        })
    }
}

#[component]
fn AskForm(
    page_state: InspectionPageState,
    ask: Confirmation,
    close: Callback<()>,
    /// Link or button that cancels.
    #[prop(into)]
    cancel: ViewFnOnce,
) -> impl IntoView {
    let words = page_state
        .inspection
        .with_untracked(|it| ask.words(it, page_state.viewer()))
        .unwrap_or_default();
    let again = page_state.refused(ask.form_action, ask.target);
    let failed = RwSignal::new(again.as_ref().map(|again| again.error.clone()));
    let first = again.map(|again| again.typed).unwrap_or_default();
    let busy = RwSignal::new(false);
    let outbox = expect_context::<OutboxStatus>();
    let words_of_it = words.title.clone();
    let hold = StoredValue::new(None);
    let after = After::new(page_state, ask, close);

    let perform = move |mutation: Mutation| {
        busy.set(true);
        failed.set(None);
        let after = after.clone();
        page_state.perform(mutation, move |result| {
            busy.try_set(false);
            match result {
                Ok(change) => after.run(change),
                Err(error) => {
                    // The form was closed when the mutation was queued on this device.
                    if let Some(Some(error)) = failed.try_set(Some(error)) {
                        page_state.toasts.wrong(error.to_string());
                    }
                }
            }
        });
    };
    // A lost connection closes the form: the outbox sends the mutation later, and a second submit
    // would duplicate it.
    effect(move || {
        if busy.get() && outbox.is_stalled() {
            busy.set(false);
            let what = words_of_it.clone();
            page_state
                .toasts
                .say(format!("{what}: kept on this device, and sent as soon as possible."));
            close.run(());
        }
    });
    let chosen = Chosen::default();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = typed(&event);
        let mut all = chosen.with_untracked(|chosen| match chosen.is_empty() {
            true => Vec::new(),
            false => additions(chosen, &typed),
        });
        if let Some(last) = all.pop() {
            for mutation in all {
                page_state.perform(mutation, move |result| {
                    if let Err(error) = result {
                        page_state.toasts.wrong(error.to_string());
                    }
                });
            }
            return perform(last);
        }
        match form::mutation(&typed) {
            Ok(mutation) => perform(mutation),
            Err(refusal) => failed.set(Some(refusal.into())),
        }
    };
    let number = Memo::new(move |_| chosen.with(Vec::len));
    let doing = move || match number.get() {
        0 | 1 => words.action.to_owned(),
        number => format!("Add {number} sections"),
    };

    let wrong = move |name: &'static str| {
        Signal::derive(move || failed.with(|error| error.as_ref()?.field(name)))
    };
    let text = |field: Field, first_of_all: bool| {
        let value = first.get(field.slug()).cloned().unwrap_or_default();
        let id = format!("new-{}", field.slug());
        let list = match (ask.form_action, field) {
            (FormAction::AddSection, Field::Title) => Some("common-sections"),
            (FormAction::AddEquipment, Field::Kind) => Some("common-equipment"),
            _ => None,
        };
        view! {
            <TextField
                name=field.slug()
                id=id
                label=field.label()
                value=Signal::stored(value)
                error=wrong(field.slug())
                autofocus=first_of_all
                list
            />
        }
    };
    let mut lines = fields_of_addition(ask.form_action);
    let first_line = lines.next().map(|field| text(field, true));
    let other_lines = lines.map(|field| text(field, false)).collect_view();
    let content = match ask.form_action {
        FormAction::AddSection => view! {
            {first_line}
            {other_lines}
            <datalist id="common-sections">{options(SECTIONS)}</datalist>
            <CommonSections page_state chosen/>
        }
        .into_any(),
        FormAction::AddEquipment => view! {
            {first_line}
            <datalist id="common-equipment">{options(EQUIPMENT)}</datalist>
            <div class="fields">{other_lines}</div>
        }
        .into_any(),
        FormAction::Step(Status::Draft) => view! {
            <p>{words.message}</p>
            <TextArea
                name=REASON
                label="Reason"
                value=Signal::stored(first.get(REASON).cloned().unwrap_or_default())
                error=wrong(REASON)
                autofocus=true
            />
        }
        .into_any(),
        _ => view! { <p>{words.message}</p> }.into_any(),
    };
    let trouble = move || {
        let error = failed.get().filter(
            |error| !matches!(error, AppError::Invalid { fields, .. } if !fields.is_empty()),
        );
        error.map(|error| view! { <ErrorNote error/> })
    };
    let kind = if words.danger { ButtonKind::Danger } else { ButtonKind::Primary };

    view! {
        <form
            class="form"
            method="post"
            action=action(page_state)
            novalidate
            on:submit=submit
            on:input=move |_| hold.set_value(Some(UnloadGuard::new()))
        >
            <PagePerson/>
            <Hidden page_state form_action=ask.form_action target=ask.target/>
            {content}
            {trouble}
            <div class="dialog-actions">
                {cancel.run()}
                <Button submit=true kind busy>{doing}</Button>
            </div>
        </form>
    }
    .into_any()
}

/// Returns the fields that an object is added with: those of one line. The others are filled in on
/// the page.
fn fields_of_addition(action: FormAction) -> impl Iterator<Item = Field> {
    let editable = match action {
        FormAction::AddSection => Section::EDITABLE,
        FormAction::AddEquipment => Equipment::EDITABLE,
        FormAction::Edit | FormAction::Remove | FormAction::Step(_) => &[],
    };
    let lines = |field: &Field| field.is_in_form() && field.kind() == ValueKind::Line;
    editable.iter().copied().filter(lines)
}

fn options(words: &'static [&'static str]) -> impl IntoView {
    words.iter().map(|word| view! { <option value=*word></option> }).collect_view()
}
