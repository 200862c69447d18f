//! Banner with the result of an action, when a toast is not enough: refusals, confirmations, and
//! all results without scripts.

use super::{dashboard::DashboardState, selection};
use crate::effects::effect;
use crate::{
    auth::PagePerson,
    ui::{Button, ButtonKind, ErrorNote, Icon, find, icons},
};
use domain::view::{Confirm, Form, Outcome};
use leptos::{html, prelude::*};

/// Result banner. It stays visible while the feed scrolls.
#[component]
pub(super) fn OutcomeBanner(dashboard: DashboardState) -> impl IntoView {
    let note = move || {
        dashboard.said.get().map(|said| {
            let dismiss = move |_| dashboard.said.set(None);
            match said {
                Ok(Outcome { confirm: Some(confirm), .. }) => question(dashboard, confirm),
                Ok(outcome) => view! {
                    {came_of(outcome)}
                    <span class="only-scripted">
                        <Button kind=ButtonKind::Quiet on_click=dismiss>"Dismiss"</Button>
                    </span>
                }
                .into_any(),
                Err(error) => view! {
                    <ErrorNote error/>
                    <span class="only-scripted">
                        <Button kind=ButtonKind::Quiet on_click=dismiss>"Dismiss"</Button>
                    </span>
                }
                .into_any(),
            }
        })
    };
    view! {
        <div class="said">{note}</div>
    }
    .into_any()
}

fn hidden(form: Form) -> AnyView {
    let inputs = form.into_iter().map(|(name, value)| {
        view! { <input type="hidden" name=name value=value/> }
    });
    inputs.collect_view().into_any()
}

/// Renders a confirmation and focuses its button.
fn question(dashboard: DashboardState, confirm: Confirm) -> AnyView {
    let node = NodeRef::<html::Form>::new();
    effect(move || {
        if let Some(button) = node.get().and_then(|form| find(&form, "button")) {
            drop(button.focus());
        }
    });
    let cancel = move |_| {
        dashboard.said.set(None);
        let button = selection::form().and_then(|form| find(&form, ".bulk-actions button"));
        if let Some(button) = button {
            drop(button.focus());
        }
    };
    let Confirm { question, yes, form } = confirm.clone();
    view! {
        <form
            class="note note-attention"
            method="post"
            node_ref=node
            on:submit=move |event| {
                event.prevent_default();
                event.stop_propagation();
                dashboard.confirm(confirm.clone());
            }
        >
            <PagePerson/>
            {hidden(form)}
            <Icon icon=icons::TRIANGLE_ALERT/>
            <p role="alert">
                <strong>{question}</strong>
            </p>
            <Button submit=true kind=ButtonKind::Primary>
                {yes}
            </Button>
            <span class="only-scripted">
                <Button on_click=cancel>"Cancel"</Button>
            </span>
        </form>
    }
    .into_any()
}

/// Renders the outcome with an undo button, and the refused parts.
fn came_of(outcome: Outcome) -> AnyView {
    let Outcome { says, undo, refused, .. } = outcome;
    let undo = undo.map(|form| {
        view! {
            <form method="post">
                <PagePerson/>
                {hidden(form)}
                <button type="submit" class="button button-secondary">
                    "Undo"
                </button>
            </form>
        }
    });
    let done = (!says.is_empty()).then(|| {
        view! {
            <div class="note" role="status">
                <Icon icon=icons::CHECK/>
                <p>{says}</p>
                {undo}
            </div>
        }
    });
    let refused = (!refused.is_empty()).then(|| {
        let lines = refused.into_iter().map(|(name, why)| {
            view! {
                <li>
                    <strong><bdi>{name}</bdi></strong>
                    ": "
                    {why}
                </li>
            }
        });
        view! {
            <div class="note note-attention" role="alert">
                <Icon icon=icons::TRIANGLE_ALERT/>
                <div>
                    <p>
                        <strong>"Not everything went through."</strong>
                    </p>
                    <ul class="said-refused">{lines.collect_view()}</ul>
                </div>
            </div>
        }
    });
    view! {
        {done}
        {refused}
    }
    .into_any()
}
