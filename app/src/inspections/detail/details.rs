//! Inspection's own fields: shown as facts, edited in place.

use super::{
    editor::Editor,
    fields::EditField,
    focus,
    form_parts::{EditButton, Hidden, action},
    page_state::InspectionPageState,
    suggestions::BUILDINGS,
};
use crate::effects::effect;
use crate::{
    auth::PagePerson,
    form::{FormAction, fields_in_form, target},
    outbox::OutboxStatus,
    ui::{Button, ButtonKind, Day, PersonName, Saved},
};
use domain::inspection::{Field, Inspection, Target, Value, ValueKind};
use leptos::prelude::*;

/// Card with the inspection's own fields.
#[component]
pub(super) fn Details(
    /// Page state.
    page_state: InspectionPageState,
) -> impl IntoView {
    let open = page_state.form_of(Target::Inspection);
    let editable = Memo::new(move |_| page_state.open_to_edit());
    view! {
        <section class="card" id="inspection" aria-labelledby="details">
            <div class="card-head">
                <h2 id="details">"Details"</h2>
                {move || {
                    (editable.get() && !open.get())
                        .then(|| view! { <EditButton page_state target=Target::Inspection open/> })
                }}
            </div>
            <div class="card-body">
                {move || match editable.get() && open.get() {
                    true => {
                        view! { <EditBlock page_state target=Target::Inspection open/> }
                            .into_any()
                    }
                    false => view! { <FoldedFacts page_state editable/> }.into_any(),
                }}
            </div>
            <datalist id="building-types">
                {BUILDINGS.iter().map(|kind| view! { <option value=*kind></option> }).collect_view()}
            </datalist>
        </section>
    }
    .into_any()
}

/// Facts; on an editable inspection with all fields filled in, folded to one line.
#[component]
fn FoldedFacts(page_state: InspectionPageState, editable: Memo<bool>) -> impl IntoView {
    let line =
        Memo::new(move |_| page_state.inspection.with(filled_line).filter(|_| editable.get()));
    move || match line.get() {
        Some(line) => view! {
            <details class="folded-facts">
                <summary><bdi>{line}</bdi></summary>
                <Facts inspection=page_state.inspection/>
            </details>
        }
        .into_any(),
        None => view! { <Facts inspection=page_state.inspection/> }.into_any(),
    }
}

/// Returns the line for folded facts: address and building type. `None` until all fields are filled
/// in and there are sections.
fn filled_line(inspection: &Inspection) -> Option<String> {
    let is_filled = |field: &Field| inspection.get(*field).is_some_and(|value| !value.is_empty());
    if inspection.sections.is_empty() || !Inspection::EDITABLE.iter().all(is_filled) {
        return None;
    }
    Some(format!("{} · {}", inspection.address, inspection.building_type))
}

/// Facts of an inspection.
#[component]
pub(in crate::inspections) fn Facts(
    /// Inspection.
    #[prop(into)]
    inspection: Signal<Inspection>,
) -> impl IntoView {
    let facts = Inspection::EDITABLE.iter().filter(|field| **field != Field::Name).map(|field| {
        let field = *field;
        let value = Memo::new(move |_| inspection.with(|it| it.get(field)));
        let words = move || match value.get() {
            Some(Value::Date(Some(on))) => view! { <Day on/> }.into_any(),
            Some(Value::Person(Some(person))) => {
                view! { <PersonName name=person.name/> }.into_any()
            }
            Some(value) if !value.is_empty() => view! { <bdi>{value.to_string()}</bdi> }.into_any(),
            _ => view! { <span class="missing">"–"</span> }.into_any(),
        };
        view! {
            <dt>{field.label()}</dt>
            <dd class:prose=field.kind() == ValueKind::Prose>{words}</dd>
        }
    });
    view! { <dl class="facts">{facts.collect_view()}</dl> }.into_any()
}

/// Edit form of a target in place: each field is saved when it loses the focus. Without JavaScript, a
/// button submits the form. A person is in it only if there are people to choose from.
#[component]
pub(super) fn EditBlock(
    /// Page state.
    page_state: InspectionPageState,
    /// Target of the edit.
    target: Target,
    /// Whether the form is shown.
    open: RwSignal<bool>,
    /// Field to focus first, if not the first one.
    #[prop(optional)]
    first: Option<Signal<Field>>,
) -> impl IntoView {
    let slug = target::slug(target);
    let may_give_away = !page_state.people().is_empty();
    let fields: Vec<_> = fields_in_form(target)
        .filter(|field| field.kind() != ValueKind::Person || may_give_away)
        .collect();
    let begin = first.map(|first| first.get_untracked()).or_else(|| fields.first().copied());
    let editors: Vec<_> =
        fields.iter().map(|field| Editor::new(page_state, target, *field)).collect();
    let trouble = page_state.refused(FormAction::Edit, target).map(|again| again.error.to_string());

    let status = expect_context::<OutboxStatus>();
    let closing = RwSignal::new(false);
    let states: Vec<_> = editors.iter().map(|editor| editor.state).collect();
    effect(move || {
        // While disconnected, the form need not wait for entries queued on this device.
        let settled =
            |state: &RwSignal<Saved>| status.is_stalled() || !matches!(state.get(), Saved::Saving);
        let failed = |state: &RwSignal<Saved>| matches!(state.get(), Saved::Failed(_));
        if !closing.get() || !states.iter().all(settled) {
            return;
        }
        closing.set(false);
        if !states.iter().any(failed) {
            open.set(false);
        }
    });
    let everything = editors.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        everything.iter().for_each(|editor| editor.save());
        closing.set(true);
    };
    if let Some(begin) = begin {
        let control = format!("{slug}-{}", begin.slug());
        effect(move || focus::focus(&control));
    }

    view! {
        <form class="form edit-block" method="post" action=action(page_state) novalidate on:submit=submit>
            <PagePerson/>
            <Hidden page_state form_action=FormAction::Edit target/>
            {trouble.map(|trouble| view! { <p class="note note-error" role="alert">{trouble}</p> })}
            <div class="fields">
                {editors.into_iter().map(|editor| view! { <EditField editor/> }).collect_view()}
            </div>
            <div class="form-actions">
                <Button submit=true kind=ButtonKind::Secondary busy=closing>"Done"</Button>
            </div>
        </form>
    }
    .into_any()
}
