//! State of the dashboard as a state machine without I/O: the reviewer's actions, the entries that
//! they remove, and the requests for the page.
//!
//! [`DashboardModel::step`] takes a [`DashboardInput`] and returns the [`DashboardEffect`]s that its
//! caller carries out. Its rules: actions are sent one at a time, in their order, so that undo
//! always applies to the last one; an entry that an action removed does not come back with a page
//! that was requested earlier; new changes are announced and loaded on request only.

mod undo_stack;

use crate::error::AppError;
use domain::{
    feed::{ChangeFilter, EntryKey, ReviewState},
    id::ChangeId,
    view::{Form, Outcome},
};
use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};
use undo_stack::{UndoStack, Undoable};

/// Delay within which several announcements cause one reload.
const TOGETHER: Duration = Duration::from_millis(150);
/// Minimum interval between reloads for announcements, because the page is expensive to compute.
const APART: Duration = Duration::from_secs(1);

/// State of the dashboard, as far as requests and actions change it.
#[derive(Clone, Debug, Default)]
pub(super) struct DashboardModel {
    /// Filter in the address; `None` before the page has read it.
    filter: Option<ChangeFilter>,
    /// Query of the page that is being read and the newest change of that page. Later changes are
    /// only announced.
    pinned: Option<(String, ChangeId)>,
    /// Entries of the page that is shown.
    shown: Vec<EntryKey>,
    /// Newest change of the page that is shown.
    newest: Option<ChangeId>,
    /// Number of the last request for a page.
    round: u32,
    /// Entries being removed from the page. Once the server has confirmed it, also the first
    /// request whose page no longer contains them.
    leaving: BTreeMap<EntryKey, Option<u32>>,
    /// Actions that wait for the running one.
    waiting: VecDeque<Job>,
    /// The action that is being sent.
    running: Option<Act>,
    /// Actions of the last seconds that can be undone.
    undoable: UndoStack,
    /// Number of the last action.
    last_act: u32,
    /// Time of the last reload for an announcement, in milliseconds.
    reloaded: f64,
    /// Whether a reload for an announcement is scheduled.
    is_reload_due: bool,
}

/// An action that waits for its turn.
#[derive(Clone, Debug)]
enum Job {
    Act(Act),
    /// Undo the action that is the last one when this has its turn.
    Undo,
}

/// An action of the reviewer.
#[derive(Clone, Debug)]
struct Act {
    id: u32,
    form: Form,
    /// Query of the filter that it was made with.
    query: String,
    /// Form on the page that it was sent with, if any.
    submit: Option<SubmitOrigin>,
    /// Entries that it removes from the page.
    removes: Vec<EntryKey>,
    /// Action that it undoes.
    undoes: Option<Undoable>,
}

/// Form on the page that an action was sent with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SubmitOrigin {
    /// Id of the field whose text it sends.
    pub(super) field: Option<String>,
    /// Whether it is the form of the selection.
    pub(super) is_selection: bool,
}

/// Input of the state machine. Times are in milliseconds since 1970.
#[derive(Clone, Debug)]
pub(super) enum DashboardInput {
    /// The filter in the address.
    Filtered(ChangeFilter),
    /// A page is requested; its number is [`DashboardModel::round`].
    PageRequested,
    /// A page is shown.
    PageShown {
        query: String,
        /// Number of its request.
        round: u32,
        newest: Option<ChangeId>,
        entries: Vec<EntryKey>,
    },
    /// The server announced a change: this one, or one that it did not name.
    Announced { newest: Option<ChangeId>, now: f64 },
    /// The time of [`DashboardEffect::RefreshAfter`] has passed.
    ReloadDue { now: f64 },
    /// The reviewer asked for the new changes.
    NewsRequested,
    /// The reviewer sent a form. Its number is the [`DashboardModel::next_act`] from before.
    Acted { form: Form, submit: Option<SubmitOrigin>, now: f64 },
    /// The reviewer asked to undo the last action.
    UndoRequested { now: f64 },
    /// The reviewer asked to undo the action of this form.
    UndoChosen { form: Form, now: f64 },
    /// The server answered the running action.
    Answered { result: Result<Outcome, AppError>, now: f64 },
}

/// Output of the state machine, to be carried out by its caller in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DashboardEffect {
    /// Send an action, and pass its answer as [`DashboardInput::Answered`].
    Send { query: String, form: Form },
    /// Move the focus away from entries that are removed: now, or once that has happened.
    PassFocus { going: Vec<EntryKey>, at_once: bool },
    /// Move the focus if its element was removed.
    SettleFocus,
    /// Show the page without [`DashboardModel::leaving`].
    ShowEntries,
    /// Show whether the page is [pinned](DashboardModel::pinned).
    ShowPinned,
    /// No longer select all matching changes.
    DeselectAll,
    /// Show this result in the banner, or nothing.
    Say(Option<Result<Outcome, AppError>>),
    /// Show this error at the field of that id, or none.
    ShowFieldError(Option<(String, AppError)>),
    /// The form of this action was answered: whether the request arrived, and whether everything
    /// was done that it asked for.
    FormAnswered { act: u32, arrived: bool, through: bool },
    /// Show a toast with a button that undoes an action.
    ToastUndo { says: String, form: Form },
    /// Show a toast in place of the last one.
    Toast(String),
    /// Show a toast beside the one with the undo button.
    ToastBesides(String),
    /// Reload the parts of the page that count changes.
    Recount,
    /// Request the page again.
    Refresh,
    /// Send [`DashboardInput::ReloadDue`] after this time.
    RefreshAfter(Duration),
}

