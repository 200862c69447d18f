//! Where photos come in: dropped, chosen, or taken with a phone's camera; several at once, each with
//! its progress.

use super::{
    desk::Desk,
    upload::{self, Place, carries_files, dropped},
};
use crate::{
    request_id,
    ui::{Button, ButtonKind, Icon, Progress, action_icon},
};
use domain::{Action, SectionId};
use leptos::{ev, html, prelude::*};
use send_wrapper::SendWrapper;
use uuid::Uuid;
use web_sys::File;

/// What is accepted; the server looks at the content, whatever the name.
const ACCEPTED: &str = "image/jpeg,image/png,image/webp";

/// How many files are sent at the same time.
const AT_ONCE: usize = 2;

/// The files on their way to one place.
#[derive(Clone, Copy)]
struct Tray {
    desk: Desk,
    section: Option<SectionId>,
    items: RwSignal<Vec<Item>>,
    last: StoredValue<u32>,
}

#[derive(Clone)]
struct Item {
    key: u32,
    name: String,
    request: Uuid,
    file: SendWrapper<File>,
    progress: RwSignal<Option<f64>>,
    state: RwSignal<State>,
}

#[derive(Clone, PartialEq)]
enum State {
    Waiting,
    Sending,
    Refused(String),
}

impl Tray {
    fn new(desk: Desk, section: Option<SectionId>) -> Self {
        Self { desk, section, items: RwSignal::default(), last: StoredValue::new(0) }
    }

    /// All that is added together is one request.
    fn add(self, files: Vec<File>) {
        let request = request_id::new();
        self.items.update(|items| {
            for file in files {
                let key = self.last.get_value() + 1;
                self.last.set_value(key);
                items.push(Item {
                    key,
                    name: file.name(),
                    request,
                    file: SendWrapper::new(file),
                    progress: RwSignal::new(Some(0.0)),
                    state: RwSignal::new(State::Waiting),
                });
            }
        });
        self.send_next();
    }

    /// Sends those that wait, as many as may be on their way. The page may be gone by now.
    fn send_next(self) {
        let Some(items) = self.items.try_get_untracked() else { return };
        let is = |item: &&Item, state: State| item.state.get_untracked() == state;
        let sending = items.iter().filter(|item| is(item, State::Sending)).count();
        for item in items
            .iter()
            .filter(|item| is(item, State::Waiting))
            .take(AT_ONCE.saturating_sub(sending))
        {
            self.send(item.clone());
        }
    }

    fn send(self, item: Item) {
        let Item { key, request, progress, state, .. } = item;
        state.set(State::Sending);
        let place = Place { inspection: self.desk.id(), section: self.section, request };
        let tell = move |sent: f64| {
            // All sent: now the server looks at it, for as long as that takes.
            progress.set(Some(sent).filter(|sent| *sent < 1.0));
        };
        upload::send(place, &item.file, tell, move |result| match result {
            Ok(()) => self.desk.catch_up(move |_| {
                self.forget(key);
                self.send_next();
            }),
            Err(why) => {
                let _ = state.try_set(State::Refused(why));
                self.send_next();
            }
        });
    }

    fn forget(self, key: u32) {
        let _ = self.items.try_update(|items| items.retain(|item| item.key != key));
    }
}

/// The place to drop photos on, with the buttons to choose them or to take one.
#[component]
pub(super) fn Uploads(
    /// The page.
    desk: Desk,
    /// The section, or none for the inspection as a whole.
    section: Option<SectionId>,
) -> impl IntoView {
    let tray = Tray::new(desk, section);
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
                    tray.add(files);
                }
            }
        >
            <form
                class="cluster"
                method="post"
                enctype="multipart/form-data"
                action=format!("/inspections/{}/photos", desk.id())
            >
                <input type="hidden" name="request_id" value=desk.request().to_string()/>
                <input
                    type="hidden"
                    name="section"
                    value=section.map(|section| section.to_string())
                />
                <Chooser tray camera=false/>
                <button type="submit" class="button button-secondary only-plain">"Send"</button>
                <Chooser tray camera=true/>
                <span class="drop-hint">"or drop them here"</span>
            </form>
            <Sending tray/>
        </div>
    }
    .into_any()
}

/// The camera of a phone, for a photo of the whole.
#[component]
pub(super) fn CameraButton(
    /// The page.
    desk: Desk,
    /// The section, or none for the inspection as a whole.
    section: Option<SectionId>,
) -> impl IntoView {
    let tray = Tray::new(desk, section);
    view! {
        <Chooser tray camera=true/>
        <Sending tray/>
    }
}

/// A file input that looks like a button, so that it works before the page does.
#[component]
fn Chooser(tray: Tray, camera: bool) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let choose = move || {
        if let Some(input) = node.get_untracked() {
            let files = upload::take(&input);
            if !files.is_empty() {
                tray.add(files);
            }
        }
    };
    // What was chosen before the page was ready.
    Effect::new(choose);
    let label = if camera { "Take a photo" } else { Action::AddPhoto.label() };
    let icon = if camera { action_icon(Action::AddPhoto) } else { icondata_lu::LuImagePlus };
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

/// What is on its way, and what was refused.
#[component]
fn Sending(tray: Tray) -> impl IntoView {
    view! {
        <ul class="sending" aria-label="Photos being sent" aria-live="polite">
            <For each=move || tray.items.get() key=|item| item.key let:item>
                <SendingItem tray item/>
            </For>
        </ul>
    }
}

#[component]
fn SendingItem(tray: Tray, item: Item) -> impl IntoView {
    let Item { key, name, progress, state, .. } = item;
    move || match state.get() {
        State::Refused(why) => view! {
            <li class="note note-error">
                <Icon icon=icondata_lu::LuCircleAlert/>
                <p><strong>{name.clone()}</strong> " was not attached. " {why}</p>
                <Button on_click=move |_| {
                    state.set(State::Waiting);
                    tray.send_next();
                }>"Try again"</Button>
                <Button
                    kind=ButtonKind::Quiet
                    icon=icondata_lu::LuX
                    icon_only=true
                    on_click=move |_| tray.forget(key)
                >
                    "Dismiss"
                </Button>
            </li>
        }
        .into_any(),
        _ => {
            let label = format!("Sending {name}");
            view! { <li><Progress label value=progress/></li> }.into_any()
        }
    }
}
