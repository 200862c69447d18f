//! What the forms of an inspection's page share. Each works as it stands without JavaScript; with
//! it the page takes over.

use super::{ask::Ask, desk::Desk};
use crate::{
    inspections::{
        form::{DO, Deed, EXPECTED, REQUEST, TARGET},
        target,
    },
    ui::{Button, ButtonKind, action_icon},
};
use domain::{Action, Target};
use leptos::{ev, prelude::*};

/// Where the page's plain forms are sent: to the page itself, which shows them again where they are
/// refused.
pub(super) fn action(desk: Desk) -> String {
    format!("/inspections/{}", desk.id())
}

/// The controls nobody sees: as of when, and what to do to what.
#[component]
pub(super) fn Hidden(
    /// The page.
    desk: Desk,
    /// What to do.
    deed: Deed,
    /// To what.
    target: Target,
) -> impl IntoView {
    let head = desk.inspection.with_untracked(|inspection| inspection.head);
    view! {
        <input type="hidden" name=EXPECTED value=head.to_string()/>
        <input type="hidden" name=REQUEST value=desk.request().to_string()/>
        <input type="hidden" name=DO value=deed.slug()/>
        <input type="hidden" name=TARGET value=target::slug(target)/>
    }
    .into_any()
}

/// A button that asks before it does something.
#[component]
pub(super) fn AskButton(
    /// The page.
    desk: Desk,
    /// What it asks.
    ask: Ask,
    /// How much it wants attention.
    #[prop(optional)]
    kind: ButtonKind,
    /// Shows the icon alone.
    #[prop(optional)]
    icon_only: bool,
    /// Other words than the action's label.
    #[prop(optional, into)]
    label: Option<&'static str>,
) -> impl IntoView {
    let action = ask.action();
    let icon = match label {
        Some(_) => icondata_lu::LuPlus,
        None => action_icon(action),
    };
    view! {
        <form method="get" action=format!("/inspections/{}", desk.id()) class="inline">
            <input type="hidden" name="ask" value=ask.slug()/>
            <Button
                submit=true
                kind
                icon
                icon_only
                on_click=move |event: ev::MouseEvent| {
                    event.prevent_default();
                    desk.ask(ask);
                }
            >
                {move || {
                    label.unwrap_or_else(|| desk.inspection.with(|it| ask.label(it, desk.viewer())))
                }}
            </Button>
        </form>
    }
    .into_any()
}

/// The button that turns a thing into its form.
#[component]
pub(super) fn EditButton(
    /// The page.
    desk: Desk,
    /// The thing.
    target: Target,
    /// Whether its form is shown.
    open: RwSignal<bool>,
    /// Shows the icon alone.
    #[prop(optional)]
    icon_only: bool,
) -> impl IntoView {
    let slug = target::slug(target);
    view! {
        <form method="get" action=format!("/inspections/{}#{slug}", desk.id()) class="inline">
            <input type="hidden" name="edit" value=slug.clone()/>
            <Button
                submit=true
                kind=ButtonKind::Quiet
                icon=action_icon(Action::Edit)
                icon_only
                on_click=move |event: ev::MouseEvent| {
                    event.prevent_default();
                    open.set(true);
                }
            >
                {Action::Edit.command()}
            </Button>
        </form>
    }
    .into_any()
}
