//! Toasts: short notifications with an optional undo button or link.

use super::{Button, ButtonKind, Icon, List, icons};
use crate::effects::effect;
use leptos::{ev, prelude::*};
use send_wrapper::SendWrapper;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};

/// Toasts on the page, newest last. Use `expect_context::<Toasts>()`.
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
    action: Option<ToastAction>,
}

/// Action that a toast offers.
#[derive(Clone, Debug)]
enum ToastAction {
    Undo(Callback<()>),
    Lead(String),
}

impl Toasts {
    /// Time a toast stays visible; paused while it is hovered or focused.
    pub const STAY: Duration = Duration::from_secs(10);

    /// Provides the page's toasts as context.
    pub fn provide() {
        provide_context(Self { list: RwSignal::default(), last: StoredValue::new(0), kind: None });
    }

    /// Returns a handle whose toasts have that kind; each replaces the earlier one of the kind.
    #[must_use]
    pub fn one_at_a_time(self, kind: &'static str) -> Self {
        Self { kind: Some(kind), ..self }
    }

    /// Shows a success message: "Section Roof added".
    pub fn say(self, text: impl Into<String>) {
        self.push(text.into(), false, None);
    }

    /// Shows a success message with an undo button.
    pub fn undoable(self, text: impl Into<String>, undo: impl Into<Callback<()>>) {
        self.push(text.into(), false, Some(ToastAction::Undo(undo.into())));
    }

    /// Shows an error message that has no better place.
    pub fn wrong(self, text: impl Into<String>) {
        self.push(text.into(), true, None);
    }

    /// Shows an error from a page that was left, with a link back to it. It stays until dismissed.
    pub fn lead(self, text: impl Into<String>, href: impl Into<String>) {
        self.push(text.into(), true, Some(ToastAction::Lead(href.into())));
    }

    fn push(self, text: String, wrong: bool, action: Option<ToastAction>) {
        let (key, kind) = (self.last.get_value() + 1, self.kind);
        self.last.set_value(key);
        self.list.update(|list| {
            list.retain(|toast| kind.is_none() || toast.kind != kind);
            list.push(Toast { key, kind, text, wrong, action });
        });
    }

    fn dismiss(self, key: u32) {
        self.list.update(|list| list.retain(|toast| toast.key != key));
    }
}

/// Region for the toasts, one per page. When a focused toast closes, the focus returns to the
/// element that had it before.
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
            <List each=move || toasts.list.get() key=|toast| toast.key let:toast>
                <ToastView toasts toast give_back/>
            </List>
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
    let stays = matches!(toast.action, Some(ToastAction::Lead(_)));
    let start = move || {
        stop();
        if stays {
            return;
        }
        timer.set_value(set_timeout_with_handle(move || toasts.dismiss(key), Toasts::STAY).ok());
    };
    effect(start);
    on_cleanup(stop);

    let icon = if toast.wrong { icons::CIRCLE_ALERT } else { icons::CHECK };
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
            {match toast.action {
                None => ().into_any(),
                Some(ToastAction::Undo(undo)) => {
                    view! {
                        <Button on_click=move |_| {
                            give_back.run(());
                            toasts.dismiss(key);
                            undo.run(());
                        }>"Undo"</Button>
                    }
                        .into_any()
                }
                Some(ToastAction::Lead(href)) => {
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
                icon=icons::X
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
