//! State of the editor of one field as a state machine without I/O: its draft, its saves and the
//! recovery from a failed one.
//!
//! [`EditorState::step`] takes an [`EditorInput`] and returns the [`EditorEffect`]s that its caller
//! carries out. Its rules: text that is not recorded is always in an outbox entry or on its way to
//! the server; a draft that was sent is not altered, later text has an entry of its own; after a
//! conflict only a person's decision saves.

use super::{
    editor_steps::{Decision, EditorContext, EditorEffect, EditorInput, ParsedDraft},
    unsaved::{SaveRecovery, Unsaved},
};
use crate::ui::Saved;
use domain::inspection::ValueKind;
use std::time::Duration;
use uuid::Uuid;

/// Pause in typing after which prose is saved.
const PROSE_PAUSE: Duration = Duration::from_millis(800);
/// Time after which a choice is saved, because a person may still be passing over the options.
const CHOICE_PAUSE: Duration = Duration::from_millis(350);

/// State of the editor of one field.
#[derive(Clone, Debug)]
pub(super) struct EditorState {
    kind: ValueKind,
    draft: String,
    saved: Saved,
    recovery: Option<SaveRecovery>,
    /// Text that the draft started from or was last sent as.
    base: String,
    /// Outbox entry of typed or refused text; `None` once everything is sent.
    entry: Option<Uuid>,
    /// Text of that entry, if the server refused it.
    refused: Option<String>,
    /// Entry that was sent last and is not answered yet.
    sending: Option<Uuid>,
    /// Decision that waits for others' changes.
    decision: Option<Decision>,
}

/// Result of preparing a save.
enum Next {
    /// The value is already recorded.
    Nothing,
    /// Value to send.
    Send(ParsedDraft),
    /// The draft cannot be saved.
    Fail(String, Option<SaveRecovery>),
}

impl EditorState {
    /// Returns the state of a new editor that shows the recorded text.
    pub(super) fn new(kind: ValueKind, recorded: String) -> Self {
        Self {
            kind,
            draft: recorded.clone(),
            saved: Saved::Untouched,
            recovery: None,
            base: recorded,
            entry: None,
            refused: None,
            sending: None,
            decision: None,
        }
    }

    /// Shows a draft that was not saved: one of an earlier form, or of a refused plain form.
    pub(super) fn with_draft(
        self,
        text: String,
        why: Option<String>,
        recovery: Option<SaveRecovery>,
        entry: Option<Uuid>,
    ) -> Self {
        let saved = why.map(Saved::Failed).unwrap_or_default();
        let refused = entry.is_some().then(|| text.clone());
        Self { draft: text, saved, recovery, entry, refused, ..self }
    }

    /// Returns the text in the control.
    pub(super) fn draft(&self) -> &str {
        &self.draft
    }

    /// Returns the state of saving.
    pub(super) const fn saved(&self) -> &Saved {
        &self.saved
    }

    /// Returns the recovery from a failed save.
    pub(super) const fn recovery(&self) -> Option<SaveRecovery> {
        self.recovery
    }

    /// Returns whether the draft is neither recorded nor being sent.
    pub(super) fn is_unsaved(&self) -> bool {
        self.draft != self.base
    }

    /// Returns the refused entry that the editor shows, with its text.
    pub(super) fn refused(&self) -> Option<(Uuid, &str)> {
        self.entry.zip(self.refused.as_deref())
    }