impl DashboardModel {
    /// Returns the number of the last request for a page.
    pub(super) const fn round(&self) -> u32 {
        self.round
    }

    /// Returns the number of the next action.
    pub(super) const fn next_act(&self) -> u32 {
        self.last_act + 1
    }

    /// Returns the last change that a page of this query covers, while it is being read.
    pub(super) fn last_of(&self, query: &str) -> Option<ChangeId> {
        self.pinned.as_ref().filter(|(pinned, _)| pinned == query).map(|(_, last)| *last)
    }

    /// Returns the query of the page that is being read.
    pub(super) fn pinned(&self) -> Option<&str> {
        self.pinned.as_ref().map(|(query, _)| query.as_str())
    }

    /// Returns the entries that are being removed from the page.
    pub(super) fn leaving(&self) -> impl Iterator<Item = EntryKey> {
        self.leaving.keys().copied()
    }

    /// Processes an input and returns the new state with the effects to carry out.
    #[must_use]
    pub(super) fn step(mut self, input: DashboardInput) -> (Self, Vec<DashboardEffect>) {
        let mut effects = Vec::new();
        let out = &mut effects;
        match input {
            DashboardInput::Filtered(filter) => {
                // A different filter resets the selection and the message.
                if self.filter.as_ref().is_some_and(|before| *before != filter) {
                    out.push(DashboardEffect::DeselectAll);
                    out.push(DashboardEffect::Say(None));
                }
                self.filter = Some(filter);
            }
            DashboardInput::PageRequested => self.round += 1,
            DashboardInput::PageShown { query, round, newest, entries } => {
                self.leaving.retain(|_, known| known.is_none_or(|known| round < known));
                self.pinned = newest.map(|newest| (query, newest));
                self.newest = newest;
                self.shown = entries;
                out.push(DashboardEffect::ShowEntries);
                out.push(DashboardEffect::ShowPinned);
            }
            DashboardInput::Announced { newest, now } => {
                let is_new = newest.is_none_or(|newest| self.newest < Some(newest));
                if is_new && !std::mem::replace(&mut self.is_reload_due, true) {
                    // Limits the delay when the clock was set back.
                    let since = (now - self.reloaded).clamp(0.0, 1e6);
                    let since = Duration::from_secs_f64(since / 1_000.0);
                    let wait = APART.saturating_sub(since).max(TOGETHER);
                    out.push(DashboardEffect::RefreshAfter(wait));
                }
            }
            DashboardInput::ReloadDue { now } => {
                self.is_reload_due = false;
                self.reloaded = now;
                out.push(DashboardEffect::Refresh);
            }
            DashboardInput::NewsRequested => {
                self.pinned = None;
                out.push(DashboardEffect::ShowPinned);
                out.push(DashboardEffect::Recount);
                out.push(DashboardEffect::Refresh);
            }
            DashboardInput::Acted { form, submit, now } => {
                let act = self.begin(form, submit, None, out);
                self.waiting.push_back(Job::Act(act));
                self.send_next(now, out);
            }
            DashboardInput::UndoRequested { now } => {
                self.waiting.push_back(Job::Undo);
                self.send_next(now, out);
            }
            DashboardInput::UndoChosen { form, now } => {
                let act = self.begin_undo(form, out);
                self.waiting.push_back(Job::Act(act));
                self.send_next(now, out);
            }
            DashboardInput::Answered { result, now } => {
                if let Some(act) = self.running.take() {
                    self.answered(act, result, now, out);
                    self.send_next(now, out);
                }
            }
        }
        (self, effects)
    }

    /// Shows an action before it is sent. A single entry is removed from the page at once, and comes
    /// back if the server refuses; other entries go with the answer.
    fn begin(
        &mut self,
        form: Form,
        submit: Option<SubmitOrigin>,
        undoes: Option<Undoable>,
        out: &mut Vec<DashboardEffect>,
    ) -> Act {
        let removes = self.removed_by(&form);
        let at_once = submit.as_ref().is_some_and(|it| !it.is_selection && it.field.is_none());
        out.push(DashboardEffect::PassFocus { going: removes.clone(), at_once });
        if at_once {
            for key in &removes {
                self.leaving.entry(*key).or_default();
            }
            out.push(DashboardEffect::ShowEntries);
        }
        out.push(DashboardEffect::Say(None));
        out.push(DashboardEffect::ShowFieldError(None));
        self.last_act += 1;
        let query = self.filter.as_ref().map(ChangeFilter::to_query).unwrap_or_default();
        Act { id: self.last_act, form, query, submit, removes, undoes }
    }

