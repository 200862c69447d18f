//! Buttons, and links that look like them.

use super::Icon;
use leptos::{ev, prelude::*, text_prop::TextProp};

/// How much a button asks for attention. At most one primary button a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// What most people came to do.
    Primary,
    /// Anything else.
    #[default]
    Secondary,
    /// In a row or beside text, without a border.
    Quiet,
    /// Takes something away.
    Danger,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button button-secondary",
            Self::Quiet => "button button-quiet",
            Self::Danger => "button button-danger",
        }
    }
}

/// A button. `attr:…` goes to the `<button>`. While busy it spins, says so, and takes
/// no clicks, but keeps the focus.
#[component]
pub fn Button(
    /// How much it asks for attention.
    #[prop(optional)]
    kind: ButtonKind,
    /// An icon before the words.
    #[prop(optional)]
    icon: Option<icondata_core::Icon>,
    /// Sends the form it stands in.
    #[prop(optional)]
    submit: bool,
    /// Shows the icon alone; the words stay its accessible name.
    #[prop(optional)]
    icon_only: bool,
    /// Whether what it does is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Whether it cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What a click does. Not `on:click`: Leptos does not renew the handlers that are spread onto a
    /// component when it is rebuilt in place, so the button would go on doing what it did before.
    #[prop(optional, into)]
    on_click: Option<Callback<ev::MouseEvent>>,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=kind.class()
            class:icon-only=icon_only
            aria-busy=move || busy.get().then_some("true")
            aria-disabled=move || busy.get().then_some("true")
            disabled=move || disabled.get()
            on:click:capture=move |event| if busy.get_untracked() {
                event.prevent_default();
                event.stop_immediate_propagation();
            }
            on:click=move |event| if let Some(on_click) = on_click {
                on_click.run(event);
            }
        >
            {icon.map(|icon| view! { <Icon icon/> })}
            <span class="button-label">{children()}</span>
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Where it leads.
    #[prop(into)]
    href: TextProp,
    /// How much it asks for attention.
    #[prop(optional)]
    kind: ButtonKind,
    /// An icon before the words.
    #[prop(optional)]
    icon: Option<icondata_core::Icon>,
    /// Shows the icon alone; the words stay its accessible name.
    #[prop(optional)]
    icon_only: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <a href=move || href.get() class=kind.class() class:icon-only=icon_only>
            {icon.map(|icon| view! { <Icon icon/> })}
            <span class="button-label">{children()}</span>
        </a>
    }
}