    /// Processes an input and returns the new state with the effects to carry out.
    #[must_use]
    pub(super) fn step(
        mut self,
        input: EditorInput,
        context: &EditorContext<'_>,
    ) -> (Self, Vec<EditorEffect>) {
        let mut effects = Vec::new();
        let out = &mut effects;
        match input {
            EditorInput::Typed(text) => self.typed(text, context, out),
            EditorInput::SaveRequested => self.save(context, out),
            // A recovery button must not disappear while it is pressed.
            EditorInput::Left if self.recovery.is_none() => {
                self.save(context, out);
                if !self.has_failed() {
                    self.draft.clone_from(&self.base);
                }
            }
            EditorInput::Left => {}
            EditorInput::Restored => self.restore(context, out),
            EditorInput::Decided(decision) => {
                self.decision = Some(decision);
                self.saved = Saved::Saving;
                out.push(EditorEffect::CatchUp);
            }
            EditorInput::CaughtUp(result) => {
                if let Some(decision) = self.decision.take() {
                    match result {
                        Ok(()) => self.carry_out(decision, context, out),
                        Err(why) => self.fail(why, Some(SaveRecovery::Decide)),
                    }
                }
            }
            EditorInput::Recorded => {
                if !self.is_unsaved() {
                    self.base = context.recorded();
                    self.draft.clone_from(&self.base);
                }
            }
            EditorInput::Found(Unsaved { text, why, recovery, entry }) => {
                self = self.with_draft(text, Some(why), recovery, entry);
                if let Some((entry, text)) = self.refused() {
                    out.push(EditorEffect::Watch { entry, text: text.to_owned() });
                }
            }
            EditorInput::Answered { entry, sent, refusal } => {
                let is_last = self.sending.is_none_or(|last| last == entry);
                if is_last {
                    self.sending = None;
                }
                match refusal {
                    None => self.recorded(entry, sent, context),
                    // Later text is on its way, and its answer counts.
                    Some(_) if !is_last => out.push(EditorEffect::Discard(entry)),
                    Some((why, recovery)) => {
                        self.refuse(entry, sent, context, out);
                        self.fail(why, recovery);
                    }
                }
            }
            EditorInput::Removed => self.remove(context, out),
        }
        (self, effects)
    }

    /// Stores a keystroke or a choice. Prose is saved after a pause in typing, a choice sooner.
    fn typed(&mut self, text: String, context: &EditorContext<'_>, out: &mut Vec<EditorEffect>) {
        self.draft = text;
        self.store(context, out);
        // The text has changed since the failure, and losing the focus sends it.
        if self.recovery != Some(SaveRecovery::Decide) {
            self.recovery = None;
        }
        match self.kind {
            ValueKind::Prose => out.push(EditorEffect::StartTimer(PROSE_PAUSE)),
            ValueKind::Condition => out.push(EditorEffect::StartTimer(CHOICE_PAUSE)),
            ValueKind::Section | ValueKind::Person => self.save(context, out),
            _ => out.push(EditorEffect::StopTimer),
        }
    }

    /// Saves the draft, if it differs from the recorded value.
    fn save(&mut self, context: &EditorContext<'_>, out: &mut Vec<EditorEffect>) {
        out.push(EditorEffect::StopTimer);
        // After a conflict the person chooses by a button; another save would remove the buttons.
        if self.recovery == Some(SaveRecovery::Decide) {
            return;
        }
        match self.next(context) {
            Next::Nothing => {
                self.forget(out);
                self.base = context.recorded();
                self.recovery = None;
                if self.has_failed() {
                    self.saved = Saved::Untouched;
                }
            }
            Next::Send(draft) => {
                self.base.clone_from(&draft.text);
                self.saved = Saved::Saving;
                self.send(draft, context, out);
            }
            Next::Fail(why, recovery) => self.fail(why, recovery),
        }
    }

    /// Sends the draft. Text typed from now on belongs to a new entry.
    fn send(
        &mut self,
        ParsedDraft { value, text }: ParsedDraft,
        context: &EditorContext<'_>,
        out: &mut Vec<EditorEffect>,
    ) {
        let entry = self.entry.take().unwrap_or(context.new_entry);
        self.refused = None;
        self.sending = Some(entry);
        out.push(EditorEffect::Send { entry, value, text });
    }

    /// Handles a save that the server recorded.
    fn recorded(&mut self, entry: Uuid, sent: String, context: &EditorContext<'_>) {
        let rests =
            self.draft == sent || (context.read)(&self.draft).is_ok_and(|draft| draft.text == sent);
        if self.entry == Some(entry) {
            self.entry = None;
            self.refused = None;
            self.base = sent;
        }
        self.recovery = None;
        self.saved = if rests { Saved::Saved } else { Saved::Saving };
    }

