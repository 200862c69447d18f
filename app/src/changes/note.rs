//! Marking as reviewed or flagging with a few words beside it, which other reviewers read.

use super::{ask::TextForm, board::Board};
use leptos::prelude::*;

/// A button that asks for a note, and takes it with either.
#[component]
pub(super) fn NoteForm(
    board: Board,
    /// The entry; nothing where the selection is meant.
    #[prop(optional)]
    entry: Option<String>,
) -> impl IntoView {
    let acts = vec![("reviewed", "Reviewed with this note"), ("flagged", "Flag with this note")];
    let name = if entry.is_some() { "entry" } else { "" };
    view! {
        <TextForm
            board
            act="note"
            name
            value=entry.unwrap_or_default()
            word="Add a note"
            label="Note"
            hint="Reviewers read it beside the change."
            icon=icondata_lu::LuStickyNote
            acts
        />
    }
}
