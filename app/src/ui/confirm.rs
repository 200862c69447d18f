//! Asks once before something that cannot simply be undone.

use super::{Button, ButtonKind, Dialog};
use leptos::prelude::*;

/// Asks once, naming the thing. The focus starts on the safe button.
#[component]
pub fn Confirm(
    /// Whether it is being asked.
    open: RwSignal<bool>,
    /// The question, naming the thing: "Remove the section Roof?"
    #[prop(into)]
    title: Signal<String>,
    /// What will happen, in a sentence.
    #[prop(into)]
    message: Signal<String>,
    /// The words of the button that does it: what it does, never "OK".
    #[prop(into)]
    action: Signal<String>,
    /// Whether it takes something away.
    #[prop(optional)]
    danger: bool,
    /// Done once the person says yes; the dialog is closed by then.
    #[prop(into)]
    on_confirm: Callback<()>,
) -> impl IntoView {
    let kind = if danger { ButtonKind::Danger } else { ButtonKind::Primary };
    view! {
        <Dialog open title>
            <p>{message}</p>
            <div class="dialog-actions">
                <Button attr:autofocus=true on:click=move |_| open.set(false)>"Cancel"</Button>
                <Button
                    kind
                    on:click=move |_| {
                        open.set(false);
                        on_confirm.run(());
                    }
                >
                    {action}
                </Button>
            </div>
        </Dialog>
    }
}
