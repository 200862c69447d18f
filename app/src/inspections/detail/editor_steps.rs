//! Inputs and effects of [`EditorState`](super::editor_state::EditorState).

use super::unsaved::{SaveRecovery, Unsaved};
use domain::inspection::Value;
use std::time::Duration;
use uuid::Uuid;

/// Decision of a person about a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Save the draft on top of others' changes.
    Mine,
    /// Discard the draft.
    Theirs,
    /// Put both texts into the control, to be merged.
    Both,
}

/// Input of the state machine.
#[derive(Clone, Debug)]
pub(super) enum EditorInput {
    /// A keystroke or a choice.
    Typed(String),
    /// The time of [`EditorEffect::StartTimer`] has passed, or the person asked to save.
    SaveRequested,
    /// The control has lost the focus.
    Left,
    /// The person asked for the recorded value.
    Restored,
    /// The person decided about a conflict.
    Decided(Decision),
    /// Others' changes are loaded, or an error that prevented it.
    CaughtUp(Result<(), String>),
    /// The recorded value may have changed.
    Recorded,
    /// A draft of an earlier page was refused.
    Found(Unsaved),
    /// The server answered the save of this text: `None` if it is recorded, or the reason and the
    /// recovery.
    Answered { entry: Uuid, sent: String, refusal: Option<(String, Option<SaveRecovery>)> },
    /// The form is being removed.
    Removed,
}

/// Data of the page that a step depends on.
pub(super) struct EditorContext<'a> {
    /// Recorded value with pending edits applied, as text; `None` if the thing was removed.
    pub(super) recorded: Option<String>,
    /// Parses a text to a value.
    pub(super) read: &'a dyn Fn(&str) -> Result<ParsedDraft, String>,
    /// Returns the message of a conflict with a newer change.
    pub(super) conflict: &'a dyn Fn() -> String,
    /// Id for a new outbox entry.
    pub(super) new_entry: Uuid,
}

/// Valid draft.
#[derive(Clone, Debug)]
pub(super) struct ParsedDraft {
    pub(super) value: Value,
    /// The value as it is written in a control.
    pub(super) text: String,
}

/// Output of the state machine, to be carried out by its caller in order.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum EditorEffect {
    /// Send [`EditorInput::SaveRequested`] after this time, instead of an earlier one.
    StartTimer(Duration),
    /// Stop the timer.
    StopTimer,
    /// Store the text as a draft under this id in the outbox.
    Store { entry: Uuid, text: String },
    /// Remove this entry from the outbox.
    Discard(Uuid),
    /// Send the value under this id, and pass the answer as [`EditorInput::Answered`].
    Send { entry: Uuid, value: Value, text: String },
    /// Pass the answers for this refused entry as [`EditorInput::Answered`].
    Watch { entry: Uuid, text: String },
    /// Load others' changes, then send [`EditorInput::CaughtUp`].
    CatchUp,
    /// Keep the draft until its form is opened again.
    Keep(Unsaved),
}

impl EditorContext<'_> {
    /// Returns the recorded text, empty if there is none.
    pub(super) fn recorded(&self) -> String {
        self.recorded.clone().unwrap_or_default()
    }
}
