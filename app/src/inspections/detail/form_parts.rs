//! Parts shared by the forms of an inspection's page. The forms work without JavaScript; with it,
//! the page handles them.

use super::{confirmation::Confirmation, page_state::InspectionPageState};
use crate::{
    form::{DO, EXPECTED, FormAction, REQUEST, TARGET, target},
    ui::{Button, ButtonKind, action_icon, icons},
};
use domain::{change::Action, inspection::Target};
use leptos::{ev, prelude::*};

/// Returns the address that the page's plain forms post to: the page itself, which shows a refused
/// form again.
pub(super) fn action(page_state: InspectionPageState) -> String {
    format!("/inspections/{}", page_state.id())
}

/// Hidden controls: the expected head, the request id, the action and the target.
#[component]
pub(super) fn Hidden(
    /// Page state.
    page_state: InspectionPageState,
    /// Action.
    form_action: FormAction,
    /// Target.
    target: Target,
) -> impl IntoView {
    let head = page_state.inspection.with_untracked(|inspection| inspection.head);
    view! {
        <input type="hidden" name=EXPECTED value=head.to_string()/>
        <input type="hidden" name=REQUEST value=page_state.request().to_string()/>
        <input type="hidden" name=DO value=form_action.slug()/>
        <input type="hidden" name=TARGET value=target::slug(target)/>
    }
    .into_any()
}

/// Button that opens a confirmation.
#[component]
pub(super) fn ConfirmButton(
    /// Page state.
    page_state: InspectionPageState,
    /// Confirmation to open.
    ask: Confirmation,
    /// Visual weight.
    #[prop(optional)]
    kind: ButtonKind,
    /// Whether only the icon is shown.
    #[prop(optional)]
    icon_only: bool,
    /// Label, if not the action's.
    #[prop(optional, into)]
    label: Option<&'static str>,
) -> impl IntoView {
    let action = ask.action();
    let icon = match label {
        Some(_) => icons::PLUS,
        None => action_icon(action),
    };
    view! {
        <form method="get" action=format!("/inspections/{}", page_state.id()) class="inline">
            <input type="hidden" name="ask" value=ask.slug()/>
            <Button
                submit=true
                kind
                icon
                icon_only
                on_click=move |event: ev::MouseEvent| {
                    event.prevent_default();
                    page_state.ask(ask);
                }
            >
                {move || {
                    label.unwrap_or_else(|| page_state.inspection.with(|it| ask.label(it, page_state.viewer())))
                }}
            </Button>
        </form>
    }
    .into_any()
}

/// Button that shows a target's edit form.
#[component]
pub(super) fn EditButton(
    /// Page state.
    page_state: InspectionPageState,
    /// Target of the edit.
    target: Target,
    /// Whether its form is shown.
    open: RwSignal<bool>,
    /// Whether only the icon is shown.
    #[prop(optional)]
    icon_only: bool,
) -> impl IntoView {
    let slug = target::slug(target);
    view! {
        <form method="get" action=format!("/inspections/{}#{slug}", page_state.id()) class="inline">
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
