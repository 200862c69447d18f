//! What a reviewer can do from a row: open the inspection, Completed, Revert to Draft.

use super::step::Steps;
use crate::{
    request_id,
    ui::{Button, ButtonKind, Icon, LinkButton, TextArea, action_icon},
};
use domain::{Action, Actor, ChangeId, Inspection, Status, may};
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDetailsElement, HtmlElement};

/// The most characters of a reason.
const REASON: usize = 2_000;

/// The buttons: plain forms, so they work as they are; with JavaScript the page stays.
#[component]
pub(super) fn RowActions(
    /// The row's change.
    row: ChangeId,
    /// Where its inspection stands.
    standing: Memo<Inspection>,
    /// Who is looking.
    viewer: Actor,
    /// The steps taken from rows.
    steps: Steps,
) -> impl IntoView {
    let buttons = move || {
        let standing = standing.get();
        let (completes, reverts) = offered(&viewer, &standing);
        let open = (!standing.removed).then(|| {
            let href = format!("/inspections/{}", standing.id);
            let icon = icondata_lu::LuArrowRight;
            view! {
                <LinkButton href kind=ButtonKind::Quiet icon icon_only=true>
                    "Open inspection"
                </LinkButton>
            }
        });
        let revert = reverts.then(|| {
            let hidden = hidden(row, &standing, Status::Draft);
            view! { <Revert row steps hidden/> }
        });
        let complete = completes.then(|| {
            let hidden = hidden(row, &standing, Status::Complete);
            let busy = steps.busy(row, Status::Complete);
            view! {
                <ActionForm action=steps.action>
                    {hidden}
                    <Button submit=true icon=action_icon(Action::StatusComplete) busy>
                        {Action::StatusComplete.label()}
                    </Button>
                </ActionForm>
            }
        });
        view! { {revert} {complete} {open} }
    };
    view! { <div class="change-actions">{buttons}</div> }.into_any()
}

/// Asks for the reason right there, and reverts.
#[component]
fn Revert(row: ChangeId, steps: Steps, hidden: AnyView) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let typed = steps.reason_at(row);
    let open = typed.is_some();
    let on_toggle = move |_| {
        if let Some(details) = node.get_untracked()
            && details.open()
        {
            focus(&details, "textarea");
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape"
            && let Some(details) = node.get_untracked()
        {
            details.set_open(false);
            focus(&details, "summary");
        }
    };
    view! {
        <details
            class="revert"
            open=open
            node_ref=node
            on:toggle=on_toggle
            on:keydown=on_key
        >
            <summary class="button button-secondary">
                <Icon icon=action_icon(Action::StatusDraft)/>
                {Action::StatusDraft.label()}
                "…"
            </summary>
            <div class="revert-panel">
                <ActionForm action=steps.action>
                    {hidden}
                    <TextArea
                        name="reason"
                        id=format!("reason-{row}")
                        label="Reason"
                        hint="The inspector reads it, and it stays in the history."
                        value=typed.unwrap_or_default()
                        maxlength=REASON
                        required=true
                    />
                    <div class="form-actions">
                        <Button
                            submit=true
                            kind=ButtonKind::Primary
                            busy=steps.busy(row, Status::Draft)
                        >
                            {Action::StatusDraft.label()}
                        </Button>
                    </div>
                </ActionForm>
            </div>
        </details>
    }
    .into_any()
}

fn focus(within: &HtmlDetailsElement, selector: &str) {
    let found = within.query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        drop(element.focus());
    }
}

/// What the form sends besides what is typed: the other arguments of [`take_step`](super::api::take_step).
fn hidden(row: ChangeId, standing: &Inspection, to: Status) -> AnyView {
    let field = |name: &'static str, value: String| {
        view! { <input type="hidden" name=name value=value/> }
    };
    view! {
        {field("inspection", standing.id.to_string())}
        {field("expected", standing.head.to_string())}
        {field("request", request_id::new().to_string())}
        {field("row", row.to_string())}
        {field("to", to.to_string())}
    }
    .into_any()
}

/// Whether Completed and Revert to Draft are offered: there is such a step, and the viewer may.
fn offered(viewer: &Actor, standing: &Inspection) -> (bool, bool) {
    let offers = |to| {
        let step = standing.status.step(to);
        step.is_some_and(|action| may(viewer, action, standing).is_ok())
    };
    (offers(Status::Complete), offers(Status::Draft))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Role, UserId};

    fn standing(status: Status) -> Inspection {
        Inspection { status, ..Inspection::default() }
    }

    #[test]
    fn only_steps_that_there_are_and_that_the_viewer_may_take() {
        let viewer = Actor { id: UserId(2), name: "Rae".into(), role: Role::Reviewer };
        assert_eq!(offered(&viewer, &standing(Status::Draft)), (false, false));
        assert_eq!(offered(&viewer, &standing(Status::Review)), (true, true));
        assert_eq!(offered(&viewer, &standing(Status::Complete)), (false, true));
        let removed = Inspection { removed: true, ..standing(Status::Review) };
        assert_eq!(offered(&viewer, &removed), (false, false));
        let inspector = Actor { role: Role::Inspector, ..viewer };
        assert_eq!(offered(&inspector, &standing(Status::Review)), (false, false));
    }
}
