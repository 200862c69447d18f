//! Short notes on what was just done, with a way back.

use super::{Button, ButtonKind, Icon};
use leptos::prelude::*;
use std::time::Duration;

/// How long a toast stays; its time stands still while it is pointed at or has the focus. One that leads
/// somewhere stays until it is dismissed.
const STAY: Duration = Duration::from_secs(10);

/// The toasts on the page, newest last. Take it with `expect_context::<Toasts>()`.
#[derive(Clone, Copy, Debug)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    last: StoredValue<u32>,
}

#[derive(Clone, Debug)]
struct Toast {
    key: u32,
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
    /// Provides the toasts of the page as context.
    pub fn provide() {
        provide_context(Self { list: RwSignal::default(), last: StoredValue::new(0) });
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
        let key = self.last.get_value() + 1;
        self.last.set_value(key);
        self.list.update(|list| list.push(Toast { key, text, wrong, way }));
    }

    fn dismiss(self, key: u32) {
        self.list.update(|list| list.retain(|toast| toast.key != key));
    }
}

/// Where the toasts appear; one for the whole page.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    view! {
        <section class="toasts" aria-label="Notices" aria-live="polite">
            <For each=move || toasts.list.get() key=|toast| toast.key let:toast>
                <ToastView toasts toast/>
            </For>
        </section>
    }
}

#[component]
fn ToastView(toasts: Toasts, toast: Toast) -> impl IntoView {
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
        timer.set_value(set_timeout_with_handle(move || toasts.dismiss(key), STAY).ok());
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
                            "Go back to it"
                        </a>
                    }
                        .into_any()
                }
            }}
            <Button
                kind=ButtonKind::Quiet
                icon=icondata_lu::LuX
                icon_only=true
                on_click=move |_| toasts.dismiss(key)
            >
                "Dismiss"
            </Button>
        </div>
    }
}
