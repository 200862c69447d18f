//! View of one section: condition, notes, photos and position.

use super::{
    confirmation::Confirmation,
    details::EditBlock,
    editor::Editor,
    fields::{ConditionField, SavedMark},
    focus,
    form_parts::{ConfirmButton, EditButton, Hidden, action},
    page_state::InspectionPageState,
    photos::PhotoGrid,
    recovery_actions::RecoveryActions,
};
use crate::{
    auth::PagePerson,
    form::FormAction,
    ui::{Button, ButtonKind, ConditionBadge, Icon, icons},
};
use domain::{
    change::Mutation,
    id::SectionId,
    inspection::{Field, Section, Target, Value, Values},
    text::isolate,
};
use leptos::{ev, prelude::*};

/// State shared by the sections while one is dragged or moved.
#[derive(Clone, Copy)]
pub(super) struct Moving {
    /// Section being dragged.
    pub(super) dragged: RwSignal<Option<SectionId>>,
    /// Section under the dragged one.
    pub(super) over: RwSignal<Option<SectionId>>,
    /// Last move in words, for screen readers.
    pub(super) said: RwSignal<String>,
}

/// View of a section, for reading and editing.
#[component]
pub(super) fn SectionView(
    /// Page state.
    page_state: InspectionPageState,
    /// Section.
    id: SectionId,
    /// State shared by the sections while one is moved.
    moving: Moving,
) -> impl IntoView {
    let target = Target::Section(id);
    let section = Memo::new(move |_| {
        page_state.inspection.with(|it| it.section(id).cloned()).unwrap_or_else(Section::default)
    });
    let title = Memo::new(move |_| section.with(|it| it.title.clone()));
    let editable = Memo::new(move |_| page_state.open_to_edit());
    let open = page_state.form_of(target);
    let first = RwSignal::new(Field::Title);
    let editing = move || editable.get() && open.get();

    let badge = move || {
        (!editable.get()).then_some(move || {
            view! { <ConditionBadge condition=section.with(|it| it.condition)/> }.into_any()
        })
    };
    let condition =
        move || editable.get().then(|| view! { <ConditionForm page_state id/> }.into_any());
    let body = move || match editing() {
        true => view! { <EditBlock page_state target open first=Signal::from(first)/> }.into_any(),
        false => view! { <NotesText section editable open first/> }.into_any(),
    };
    let tools = move || editable.get().then(|| view! { <Tools page_state id moving open/> });
    let over = move || {
        moving.over.get() == Some(id) && moving.dragged.get().is_some_and(|dragged| dragged != id)
    };

    view! {
        <li
            on:dragover=move |event: ev::DragEvent| {
                if moving.dragged.get_untracked().is_some() {
                    event.prevent_default();
                    moving.over.set(Some(id));
                }
            }
            on:drop=move |event: ev::DragEvent| {
                if let Some(dragged) = moving.dragged.get_untracked() {
                    event.prevent_default();
                    moving.dragged.set(None);
                    let place = page_state.inspection.with_untracked(|it| it.position(id));
                    if let Some(place) = place.filter(|_| dragged != id) {
                        put(page_state, moving, dragged, place);
                        focus::show(&format!("section-{dragged}"));
                    }
                }
            }
        >
            <article
                class="card section"
                class:section-over=over
                id=format!("section-{id}")
                tabindex="-1"
                aria-labelledby=format!("section-{id}-heading")
            >
                <div class="card-head">
                    <h3 id=format!("section-{id}-heading")><bdi>{move || title.get()}</bdi></h3>
                    {badge}
                    {tools}
                </div>
                <div class="card-body stack">{condition} {body} <PhotoGrid page_state section=Some(id)/></div>
            </article>
        </li>
    }
    .into_any()
}

/// Form for the condition, with a button for browsers without JavaScript.
#[component]
fn ConditionForm(page_state: InspectionPageState, id: SectionId) -> impl IntoView {
    let target = Target::Section(id);
    let editor = Editor::new(page_state, target, Field::Condition);
    view! {
        <form
            class="editor"
            method="post"
            action=action(page_state)
            on:focusout=move |_| editor.left()
            on:submit=move |event| {
                event.prevent_default();
                editor.save();
            }
        >
            <PagePerson/>
            <Hidden page_state form_action=FormAction::Edit target/>
            <ConditionField editor/>
            <SavedMark editor/>
            <RecoveryActions editor/>
            <button type="submit" class="button button-secondary only-plain">"Save the condition"</button>
        </form>
    }
    .into_any()
}

