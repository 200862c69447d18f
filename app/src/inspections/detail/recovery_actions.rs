//! Recovery from a failed save of a field.

use super::{
    editor::{Editor, control_id},
    focus,
    unsaved::SaveRecovery,
};
use crate::{
    change_view::both,
    outbox::OutboxStatus,
    ui::{Button, ButtonKind, Saved, SignInLink},
};
use domain::{inspection::ValueKind, outbox::Connection};
use leptos::{ev, prelude::*};

/// Recovery buttons of a field that was not saved.
#[component]
pub(super) fn RecoveryActions(
    /// Editor of the field.
    editor: Editor,
) -> impl IntoView {
    let status = expect_context::<OutboxStatus>();
    let recovery = Memo::new(move |_| match editor.state.get() {
        Saved::Saving if status.connection() == Connection::SignedOut => Some(SaveRecovery::SignIn),
        _ => editor.recovery.get(),
    });
    let is_text = move || matches!(editor.field.kind(), ValueKind::Prose | ValueKind::Line);
    // The buttons disappear after a press, so the focus first moves to the control.
    let button = move |words: &'static str, kind: ButtonKind, go: fn(Editor)| {
        let press = move |_: ev::MouseEvent| {
            focus::focus(&control_id(editor));
            go(editor);
        };
        view! { <Button kind on_click=press>{words}</Button> }
    };
    let again = move || button("Try again", ButtonKind::Secondary, Editor::save);
    move || {
        let actions = match recovery.get()? {
            SaveRecovery::Decide => view! {
                {is_text().then(|| view! { <BothTexts editor/> })}
                {button("Keep mine", ButtonKind::Secondary, Editor::keep_mine)}
                {button("Keep theirs", ButtonKind::Secondary, Editor::take_theirs)}
                {is_text().then(|| button(
                    "Edit both together", ButtonKind::Secondary, Editor::edit_both,
                ))}
            }
            .into_any(),
            // The draft is sent automatically after signing in.
            SaveRecovery::SignIn => view! { <SignInLink/> }.into_any(),
            SaveRecovery::Again => again().into_any(),
        };
        Some(view! { <div class="form-actions">{actions}</div> })
    }
}

/// Recorded text and draft side by side, with their differences marked.
#[component]
fn BothTexts(editor: Editor) -> impl IntoView {
    let texts = move || {
        let (theirs, mine) = both(&editor.recorded(), &editor.draft.get());
        view! {
            <div>
                <p class="conflict-label">"Theirs"</p>
                <div class="change-text">{theirs}</div>
            </div>
            <div>
                <p class="conflict-label">"Yours"</p>
                <div class="change-text">{mine}</div>
            </div>
        }
    };
    view! {
        <div class="conflict" role="group" aria-label="Both texts">
            {texts}
        </div>
    }
    .into_any()
}
