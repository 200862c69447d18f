//! Buttons, and links styled as buttons.

use super::{Icon, IconName};
use leptos::{ev, prelude::*, text_prop::TextProp};

/// Visual weight of a button. A view has at most one primary button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// Main action of the view.
    Primary,
    /// Any other action.
    #[default]
    Secondary,
    /// Borderless button in a row or beside text.
    Quiet,
    /// Destructive action.
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

/// Button. `attr:…` is passed to the `<button>`. While busy it shows a spinner, sets `aria-busy`
/// and ignores clicks, but keeps the focus.
#[component]
pub fn Button(
    /// Visual weight.
    #[prop(optional)]
    kind: ButtonKind,
    /// Icon before the label.
    #[prop(optional)]
    icon: Option<IconName>,
    /// Whether it submits its form.
    #[prop(optional)]
    submit: bool,
    /// Shows only the icon; the label remains the accessible name.
    #[prop(optional)]
    icon_only: bool,
    /// Whether its action is in progress.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Whether it is disabled.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Click handler. Do not use `on:click`: Leptos does not renew handlers spread onto a component
    /// that is rebuilt in place, so the button would keep its old action.
    #[prop(optional, into)]
    on_click: Option<Callback<ev::MouseEvent>>,
    /// Label.
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

/// Link styled as a button.
#[component]
pub fn LinkButton(
    /// Target address.
    #[prop(into)]
    href: TextProp,
    /// Visual weight.
    #[prop(optional)]
    kind: ButtonKind,
    /// Icon before the label.
    #[prop(optional)]
    icon: Option<IconName>,
    /// Shows only the icon; the label remains the accessible name.
    #[prop(optional)]
    icon_only: bool,
    /// Label.
    children: Children,
) -> impl IntoView {
    view! {
        <a href=move || href.get() class=kind.class() class:icon-only=icon_only>
            {icon.map(|icon| view! { <Icon icon/> })}
            <span class="button-label">{children()}</span>
        </a>
    }
}
