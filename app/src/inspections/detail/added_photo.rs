//! Target section for photos taken with the camera button at the bottom, and a control to move the
//! last one.

use super::{page_state::InspectionPageState, upload_queue::UploadQueue};
use crate::ui::{Button, ButtonKind, Dialog};
use domain::{
    change::{Action, Mutation, RelatedModel},
    id::{PhotoId, SectionId},
    inspection::{Field, Target, Value, Values},
    text::isolate,
};
use leptos::prelude::*;
use uuid::Uuid;

/// Returns the section nearest to the middle of the window.
pub(super) fn section_in_view() -> Option<SectionId> {
    let side = |size: Result<_, _>| size.ok().and_then(|size: wasm_bindgen::JsValue| size.as_f64());
    let (width, height) = (side(window().inner_width())?, side(window().inner_height())?);
    [0.45, 0.55, 0.35, 0.65].into_iter().find_map(|part| {
        let there = document()
            .element_from_point((width / 2.0) as f32, (height * part) as f32)?
            .closest("article.section")
            .ok()??;
        there.id().strip_prefix("section-")?.parse().ok()
    })
}

/// Message that names the last photo's section and offers to move the photo.
#[component]
pub(super) fn AddedPhoto(
    /// Page state.
    page_state: InspectionPageState,
    /// Upload queue.
    upload_queue: UploadQueue,
) -> impl IntoView {
    let choosing = RwSignal::new(false);
    let added = Memo::new(move |_| added_by(page_state, upload_queue.added()?));
    let title = move |section: Option<SectionId>| match section {
        None => "General photos".to_owned(),
        Some(id) => page_state
            .inspection
            .with(|it| it.section(id).map_or_else(String::new, |section| section.title.clone())),
    };
    let place = Memo::new(move |_| {
        let id = added.get()?;
        page_state.inspection.with(|it| it.photo(id).map(|photo| photo.section))
    });
    let said = move || {
        let place = place.get()?;
        Some(view! {
            <p class="added-photo">
                <span role="status">{format!("Added to {}", isolate(&title(place)))}</span>
                <Button kind=ButtonKind::Quiet on_click=move |_| choosing.set(true)>"Move"</Button>
            </p>
        })
    };
    let go = move |to: Option<SectionId>| {
        choosing.set(false);
        let Some(id) = added.get_untracked() else { return };
        let values = Values::new().with(Field::Section, Value::Section(to));
        page_state.perform(Mutation::Edit { target: Target::Photo(id), values }, move |result| {
            if let Err(error) = result {
                page_state.toasts.wrong(error.to_string());
            }
        });
    };
    let places = move || {
        let sections = page_state.inspection.with(|it| {
            it.sections.iter().map(|section| Some(section.id)).chain([None]).collect::<Vec<_>>()
        });
        let others = sections.into_iter().filter(|to| place.get() != Some(*to));
        others
            .map(|to| view! { <Button on_click=move |_| go(to)>{title(to)}</Button> })
            .collect_view()
    };
    view! {
        {said}
        <Dialog open=choosing title="Move the photo to">
            <div class="stack">{places}</div>
        </Dialog>
    }
    .into_any()
}

/// Returns the photo that a request attached.
fn added_by(page_state: InspectionPageState, request: Uuid) -> Option<PhotoId> {
    page_state.changes.with(|changes| {
        let change = changes.iter().find(|change| {
            change.request_id == request && change.record.action == Action::AddPhoto
        })?;
        match change.record.related.as_ref()?.model {
            RelatedModel::Photo(id) => Some(id),
            _ => None,
        }
    })
}
