//! Upload controls for photos: drop zone, file chooser and camera, with progress for each photo.

use super::{
    added_photo::{AddedPhoto, section_in_view},
    page_state::InspectionPageState,
    upload::{self, carries_files, dropped},
    upload_list::UploadState,
    upload_queue::{Item, UploadQueue},
};
use crate::effects::effect;
use crate::{
    auth::with_page_person,
    ui::{Button, ButtonKind, Icon, List, ProgressBar, SignInLink, action_icon, icons},
};
use domain::{change::Action, id::SectionId, text::isolate};
use leptos::{ev, html, prelude::*};

/// Accepted media types. The server also checks the content, independent of the file's name.
const ACCEPTED: &str = "image/jpeg,image/png,image/webp";

/// Drop zone with buttons to choose photos or take one.
#[component]
pub(super) fn Uploads(
    /// Page state.
    page_state: InspectionPageState,
    /// Section; `None` for the inspection as a whole.
    section: Option<SectionId>,
) -> impl IntoView {
    let upload_queue = UploadQueue::open(page_state, section, false);
    let onto = upload_queue.clone();
    let over = RwSignal::new(false);
    let hold = move |event: ev::DragEvent| {
        if carries_files(&event) {
            event.prevent_default();
            over.set(true);
        }
    };
    view! {
        <div
            class="drop"
            class:drop-over=move || over.get()
            on:dragenter=hold
            on:dragover=hold
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| {
                over.set(false);
                let files = dropped(&event);
                if !files.is_empty() {
                    event.prevent_default();
                    onto.add(files);
                }
            }
        >
            <form
                class="cluster"
                method="post"
                enctype="multipart/form-data"
                action=with_page_person(&format!("/inspections/{}/photos", page_state.id()))
            >
                <input type="hidden" name="request_id" value=page_state.request().to_string()/>
                <input
                    type="hidden"
                    name="section"
                    value=section.map(|section| section.to_string())
                />
                <Chooser upload_queue=upload_queue.clone() camera=false/>
                <button type="submit" class="button button-secondary only-plain">"Send"</button>
                <Chooser upload_queue=upload_queue.clone() camera=true/>
                <span class="drop-hint">"or drop them here"</span>
            </form>
            <Sending upload_queue/>
        </div>
    }
    .into_any()
}

/// Camera button at the bottom of a phone's page; its photos go to the section in view.
#[component]
pub(super) fn CameraButton(
    /// Page state.
    page_state: InspectionPageState,
) -> impl IntoView {
    let upload_queue = UploadQueue::open(page_state, None, true);
    view! {
        <Chooser upload_queue=upload_queue.clone() camera=true to_section_in_view=true/>
        <Sending upload_queue=upload_queue.clone()/>
        <AddedPhoto page_state upload_queue/>
    }
}

/// File input styled as a button, so that it works before hydration.
#[component]
fn Chooser(
    upload_queue: UploadQueue,
    camera: bool,
    #[prop(optional)] to_section_in_view: bool,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let choose = move || {
        if let Some(input) = node.get_untracked() {
            let files = upload::take(&input);
            if !files.is_empty() {
                match to_section_in_view {
                    true => upload_queue.add_to(section_in_view(), files),
                    false => upload_queue.add(files),
                }
            }
        }
    };
    // Handles files chosen before hydration.
    effect(choose.clone());
    let label = if camera { "Take a photo" } else { Action::AddPhoto.command() };
    let icon = if camera { action_icon(Action::AddPhoto) } else { icons::IMAGE_PLUS };
    view! {
        <label class="button button-secondary chooser" class:chooser-camera=camera>
            <Icon icon/>
            <span class="button-label" aria-hidden="true">{label}</span>
            <input
                node_ref=node
                type="file"
                name="photo"
                aria-label=label
                accept=ACCEPTED
                multiple=!camera
                capture=camera.then_some("environment")
                on:change=move |_| choose()
            />
        </label>
    }
    .into_any()
}

/// List of pending and refused uploads.
#[component]
fn Sending(upload_queue: UploadQueue) -> impl IntoView {
    let items = upload_queue.clone();
    view! {
        <ul class="sending" aria-label="Photos being sent" aria-live="polite">
            <List each=move || items.items() key=|item| item.key let:item>
                <SendingItem upload_queue=upload_queue.clone() item/>
            </List>
        </ul>
    }
}

#[component]
fn SendingItem(upload_queue: UploadQueue, item: Item) -> impl IntoView {
    move || {
        let (words, error) = match item.state.get() {
            UploadState::Waiting | UploadState::Sending => {
                let label = format!("Sending {}", isolate(&item.name));
                let value: Signal<Option<f64>> = item.progress.clone().into();
                return view! { <li><ProgressBar label value/></li> }.into_any();
            }
            UploadState::Refused(error) => (" was not attached. ", error),
            UploadState::Unseen(error) => (" is attached, but cannot be shown yet. ", error),
        };
        let key = item.key;
        let (again, dismissed) = (upload_queue.clone(), upload_queue.clone());
        view! {
            <li class="note note-error">
                <Icon icon=icons::CIRCLE_ALERT/>
                <p><strong><bdi>{item.name.clone()}</bdi></strong> {words} {error.to_string()}</p>
                {error.is_about_session().then(|| view! { <SignInLink/> })}
                <Button on_click=move |_| again.retry(key)>"Try again"</Button>
                <Button
                    kind=ButtonKind::Quiet
                    icon=icons::X
                    icon_only=true
                    on_click=move |_| dismissed.forget(key)
                >
                    "Dismiss"
                </Button>
            </li>
        }
        .into_any()
    }
}
