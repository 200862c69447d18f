//! The native modal dialog: Esc closes it, and the focus goes back where it was.

use super::{Button, ButtonKind};
use leptos::{html, prelude::*};

/// A modal dialog with a title. Its content is made anew each time it opens, so forms start fresh.
/// Put `autofocus` on what should have the focus first.
#[component]
pub fn Dialog(
    /// Whether it is open. Set it to open or close; Esc and the close button set it too.
    open: RwSignal<bool>,
    /// Its heading and accessible name.
    #[prop(into)]
    title: Signal<String>,
    /// What is in it: sentences, fields, and a `div.dialog-actions` with the buttons.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();

    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            // A frame later its content is there, and with it what asks for the focus.
            (true, false) => request_animation_frame(move || {
                if open.try_get_untracked() == Some(true) && dialog.is_connected() {
                    drop(dialog.show_modal());
                }
            }),
            (false, true) => dialog.close(),
            _ => {}
        }
    });

    view! {
        <dialog
            node_ref=node
            class="dialog"
            aria-label=move || title.get()
            on:close=move |_| open.set(false)
        >
            <header class="dialog-head">
                <h2>{title}</h2>
            </header>
            <div class="dialog-body">{move || open.get().then(|| children())}</div>
            // Last, so that the focus starts in the content.
            <Button
                kind=ButtonKind::Quiet
                icon=icondata_lu::LuX
                icon_only=true
                on_click=move |_| open.set(false)
            >
                "Close"
            </Button>
        </dialog>
    }
}
