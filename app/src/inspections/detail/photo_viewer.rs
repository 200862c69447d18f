//! Full-window photo viewer, with navigation by buttons, arrow keys and swipes.

use super::{focus, page_state::InspectionPageState, photo_tile::alternative};
use crate::effects::effect;
use crate::ui::{Button, ButtonKind, Icon, IconName, icons};
use domain::id::PhotoId;
use leptos::{ev, html, prelude::*};

/// Minimum horizontal swipe that changes the photo, in CSS pixels.
const SWIPE: i32 = 48;

/// Position of a touch or pointer press, in CSS pixels.
type Point = (i32, i32);

/// Viewer of all photos of the inspection, in page order. It fills the window; Esc closes it, and
/// the focus moves to the tile of the last photo shown.
#[component]
pub(super) fn PhotoViewer(
    /// Page state.
    page_state: InspectionPageState,
    /// Photo to show; `None` while closed.
    shown: RwSignal<Option<PhotoId>>,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    effect(move || {
        let Some(dialog) = node.get() else { return };
        match (shown.get().is_some(), dialog.open()) {
            // The content is rendered one frame later.
            (true, false) => request_animation_frame(move || {
                if shown.try_get_untracked().flatten().is_some() && dialog.is_connected() {
                    drop(dialog.show_modal());
                }
            }),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let close = move |_| {
        if let Some(id) = shown.get_untracked() {
            shown.set(None);
            focus::focus(&format!("photo-{id}-link"));
        }
    };
    let name = move || {
        let photo = shown.get().map(|id| page_state.inspection.with(|it| it.photo(id).cloned()));
        photo.flatten().map(|photo| photo.name)
    };
    view! {
        <dialog
            node_ref=node
            class="photo-viewer"
            aria-label=move || name().unwrap_or_default()
            on:close=close
        >
            {move || shown.get().is_some().then(|| view! { <ShownPhoto page_state shown node/> })}
        </dialog>
    }
    .into_any()
}

/// Content of the open viewer.
#[component]
fn ShownPhoto(
    page_state: InspectionPageState,
    shown: RwSignal<Option<PhotoId>>,
    node: NodeRef<html::Dialog>,
) -> impl IntoView {
    let ids = Memo::new(move |_| {
        page_state
            .inspection
            .with(|it| it.photos_in_order().map(|photo| photo.id).collect::<Vec<_>>())
    });
    let place = Memo::new(move |_| {
        let id = shown.get()?;
        ids.with(|ids| ids.iter().position(|other| *other == id))
    });
    let photo = Memo::new(move |_| {
        let photo =
            shown.get().and_then(|id| page_state.inspection.with(|it| it.photo(id).cloned()));
        photo.unwrap_or_default()
    });
    let title = Memo::new(move |_| {
        let section = photo.with(|photo| photo.section);
        let title = section.map(|id| page_state.inspection.with(|it| it.section(id).cloned()));
        title.flatten().map_or_else(|| "The whole building".to_owned(), |section| section.title)
    });
    let zoomed = RwSignal::new(false);
    // Changing the photo resets the zoom.
    effect(move || {
        shown.track();
        zoomed.set(false);
    });
    let neighbour = move |forward: bool| {
        let place = place.get()?;
        let to = if forward { place + 1 } else { place.checked_sub(1)? };
        ids.with(|ids| ids.get(to).copied())
    };
    let turn = move |forward: bool| {
        if let Some(id) = untrack(|| neighbour(forward)) {
            shown.set(Some(id));
        }
    };
    let on_key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        _ if event.ctrl_key() || event.meta_key() || event.alt_key() => {}
        // Arrow keys scroll an enlarged picture.
        "ArrowLeft" if !zoomed.get_untracked() => turn(false),
        "ArrowRight" if !zoomed.get_untracked() => turn(true),
        "+" => zoomed.set(true),
        "-" => zoomed.set(false),
        _ => {}
    };
    let down = StoredValue::new(None::<Point>);
    let begin = move |event: ev::PointerEvent| {
        down.set_value(event.is_primary().then(|| (event.client_x(), event.client_y())));
    };
    let end = move |event: ev::PointerEvent| {
        let Some((x, y)) = down.get_value() else { return };
        down.set_value(None);
        let (across, along) = (event.client_x() - x, event.client_y() - y);
        if !zoomed.get_untracked() && across.abs() >= SWIPE && across.abs() > 2 * along.abs() {
            turn(across < 0);
        }
    };
    let toggle = move |event: ev::MouseEvent| {
        let (x, y) = (event.offset_x(), event.offset_y());
        let Some(image) = event.target().and_then(as_element) else { return };
        let (width, height) = (image.client_width().max(1), image.client_height().max(1));
        zoomed.update(|zoomed| *zoomed = !*zoomed);
        // The enlarged picture is centred on the pressed point.
        request_animation_frame(move || {
            let Some(stage) = image.parent_element() else { return };
            let middle = |at: i32, of: i32, all: i32, seen: i32| at * all / of - seen / 2;
            stage.set_scroll_left(middle(x, width, stage.scroll_width(), stage.client_width()));
            stage.set_scroll_top(middle(y, height, stage.scroll_height(), stage.client_height()));
        });
    };
    let source = move || {
        let size = if zoomed.get() { "full" } else { "1600" };
        shown.get().map(|id| format!("/photos/{id}?size={size}"))
    };
    let original = move || shown.get().map(|id| format!("/photos/{id}?size=full"));
    let count =
        move || place.get().map(|place| format!("Photo {} of {}", place + 1, ids.with(Vec::len)));
    let turner = move |forward: bool, icon: IconName, label: &'static str| {
        let disabled = Signal::derive(move || neighbour(forward).is_none());
        view! {
            <Button
                kind=ButtonKind::Secondary
                icon
                icon_only=true
                disabled
                on_click=move |_| turn(forward)
            >
                {label}
            </Button>
        }
    };
    let close = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <div class="photo-viewer-frame" on:keydown=on_key>
            <header class="photo-viewer-head">
                <p role="status">
                    <strong>{count}</strong>
                    " "
                    <bdi class="muted">{move || title.get()}</bdi>
                </p>
                <button
                    type="button"
                    class="button button-quiet icon-only"
                    aria-pressed=move || zoomed.get().to_string()
                    on:click=move |_| zoomed.update(|zoomed| *zoomed = !*zoomed)
                >
                    <Icon icon=icons::ZOOM_IN/>
                    <span class="button-label">"Zoom"</span>
                </button>
                <Button kind=ButtonKind::Quiet icon=icons::X icon_only=true on_click=close>
                    "Close"
                </Button>
            </header>
            <div class="photo-viewer-body">
                {turner(false, icons::CHEVRON_LEFT, "Previous photo")}
                <div
                    class="photo-viewer-stage"
                    class:photo-viewer-zoomed=move || zoomed.get()
                    tabindex="-1"
                    autofocus
                    on:pointerdown=begin
                    on:pointerup=end
                    on:pointercancel=move |_| down.set_value(None)
                >
                    <img
                        src=source
                        alt=move || photo.with(alternative)
                        draggable="false"
                        on:dblclick=toggle
                    />
                </div>
                {turner(true, icons::CHEVRON_RIGHT, "Next photo")}
            </div>
            <footer class="photo-viewer-foot">
                <p dir="auto">{move || photo.with(|photo| photo.caption.clone())}</p>
                <a href=original target="_blank" rel="noopener">"Open the original"</a>
            </footer>
        </div>
    }
    .into_any()
}

fn as_element(target: web_sys::EventTarget) -> Option<web_sys::Element> {
    use wasm_bindgen::JsCast;
    target.dyn_into().ok()
}