/// Notes as text; a click opens the edit form.
#[component]
fn NotesText(
    section: Memo<Section>,
    editable: Memo<bool>,
    open: RwSignal<bool>,
    first: RwSignal<Field>,
) -> impl IntoView {
    let notes = Memo::new(move |_| section.with(|it| it.notes.clone()));
    let write = move |_| {
        // Selecting text to copy must not open the form.
        let marking = window().get_selection().ok().flatten().is_some_and(|it| !it.is_collapsed());
        if editable.get_untracked() && !marking {
            first.set(Field::Notes);
            open.set(true);
        }
    };
    move || {
        let notes = notes.get();
        match (notes.is_empty(), editable.get()) {
            (false, editable) => {
                view! { <p class="prose notes" dir="auto" class:notes-open=editable on:click=write>{notes}</p> }
                    .into_any()
            }
            (true, true) => {
                view! { <p class="notes notes-open missing only-scripted" on:click=write>"Add notes…"</p> }
                    .into_any()
            }
            (true, false) => view! { <p class="missing">"No notes."</p> }.into_any(),
        }
    }
}

/// Actions on the section as a whole.
#[component]
fn Tools(
    page_state: InspectionPageState,
    id: SectionId,
    moving: Moving,
    open: RwSignal<bool>,
) -> impl IntoView {
    let target = Target::Section(id);
    let place = Memo::new(move |_| {
        page_state.inspection.with(|it| (it.position(id).unwrap_or(1), it.sections.len()))
    });
    let is_first = Signal::derive(move || place.get().0 == 1);
    let is_last = Signal::derive(move || {
        let (place, count) = place.get();
        usize::try_from(place).is_ok_and(|place| place >= count)
    });
    let step = move |by: i64, button: &'static str| {
        let (from, count) = place.get_untracked();
        let to = from + by;
        put(page_state, moving, id, to);
        // A moved section loses the focus, and the button at the end of the list is disabled.
        let button = match button {
            "up" if to <= 1 => "down",
            "down" if usize::try_from(to).is_ok_and(|to| to >= count) => "up",
            button => button,
        };
        focus::focus(&format!("section-{id}-{button}"));
    };
    view! {
        <div class="cluster section-tools">
            <span
                class="grip only-scripted"
                draggable="true"
                title="Drag to another place"
                aria-hidden="true"
                on:dragstart=move |event: ev::DragEvent| {
                    moving.dragged.set(Some(id));
                    if let Some(data) = event.data_transfer() {
                        data.set_effect_allowed("move");
                        drop(data.set_data("text/plain", ""));
                    }
                }
                on:dragend=move |_| {
                    moving.dragged.set(None);
                    moving.over.set(None);
                }
            >
                <Icon icon=icons::GRIP_VERTICAL/>
            </span>
            <MoveButton
                page_state
                id
                to=Signal::derive(move || place.get().0 - 1)
                name="up"
                disabled=is_first
                on_press=move |()| step(-1, "up")
            />
            <MoveButton
                page_state
                id
                to=Signal::derive(move || place.get().0 + 1)
                name="down"
                disabled=is_last
                on_press=move |()| step(1, "down")
            />
            <EditButton page_state target open/>
            <ConfirmButton page_state ask=Confirmation::remove(target) kind=ButtonKind::Quiet icon_only=true/>
        </div>
    }
    .into_any()
}

#[component]
fn MoveButton(
    page_state: InspectionPageState,
    id: SectionId,
    to: Signal<i64>,
    name: &'static str,
    disabled: Signal<bool>,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    let icon = if name == "up" { icons::ARROW_UP } else { icons::ARROW_DOWN };
    view! {
        <form class="inline" method="post" action=action(page_state)>
            <PagePerson/>
            <Hidden page_state form_action=FormAction::Edit target=Target::Section(id)/>
            <input type="hidden" name=Field::Position.slug() value=move || to.get().to_string()/>
            <Button
                submit=true
                kind=ButtonKind::Quiet
                icon
                icon_only=true
                disabled
                attr:id=format!("section-{id}-{name}")
                on_click=move |event: ev::MouseEvent| {
                    event.prevent_default();
                    on_press.run(());
                }
            >
                {format!("Move {name}")}
            </Button>
        </form>
    }
    .into_any()
}

/// Moves a section and announces it.
fn put(page_state: InspectionPageState, moving: Moving, id: SectionId, place: i64) {
    let values = Values::new().with(Field::Position, Value::Number(place));
    let target = Target::Section(id);
    page_state.perform(Mutation::Edit { target, values }, move |result| match result {
        Err(error) => page_state.toasts.wrong(error.to_string()),
        Ok(_) => {
            let said = page_state.inspection.try_with_untracked(|it| {
                let section = it.section(id)?;
                let (place, count) = (it.position(id)?, it.sections.len());
                let title = isolate(&section.title);
                Some(format!("{title} is now in place {place} of {count}."))
            });
            if let Some(said) = said.flatten() {
                moving.said.set(said);
            }
        }
    });
}
