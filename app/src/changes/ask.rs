//! Button that opens a text form in place.

use super::{dashboard::DashboardState, form::FormHead, pending_submit::close};
use crate::ui::{Icon, IconName, TextArea, find};
use domain::{
    change::Mutation,
    feed::{Comment, Review},
};
use leptos::{ev, html, prelude::*};

/// Returns the maximum length of an action's text, in characters.
fn longest(act: &str) -> usize {
    match act {
        "comment" => Comment::TEXT,
        "note" => Review::NOTE,
        _ => Mutation::REASON,
    }
}

/// Button that opens a text form.
#[component]
pub(super) fn TextForm(
    dashboard: DashboardState,
    /// Action to perform, or the kind of text when several actions use it.
    act: &'static str,
    /// Kind of the target, `change` or `entry`; empty for the selection.
    #[prop(optional)]
    name: &'static str,
    /// Id of the target.
    #[prop(optional)]
    value: String,
    /// Label of the button.
    word: &'static str,
    /// Label of the text field.
    label: &'static str,
    /// Hint that names the readers of the text.
    hint: &'static str,
    /// Icon of the button.
    icon: IconName,
    /// Actions that use the text, with their labels; empty for the single action `act`.
    #[prop(optional)]
    acts: Vec<(&'static str, &'static str)>,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let on_toggle = move |_| {
        let open = node.get_untracked().filter(|details| details.open());
        if let Some(words) = open.and_then(|details| find(&details, "textarea")) {
            drop(words.focus());
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape"
            && let Some(details) = node.get_untracked()
        {
            close(&details);
        }
    };
    let id = format!("{act}-{name}-{value}");
    let error = dashboard.wrong_with(id.clone());
    // The selection's form contains several text fields, and most of its buttons need none.
    let own = !name.is_empty();
    let text = match (act, own) {
        ("note", _) => "note".to_owned(),
        (_, true) => "text".to_owned(),
        (_, false) => format!("text-{act}"),
    };
    let acts = if acts.is_empty() { vec![(act, word)] } else { acts };
    let buttons = acts.into_iter().enumerate().map(|(at, (act, word))| {
        let kind = if at == 0 { "button-primary" } else { "button-secondary" };
        view! {
            <button type="submit" name="do" value=act class=format!("button {kind}")>
                <span class="button-label">{word}</span>
            </button>
        }
    });
    let fields = view! {
        <TextArea
            name=text
            id=id
            label=label
            hint=hint
            maxlength=longest(act)
            required=own
            error=error
        />
        <div class="form-actions">{buttons.collect_view()}</div>
    };
    let panel = if !own {
        view! { <div class="ask-panel">{fields}</div> }.into_any()
    } else {
        view! {
            <form class="ask-panel" method="post">
                <FormHead dashboard/>
                <input type="hidden" name=name value=value/>
                {fields}
            </form>
        }
        .into_any()
    };
    view! {
        <details class="ask" data-ask=act node_ref=node on:toggle=on_toggle on:keydown=on_key>
            <summary class="button button-secondary">
                <Icon icon/>
                {word}
                "…"
            </summary>
            {panel}
        </details>
    }
    .into_any()
}