    fn begin_undo(&mut self, form: Form, out: &mut Vec<DashboardEffect>) -> Act {
        // If it has expired, the entries that it removed are not known.
        let undoable = self.undoable.take(&form).unwrap_or_else(|| {
            let removed = self.leaving.keys().copied().collect();
            Undoable { form: form.clone(), at: 0.0, removed }
        });
        self.begin(form, None, Some(undoable), out)
    }

    /// Sends the next action, unless one is being sent.
    fn send_next(&mut self, now: f64, out: &mut Vec<DashboardEffect>) {
        while self.running.is_none() {
            let act = match self.waiting.pop_front() {
                None => return,
                Some(Job::Act(act)) => act,
                Some(Job::Undo) => match self.undoable.last(now) {
                    Some((form, _)) => self.begin_undo(form, out),
                    None => {
                        out.push(DashboardEffect::Toast("Nothing to undo.".into()));
                        continue;
                    }
                },
            };
            out.push(DashboardEffect::Send { query: act.query.clone(), form: act.form.clone() });
            self.running = Some(act);
        }
    }

    /// Handles the answer to an action. Typed text and the selection stay unless everything was
    /// done.
    fn answered(
        &mut self,
        act: Act,
        result: Result<Outcome, AppError>,
        now: f64,
        out: &mut Vec<DashboardEffect>,
    ) {
        let Act { id, submit, removes, undoes, .. } = act;
        let through = result.as_ref().is_ok_and(Outcome::is_through);
        if submit.is_some() {
            out.push(DashboardEffect::FormAnswered { act: id, arrived: result.is_ok(), through });
        }
        if through && submit.as_ref().is_some_and(|submit| submit.is_selection) {
            out.push(DashboardEffect::DeselectAll);
        }
        match result {
            Ok(Outcome { says, undo, .. }) if through => {
                let is_undoable = undo.is_some();
                if let Some(form) = undo {
                    self.undoable.push(Undoable { form, at: now, removed: removes.clone() });
                }
                self.tell(says, is_undoable, undoes.is_some(), now, out);
            }
            Err(error) => {
                if let Some(undoable) = undoes.clone() {
                    self.undoable.push(Undoable { at: now, ..undoable });
                }
                let field = submit.and_then(|submit| submit.field);
                out.push(match field.filter(|_| !error.is_about_session()) {
                    Some(field) => DashboardEffect::ShowFieldError(Some((field, error))),
                    None => DashboardEffect::Say(Some(Err(error))),
                });
            }
            result => out.push(DashboardEffect::Say(Some(result))),
        }
        let next = self.round + 1;
        match undoes {
            // An earlier action may have removed an entry already.
            _ if !through => {
                self.leaving.retain(|key, known| known.is_some() || !removes.contains(key));
            }
            // A further action may be removing an entry again.
            Some(Undoable { removed, .. }) => {
                self.leaving.retain(|key, known| known.is_none() || !removed.contains(key));
            }
            None => self.leaving.extend(removes.into_iter().map(|key| (key, Some(next)))),
        }
        out.push(DashboardEffect::ShowEntries);
        out.push(DashboardEffect::SettleFocus);
        out.push(DashboardEffect::Recount);
        out.push(DashboardEffect::Refresh);
    }

    /// Reports the outcome, and offers to undo this action or the one before it.
    fn tell(
        &mut self,
        says: String,
        is_undoable: bool,
        undoes: bool,
        now: f64,
        out: &mut Vec<DashboardEffect>,
    ) {
        out.push(match self.undoable.last(now).filter(|_| is_undoable || undoes) {
            Some((form, others)) => {
                let more = match others + usize::from(undoes) {
                    0 => String::new(),
                    more => format!(" {more} more can be undone."),
                };
                DashboardEffect::ToastUndo { says: says + &more, form }
            }
            None if undoes => DashboardEffect::Toast(says),
            // The previous action can still be undone.
            None => DashboardEffect::ToastBesides(says),
        });
    }

    /// Returns the entries of the page that no longer match once an action is done.
    fn removed_by(&self, form: &Form) -> Vec<EntryKey> {
        let get = |name: &str| form.iter().find(|(it, _)| it == name).map(|(_, value)| value);
        let to = get("do").and_then(|to| to.parse::<ReviewState>().ok());
        let states = self.filter.as_ref().map(|filter| &filter.states[..]).unwrap_or_default();
        if !to.is_some_and(|to| !states.is_empty() && !states.contains(&to)) {
            return Vec::new();
        }
        let all = get("all").is_some();
        let is_named = |key: EntryKey| {
            all || form.iter().any(|(name, value)| name == "entry" && *value == key.to_string())
        };
        self.shown.iter().copied().filter(|key| is_named(*key)).collect()
    }
}

#[cfg(test)]
mod tests;
