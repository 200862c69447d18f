//! Tile of one photo: picture, caption and actions.

use super::{
    confirmation::Confirmation,
    details::EditBlock,
    form_parts::{ConfirmButton, EditButton},
    page_state::InspectionPageState,
    photo_order::{PhotoList, PhotoPlace, is_cover, may_arrange},
};
use crate::effects::effect;
use crate::ui::ButtonKind;
use domain::{
    id::PhotoId,
    inspection::{Field, Photo, Target},
};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

/// Tile of a photo.
#[component]
pub(super) fn PhotoTile(
    /// Page state.
    page_state: InspectionPageState,
    /// Photos of the list.
    list: PhotoList,
    /// Photo.
    id: PhotoId,
) -> impl IntoView {
    let target = Target::Photo(id);
    let photo = Memo::new(move |_| {
        page_state.inspection.with(|it| it.photo(id).cloned()).unwrap_or_default()
    });
    let editable = Memo::new(move |_| may_arrange(page_state));
    let open = page_state.form_of(target);
    let alternative = Memo::new(move |_| photo.with(alternative));
    let (width, height) = photo.with_untracked(|it| (it.width.to_string(), it.height.to_string()));
    let cover = Memo::new(move |_| is_cover(page_state, id));
    effect(move || {
        if list.next.get() == Some(id) {
            list.next.set(None);
            open.set(true);
        }
    });

    let caption = move || match photo.with(|it| it.caption.clone()) {
        caption if caption.is_empty() => {
            view! { <span class="missing">"No caption"</span> }.into_any()
        }
        caption => view! { <bdi>{caption}</bdi> }.into_any(),
    };
    let tools = move || {
        editable.get().then(|| {
            view! {
                <div class="photo-tools">
                    <PhotoPlace page_state list id/>
                    <EditButton page_state target open icon_only=true/>
                    <ConfirmButton page_state ask=Confirmation::remove(target) kind=ButtonKind::Quiet icon_only=true/>
                </div>
            }
        })
    };
    let foot = move || match editable.get() && open.get() {
        true => view! { <PhotoForm page_state list id open/> }.into_any(),
        false => view! {
            <div class="photo-foot">
                <p class="photo-caption">{caption}</p>
                {tools}
            </div>
        }
        .into_any(),
    };
    let enlarge = move |event: ev::MouseEvent| {
        event.prevent_default();
        list.shown.set(Some(id));
    };
    let is_over = move || {
        list.over.get() == Some(id) && list.dragged.get().is_some_and(|dragged| dragged != id)
    };

    view! {
        <li
            class="photo"
            class:photo-over=is_over
            id=format!("photo-{id}")
            tabindex="-1"
            on:dragover=move |event: ev::DragEvent| {
                if list.dragged.get_untracked().is_some() {
                    event.prevent_default();
                    list.over.set(Some(id));
                }
            }
            on:drop=move |event: ev::DragEvent| {
                if let Some(dragged) = list.dragged.get_untracked() {
                    event.prevent_default();
                    list.dragged.set(None);
                    if let Some(place) = untrack(|| list.place(id)) {
                        list.put(page_state, dragged, place);
                    }
                }
            }
        >
            <div role="group" aria-label=move || photo.with(|it| it.name.clone())>
                <a
                    class="photo-link"
                    id=format!("photo-{id}-link")
                    href=format!("/photos/{id}?size=1600")
                    draggable=move || editable.get().to_string()
                    on:click=enlarge
                    on:dragstart=move |event: ev::DragEvent| {
                        list.dragged.set(Some(id));
                        if let Some(data) = event.data_transfer() {
                            data.set_effect_allowed("move");
                        }
                    }
                    on:dragend=move |_| {
                        list.dragged.set(None);
                        list.over.set(None);
                    }
                >
                    <img
                        src=format!("/photos/{id}?size=480")
                        alt=move || alternative.get()
                        width=width
                        height=height
                        loading="lazy"
                        decoding="async"
                        draggable="false"
                    />
                </a>
                {move || cover.get().then(|| view! { <p class="photo-cover">"Cover"</p> })}
                {foot}
            </div>
        </li>
    }
    .into_any()
}

/// Form of a photo. Enter in the caption saves it and opens the next photo's form.
#[component]
fn PhotoForm(
    page_state: InspectionPageState,
    list: PhotoList,
    id: PhotoId,
    open: RwSignal<bool>,
) -> impl IntoView {
    let target = Target::Photo(id);
    let caption = format!("photo-{id}-{}", Field::Caption.slug());
    let on_key = move |event: ev::KeyboardEvent| {
        let control = event.target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        let in_caption = control.is_some_and(|control| control.id() == caption);
        if event.key() == "Enter" && in_caption && !event.is_composing() {
            // The form itself saves and closes.
            list.next.set(list.after(id));
        }
    };
    let hint = list.after(id).is_some().then(|| {
        view! {
            <p class="photo-hint muted only-scripted">
                "Enter saves, and goes on to the next photo."
            </p>
        }
    });
    view! {
        <div on:keydown=on_key>
            <EditBlock page_state target open/>
            {hint}
        </div>
    }
    .into_any()
}

/// Returns the alternative text of a photo.
pub(in crate::inspections) fn alternative(photo: &Photo) -> String {
    match photo.caption.as_str() {
        "" => format!("Photo {}", domain::text::isolate(&photo.name)),
        caption => caption.to_owned(),
    }
}
