//! State shared by the parts of the dashboard: the page shown, and the reviewer's actions on it.

use super::{
    api::act,
    focus::{self, PendingFocus},
    form::PendingSubmit,
    undo::Undoable,
};
use crate::{error::AppError, live::ConnectionState, ui::Toasts, wire::Fetched};
use domain::{
    feed::{ChangeFilter, ChangeRow, Entry, EntryKey, ReviewState},
    id::ChangeId,
    view::{ChangesView, Confirm, Form, Outcome},
};
use futures::lock::Mutex;
use leptos::{prelude::*, task::spawn_local};
use std::{collections::BTreeMap, sync::Arc};

/// Last page that arrived; it stays while the next one is loading.
pub(super) type DashboardData = Memo<Option<Arc<ChangesView>>>;

/// Newest change shown while the page is being read. Later changes are only announced, and loaded
/// on request. It applies to one query.
#[derive(Clone, Copy, Default)]
pub(super) struct Pinned(RwSignal<Option<(String, ChangeId)>>);

impl Pinned {
    /// Returns the last change covered by the page of this query, if it is pinned.
    pub(super) fn of(self, query: &str) -> Option<ChangeId> {
        let pinned = self.0.try_get_untracked().flatten()?;
        (pinned.0 == query).then_some(pinned.1)
    }
}

/// Sequence numbers of the page requests. They tell whether a page was requested before an action,
/// because such an answer must not bring back the entries that the action removed.
#[derive(Clone, Copy, Default)]
pub(super) struct Rounds(StoredValue<u32>);

impl Rounds {
    /// Counts a new request and returns its number; 0 on the server.
    pub(super) fn begin(self) -> u32 {
        if is_server() {
            return 0;
        }
        self.0.try_update_value(|last| *last += 1);
        self.last()
    }

    /// Returns the number of the last request.
    fn last(self) -> u32 {
        self.0.try_get_value().unwrap_or_default()
    }
}

/// State of the dashboard.
#[derive(Clone, Copy)]
pub(super) struct DashboardState {
    /// Filter in the address.
    pub(super) filter: Memo<ChangeFilter>,
    /// Page that is shown.
    pub(super) found: DashboardData,
    /// Number of selected entries on the page.
    pub(super) selected: RwSignal<usize>,
    /// Whether all matching changes are selected instead.
    pub(super) all: RwSignal<bool>,
    /// Result of the last action, when a toast is not enough.
    pub(super) said: RwSignal<Option<Result<Outcome, AppError>>>,
    /// Error about the text in the field of that id.
    pub(super) wrong: RwSignal<Option<(String, AppError)>>,
    /// Pending move of the focus.
    pub(super) lost: StoredValue<PendingFocus>,
    /// State of the live connection.
    pub(super) link: RwSignal<ConnectionState>,
    /// Number of the reviewer's actions that affect other parts of the page.
    pub(super) done: RwSignal<u32>,
    answer: Fetched<Result<ChangesView, AppError>>,
    pinned: Pinned,
    rounds: Rounds,
    /// Entries being removed from the page. Once the server has confirmed it, also the first
    /// request whose page no longer contains them.
    leaving: RwSignal<BTreeMap<EntryKey, Option<u32>>>,
    /// Lock that serialises actions, so that undo always applies to the last one.
    queue: StoredValue<Arc<Mutex<()>>>,
    undoable: Undoable,
    toasts: Toasts,
}

