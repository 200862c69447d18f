//! Short notes on what was just done, with a way back.

use super::{Button, ButtonKind, Icon};
use leptos::{ev, prelude::*};
use send_wrapper::SendWrapper;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};

/// The toasts on the page, newest last. Take it with `expect_context::<Toasts>()`.
#[derive(Clone, Copy, Debug)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    last: StoredValue<u32>,
    kind: Option<&'static str>,
}

#[derive(Clone, Debug)]
struct Toast {
    key: u32,
    kind: Option<&'static str>,
    text: String,
    wrong: bool,
    way: Option<Way>,
}

/// What a toast offers.
#[derive(Clone, Debug)]
enum Way {
    Undo(Callback<()>),
    Lead(String),
}

impl Toasts {
    /// How long a toast stays; its time stands still while it is pointed at or has the focus.
    pub const STAY: Duration = Duration::from_secs(10);

    /// Provides the toasts of the page as context.
    pub fn provide() {
        provide_context(Self { list: RwSignal::default(), last: StoredValue::new(0), kind: None });
    }

    /// The same for toasts of one kind, each of which takes the place of the one before.
    #[must_use]
    pub fn one_at_a_time(self, kind: &'static str) -> Self {
        Self { kind: Some(kind), ..self }
    }

    /// Says that something was done: "Section Roof added".
    pub fn say(self, text: impl Into<String>) {
        self.push(text.into(), false, None);
    }

    /// Says that something was done, and offers to undo it.
    pub fn undoable(self, text: impl Into<String>, undo: impl Into<Callback<()>>) {
        self.push(text.into(), false, Some(Way::Undo(undo.into())));
    }

    /// Says that something failed where there is no better place to say it.
    pub fn wrong(self, text: impl Into<String>) {
        self.push(text.into(), true, None);
    }

    /// Says that something failed on a page that was left, and leads back there.
    pub fn lead(self, text: impl Into<String>, href: impl Into<String>) {
        self.push(text.into(), true, Some(Way::Lead(href.into())));
    }

    fn push(self, text: String, wrong: bool, way: Option<Way>) {
        let (key, kind) = (self.last.get_value() + 1, self.kind);
        self.last.set_value(key);
        self.list.update(|list| {
            list.retain(|toast| kind.is_none() || toast.kind != kind);
            list.push(Toast { key, kind, text, wrong, way });
        });
    }

    fn dismiss(self, key: u32) {
        self.list.update(|list| list.retain(|toast| toast.key != key));
    }
}

/// Where the toasts appear; one for the whole page. A focus in a toast that goes returns to where it came
/// from.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let came_from = StoredValue::new(None::<SendWrapper<HtmlElement>>);
    let on_focus = move |event: ev::FocusEvent| {
        let before = event.related_target().and_then(|it| it.dyn_into::<HtmlElement>().ok());
        let is_toast = before.as_ref().is_some_and(|it| it.matches(".toast *").unwrap_or_default());
        if !is_toast {
            came_from.set_value(before.map(SendWrapper::new));
        }
    };
    let give_back = Callback::new(move |()| {
        let before = came_from.get_value().map(SendWrapper::take);
        let before = before.filter(|it| it.is_connected());
        let content = || document().get_element_by_id("content")?.dyn_into::<HtmlElement>().ok();
        if let Some(element) = before.or_else(content) {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            drop(element.focus_with_options(&options));
        }
    });
    view! {
        <section class="toasts" aria-label="Notices" aria-live="polite" on:focusin=on_focus>
            <For each=move || toasts.list.get() key=|toast| toast.key let:toast>
                <ToastView toasts toast give_back/>
            </For>
        </section>
    }
}

#[component]
fn ToastView(toasts: Toasts, toast: Toast, give_back: Callback<()>) -> impl IntoView {
    let key = toast.key;
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    let stays = matches!(toast.way, Some(Way::Lead(_)));
    let start = move || {
        stop();
        if stays {
            return;
        }
        timer.set_value(set_timeout_with_handle(move || toasts.dismiss(key), Toasts::STAY).ok());
    };
    Effect::new(start);
    on_cleanup(stop);

    let icon = if toast.wrong { icondata_lu::LuCircleAlert } else { icondata_lu::LuCheck };
    view! {
        <div
            class="toast"
            class:toast-wrong=toast.wrong
            on:pointerenter=move |_| stop()
            on:pointerleave=move |_| start()
            on:focusin=move |_| stop()
            on:focusout=move |_| start()
        >
            <Icon icon/>
            <p>{toast.text}</p>
            {match toast.way {
                None => ().into_any(),
                Some(Way::Undo(undo)) => {
                    view! {
                        <Button on_click=move |_| {
                            give_back.run(());
                            toasts.dismiss(key);
                            undo.run(());
                        }>"Undo"</Button>
                    }
                        .into_any()
                }
                Some(Way::Lead(href)) => {
                    view! {
                        <a
                            class="button button-secondary"
                            href=href
                            on:click=move |_| toasts.dismiss(key)
                        >
                            "Open"
                        </a>
                    }
                        .into_any()
                }
            }}
            <Button
                kind=ButtonKind::Quiet
                icon=icondata_lu::LuX
                icon_only=true
                on_click=move |_| {
                    give_back.run(());
                    toasts.dismiss(key);
                }
            >
                "Dismiss"
            </Button>
        </div>
    }
}
