//! What can be done about a field that was not saved.

use super::{editor::Editor, fields::control_id, focus};
use crate::{
    error::AppError,
    ui::{Button, ButtonKind, SignInLink},
};
use leptos::{ev, prelude::*};

/// A way on after saving failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Someone else changed the inspection first: to decide what holds.
    Decide,
    /// The session has ended: to sign in elsewhere and send it again.
    SignIn,
    /// It never got through, or the server failed: to send it again.
    Again,
}

impl Way {
    /// After that error.
    pub(super) fn after(error: &AppError) -> Option<Self> {
        match error {
            AppError::Conflict { .. } => Some(Self::Decide),
            AppError::SignInNeeded => Some(Self::SignIn),
            error => error.is_passing().then_some(Self::Again),
        }
    }
}

/// What can be done about a field that was not saved, beside typing something else.
#[component]
pub(super) fn WaysOn(
    /// The field.
    editor: Editor,
) -> impl IntoView {
    let way = Memo::new(move |_| editor.way.get());
    // The buttons go once it is done; the focus goes to the control before.
    let button = move |words: &'static str, kind: ButtonKind, go: fn(Editor)| {
        let press = move |_: ev::MouseEvent| {
            focus::focus(&control_id(editor));
            go(editor);
        };
        view! { <Button kind on_click=press>{words}</Button> }
    };
    let again = move || button("Try again", ButtonKind::Secondary, Editor::save);
    move || {
        let ways = match way.get()? {
            Way::Decide => view! {
                {button("Load the latest and keep mine", ButtonKind::Secondary, Editor::keep_mine)}
                {button("Discard mine", ButtonKind::Quiet, Editor::take_theirs)}
            }
            .into_any(),
            Way::SignIn => view! { <SignInLink/> {again()} }.into_any(),
            Way::Again => again().into_any(),
        };
        Some(view! { <div class="form-actions">{ways}</div> })
    }
}