impl DashboardState {
    pub(super) fn new(
        answer: Fetched<Result<ChangesView, AppError>>,
        pinned: Pinned,
        rounds: Rounds,
        found: DashboardData,
        filter: Memo<ChangeFilter>,
        said: Option<Result<Outcome, AppError>>,
    ) -> Self {
        let dashboard = Self {
            filter,
            found,
            selected: RwSignal::new(0),
            all: RwSignal::new(false),
            said: RwSignal::new(said),
            wrong: RwSignal::new(None),
            lost: StoredValue::default(),
            link: RwSignal::new(ConnectionState::Live),
            done: RwSignal::new(0),
            answer,
            pinned,
            rounds,
            leaving: RwSignal::default(),
            queue: StoredValue::default(),
            undoable: Undoable::default(),
            toasts: expect_context::<Toasts>().one_at_a_time("changes"),
        };
        // A different filter resets the selection and the message.
        Effect::new(move |ran: Option<ChangeFilter>| {
            let now = filter.get();
            if ran.as_ref().is_some_and(|before| *before != now) {
                dashboard.all.set(false);
                dashboard.said.set(None);
            }
            now
        });
        Effect::new(move || {
            let shown = found.with(|found| {
                let found = found.as_ref()?;
                dashboard.leaving.update(|all| {
                    all.retain(|_, known| known.is_none_or(|known| found.round < known));
                });
                Some((found.query.clone(), found.page.newest?))
            });
            pinned.0.set(shown);
        });
        dashboard
    }

    /// Returns the entries to show: those of the page without those being removed.
    pub(super) fn entries(self) -> Vec<Entry> {
        let leaving = self.leaving.get();
        self.found.with(|found| {
            let entries = found.iter().flat_map(|found| &found.page.entries);
            entries.filter(|entry| !leaving.contains_key(&entry.key)).cloned().collect()
        })
    }

    /// Returns whether the page is being read, so that nothing on it may move.
    pub(super) fn is_pinned(self) -> bool {
        self.pinned.0.with(|pinned| {
            let query = pinned.as_ref().map(|(query, _)| query);
            self.found.with(|found| query.is_some() && query == found.as_ref().map(|it| &it.query))
        })
    }

    /// Returns the rows of the page by change.
    pub(super) fn rows(self) -> Memo<BTreeMap<ChangeId, ChangeRow>> {
        let found = self.found;
        Memo::new(move |_| {
            found.with(|found| {
                let rows = found.iter().flat_map(|found| found.page.rows());
                rows.map(|row| (row.change.id, row.clone())).collect()
            })
        })
    }

    /// Returns the newest change the reviewer could know of.
    pub(super) fn newest(self) -> ChangeId {
        let newest = self.found.with(|found| found.as_ref().and_then(|it| it.page.newest));
        newest.unwrap_or(ChangeId(0))
    }

    /// Reloads the page.
    pub(super) fn refresh(self) {
        self.answer.refetch();
    }

    /// Loads new changes.
    pub(super) fn bring_in(self) {
        self.pinned.0.set(None);
        self.done.update(|done| *done += 1);
        self.refresh();
    }

    /// Returns whether anything is selected.
    pub(super) fn any_selected(self) -> bool {
        self.all.get() || self.selected.get() > 0
    }

