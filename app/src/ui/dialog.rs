//! Native modal dialog: Esc closes it, and the focus returns to the element that had it.

use super::{Button, ButtonKind, icons};
use crate::effects::effect;
use leptos::{html, prelude::*};

/// Modal dialog with a title. Its content is recreated each time it opens, so that forms start
/// empty. Put `autofocus` on the element to focus first.
#[component]
pub fn Dialog(
    /// Whether it is open. Set it to open or close the dialog; Esc and the close button set it too.
    open: RwSignal<bool>,
    /// Heading and accessible name.
    #[prop(into)]
    title: Signal<String>,
    /// Content: text, fields, and a `div.dialog-actions` with the buttons.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();

    effect(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            // The content, with the `autofocus` element, is rendered one frame later.
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
            // The close button comes last, so that the focus starts in the content.
            <Button
                kind=ButtonKind::Quiet
                icon=icons::X
                icon_only=true
                on_click=move |_| open.set(false)
            >
                "Close"
            </Button>
        </dialog>
    }
}