    /// Handles a save that the server refused.
    fn refuse(
        &mut self,
        entry: Uuid,
        sent: String,
        context: &EditorContext<'_>,
        out: &mut Vec<EditorEffect>,
    ) {
        match self.entry {
            // Other text was typed meanwhile, and replaces the refused text.
            Some(newer) if newer != entry => out.push(EditorEffect::Discard(entry)),
            _ => {
                self.entry = Some(entry);
                self.refused = Some(sent);
            }
        }
        self.base = context.recorded();
    }

    /// Restores the recorded value and discards the draft.
    fn restore(&mut self, context: &EditorContext<'_>, out: &mut Vec<EditorEffect>) {
        out.push(EditorEffect::StopTimer);
        self.forget(out);
        self.base = context.recorded();
        self.draft.clone_from(&self.base);
        self.recovery = None;
        self.saved = Saved::Untouched;
    }

    /// Carries out a decision, once others' changes are loaded.
    fn carry_out(
        &mut self,
        decision: Decision,
        context: &EditorContext<'_>,
        out: &mut Vec<EditorEffect>,
    ) {
        match decision {
            Decision::Theirs => self.restore(context, out),
            Decision::Mine => {
                self.base = context.recorded();
                self.recovery = None;
                self.saved = Saved::Saved;
                self.save(context, out);
            }
            Decision::Both => {
                let theirs = context.recorded();
                let apart = if self.kind == ValueKind::Prose { "\n\n" } else { " / " };
                self.draft = format!("{}{apart}{theirs}", self.draft);
                self.base = theirs;
                self.recovery = None;
                self.saved = Saved::Untouched;
                self.store(context, out);
            }
        }
    }

    /// Stores the draft in the outbox until it is sent or discarded.
    fn store(&mut self, context: &EditorContext<'_>, out: &mut Vec<EditorEffect>) {
        if !self.is_unsaved() {
            return self.forget(out);
        }
        // A refused entry may have reached the server, so new text gets a new entry.
        if self.refused.is_some() {
            self.forget(out);
        }
        let entry = *self.entry.get_or_insert(context.new_entry);
        out.push(EditorEffect::Store { entry, text: self.draft.clone() });
    }

    /// Removes the draft or the refused text from the outbox.
    fn forget(&mut self, out: &mut Vec<EditorEffect>) {
        self.refused = None;
        out.extend(self.entry.take().map(EditorEffect::Discard));
    }

    /// Sends or keeps the draft of a form that is being removed.
    fn remove(&mut self, context: &EditorContext<'_>, out: &mut Vec<EditorEffect>) {
        out.push(EditorEffect::StopTimer);
        if !self.is_unsaved() || context.recorded.is_none() {
            return self.forget(out);
        }
        let (why, recovery) = match &self.saved {
            Saved::Failed(why) => (why.clone(), self.recovery),
            _ => match self.next(context) {
                Next::Nothing => return self.forget(out),
                Next::Send(draft) => return self.send(draft, context, out),
                Next::Fail(why, recovery) => (why, recovery),
            },
        };
        let (text, entry) = (self.draft.clone(), self.entry);
        out.push(EditorEffect::Keep(Unsaved { text, why, recovery, entry }));
    }

    /// Prepares the save of the draft.
    fn next(&self, context: &EditorContext<'_>) -> Next {
        let draft = match (context.read)(&self.draft) {
            Ok(draft) => draft,
            Err(why) => return Next::Fail(why, None),
        };
        let recorded = context.recorded();
        if draft.text == recorded {
            Next::Nothing
        } else if self.base != recorded {
            Next::Fail((context.conflict)(), Some(SaveRecovery::Decide))
        } else {
            Next::Send(draft)
        }
    }

    fn fail(&mut self, why: String, recovery: Option<SaveRecovery>) {
        self.recovery = recovery;
        self.saved = Saved::Failed(why);
    }

    const fn has_failed(&self) -> bool {
        matches!(self.saved, Saved::Failed(_))
    }
}

#[cfg(test)]
mod tests;