    /// Returns the error about the text in the field of that id, to show beside it.
    pub(super) fn wrong_with(self, id: String) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.wrong.with(|wrong| {
                let (_, error) = wrong.as_ref().filter(|(field, _)| *field == id)?;
                Some(error.to_string())
            })
        })
    }

    /// Reports that an entry is already in that state, because nothing is changed then.
    pub(super) fn say_so_already(self, state: ReviewState) {
        let says = format!("Already {}.", state.label().to_lowercase());
        self.besides().say(says);
    }

    /// Returns toasts that do not replace the one with the undo button.
    fn besides(self) -> Toasts {
        self.toasts.one_at_a_time("changes, besides")
    }

    /// Returns whether an entry is being removed.
    pub(super) fn is_leaving(self, key: EntryKey) -> bool {
        self.leaving.with(|all| all.contains_key(&key))
    }

    /// Performs the action of a form. Entries that no longer match are removed; a single entry is
    /// removed optimistically and restored if the server refuses. Counts follow with the server's
    /// answer. Typed text and the selection are kept until the whole action has succeeded.
    pub(super) fn act(self, form: Form, sent: Option<PendingSubmit>) {
        self.run(form, sent, false);
    }

    fn run(self, form: Form, sent: Option<PendingSubmit>, undoes: bool) {
        let leaving = self.leaves(&form);
        let at_once =
            sent.as_ref().is_some_and(|sent| !sent.is_selection() && sent.field().is_none());
        focus::pass_on(self, &leaving, at_once);
        if at_once {
            self.leaving.update(|all| all.extend(leaving.iter().map(|key| (*key, None))));
        }
        self.said.set(None);
        self.wrong.set(None);
        let query = self.filter.with_untracked(ChangeFilter::to_query);
        self.in_turn(async move {
            let answer = act(query, form.clone()).await;
            let through = answer.as_ref().is_ok_and(Outcome::is_through);
            if let Some(sent) = &sent {
                sent.answered(answer.is_ok(), through);
            }
            if through && sent.as_ref().is_some_and(PendingSubmit::is_selection) {
                self.all.set(false);
            }
            match answer {
                Ok(outcome) if through => self.tell(outcome, undoes),
                Err(error) => {
                    if undoes {
                        self.undoable.add(form);
                    }
                    let field = sent.and_then(|sent| sent.field());
                    match field.filter(|_| !error.is_about_session()) {
                        Some(field) => self.wrong.set(Some((field, error))),
                        None => self.said.set(Some(Err(error))),
                    }
                }
                answer => self.said.set(Some(answer)),
            }
            let next = self.rounds.last() + 1;
            self.leaving.update(|all| match through {
                true if undoes => all.retain(|_, known| known.is_none()),
                true => all.extend(leaving.into_iter().map(|key| (key, Some(next)))),
                false => all.retain(|key, _| !leaving.contains(key)),
            });
            focus::end(self);
            self.done.update(|done| *done += 1);
            self.refresh();
        });
    }

    /// Reports the outcome, and offers to undo this action or the one before it.
    fn tell(self, Outcome { says, undo, .. }: Outcome, undoes: bool) {
        let is_undoable = undo.is_some();
        if let Some(undo) = undo {
            self.undoable.add(undo);
        }
        match self.undoable.last().filter(|_| is_undoable || undoes) {
            Some((form, others)) => {
                let more = others + usize::from(undoes);
                let more =
                    if more > 0 { format!(" {more} more can be undone.") } else { String::new() };
                self.toasts.undoable(says + &more, move || self.undo_of(form.clone()));
            }
            None if undoes => self.toasts.say(says),
            // The previous action can still be undone.
            None => self.besides().say(says),
        }
    }

    fn in_turn(self, act: impl Future<Output = ()> + 'static) {
        let queue = self.queue.get_value();
        spawn_local(async move {
            let _turn = queue.lock().await;
            act.await;
        });
    }

    /// Undoes the last action, once all earlier requests are finished.
    pub(super) fn undo(self) {
        self.in_turn(async move {
            match self.undoable.last() {
                Some((form, _)) => self.undo_of(form),
                None => self.toasts.say("Nothing to undo."),
            }
        });
    }

    /// Sends an undo request, even after the page was left.
    fn undo_of(self, form: Form) {
        if self.undoable.remove(&form) {
            return self.run(form, None, true);
        }
        spawn_local(async move {
            match act(String::new(), form).await {
                Ok(outcome) => self.toasts.say(outcome.says),
                Err(error) => self.toasts.wrong(error.to_string()),
            }
        });
    }

    /// Performs the confirmed action.
    pub(super) fn confirm(self, confirm: Confirm) {
        let sent = PendingSubmit::of_selection(&confirm.form);
        self.act(confirm.form, sent);
    }

    /// Returns the entries that an action removes from the page.
    fn leaves(self, form: &Form) -> Vec<EntryKey> {
        let get = |name: &str| form.iter().find(|(it, _)| it == name).map(|(_, value)| value);
        let to = get("do").and_then(|to| to.parse::<ReviewState>().ok());
        let states = self.filter.with_untracked(|filter| filter.states.clone());
        if !to.is_some_and(|to| !states.is_empty() && !states.contains(&to)) {
            return Vec::new();
        }
        let all = get("all").is_some();
        let is_named = |key: EntryKey| {
            all || form.iter().any(|(name, value)| name == "entry" && *value == key.to_string())
        };
        self.found.with_untracked(|found| {
            let entries = found.iter().flat_map(|found| &found.page.entries);
            entries.map(|entry| entry.key).filter(|key| is_named(*key)).collect()
        })
    }
}
