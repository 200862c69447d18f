//! What the parts of the dashboard share: the page that is shown, and what the reviewer does with it.

use super::{
    act::{Confirm, Form, Outcome},
    api::{ChangesView, act},
    key::written,
    live::Link,
};
use crate::{error::AppError, ui::Toasts, wire::Fetched};
use domain::{ChangeFilter, ChangeId, ChangeRow, Entry, EntryKey, ReviewId, ReviewState};
use futures::lock::Mutex;
use leptos::{prelude::*, task::spawn_local};
use std::{collections::BTreeMap, sync::Arc};

/// The last page that arrived; it stays while the next is on its way.
pub(super) type Found = Memo<Option<Arc<ChangesView>>>;

/// Up to where a page is shown while it is read: what comes later is told of, and brought in when asked
/// for. It holds for one query; another is another page.
#[derive(Clone, Copy, Default)]
pub(super) struct Pinned(RwSignal<Option<(String, ChangeId)>>);

impl Pinned {
    /// The last change that the page of this query takes in, where it is pinned.
    pub(super) fn of(self, query: &str) -> Option<ChangeId> {
        let pinned = self.0.try_get_untracked().flatten()?;
        (pinned.0 == query).then_some(pinned.1)
    }
}

/// The dashboard.
#[derive(Clone, Copy)]
pub(super) struct Board {
    /// What the address asks for.
    pub(super) filter: Memo<ChangeFilter>,
    /// The page.
    pub(super) found: Found,
    /// How many entries are selected.
    pub(super) selected: RwSignal<usize>,
    /// Whether everything that matches is meant instead.
    pub(super) all: RwSignal<bool>,
    /// What came of the last act, where a toast does not do.
    pub(super) said: RwSignal<Option<Result<Outcome, AppError>>>,
    /// Whether what is new is told.
    pub(super) link: RwSignal<Link>,
    /// How often the reviewer did something by which other parts of the page are different.
    pub(super) done: RwSignal<u32>,
    answer: Fetched<Result<ChangesView, AppError>>,
    pinned: Pinned,
    /// Entries that are on their way out, and whether the server knows.
    leaving: RwSignal<BTreeMap<EntryKey, bool>>,
    /// Acts wait for each other, so that what is undone is what was done last.
    queue: StoredValue<Arc<Mutex<()>>>,
    last_review: StoredValue<Option<ReviewId>>,
    toasts: Toasts,
}

impl Board {
    pub(super) fn new(
        answer: Fetched<Result<ChangesView, AppError>>,
        pinned: Pinned,
        found: Found,
        filter: Memo<ChangeFilter>,
        said: Option<Result<Outcome, AppError>>,
    ) -> Self {
        let board = Self {
            filter,
            found,
            selected: RwSignal::new(0),
            all: RwSignal::new(false),
            said: RwSignal::new(said),
            link: RwSignal::new(Link::Live),
            done: RwSignal::new(0),
            answer,
            pinned,
            leaving: RwSignal::default(),
            queue: StoredValue::default(),
            last_review: StoredValue::new(None),
            toasts: expect_context(),
        };
        // Another filter is another page.
        Effect::new(move |ran: Option<ChangeFilter>| {
            let now = filter.get();
            if ran.as_ref().is_some_and(|before| *before != now) {
                board.selected.set(0);
                board.all.set(false);
                board.said.set(None);
            }
            now
        });
        Effect::new(move || {
            let shown = found.with(|found| {
                let found = found.as_ref()?;
                Some((found.query.clone(), found.page.newest?))
            });
            board.leaving.update(|all| all.retain(|_, known| !*known));
            pinned.0.set(shown);
        });
        board
    }

    /// The entries to be shown: those of the page but for those that leave.
    pub(super) fn entries(self) -> Vec<Entry> {
        let leaving = self.leaving.get();
        self.found.with(|found| {
            let entries = found.iter().flat_map(|found| &found.page.entries);
            entries.filter(|entry| !leaving.contains_key(&entry.key)).cloned().collect()
        })
    }

    /// Whether the page that is shown is being read, so that nothing on it may move.
    pub(super) fn is_pinned(self) -> bool {
        self.pinned.0.with(|pinned| {
            let query = pinned.as_ref().map(|(query, _)| query);
            self.found.with(|found| query.is_some() && query == found.as_ref().map(|it| &it.query))
        })
    }

    /// The rows of the page by their changes.
    pub(super) fn rows(self) -> Memo<BTreeMap<ChangeId, ChangeRow>> {
        let found = self.found;
        Memo::new(move |_| {
            found.with(|found| {
                let rows = found.iter().flat_map(|found| found.page.rows());
                rows.map(|row| (row.change.id, row.clone())).collect()
            })
        })
    }

    /// The newest change that the reviewer could know of.
    pub(super) fn newest(self) -> ChangeId {
        let newest = self.found.with(|found| found.as_ref().and_then(|it| it.page.newest));
        newest.unwrap_or(ChangeId(0))
    }

    /// Asks again for the page as it is by now.
    pub(super) fn refresh(self) {
        self.answer.refetch();
    }

    /// Shows what is new.
    pub(super) fn bring_in(self) {
        self.pinned.0.set(None);
        self.done.update(|done| *done += 1);
        self.refresh();
    }

    /// Does what a form asks for. What will no longer match goes at once, and comes back where it is
    /// refused; counts follow as soon as the server has them.
    pub(super) fn act(self, form: Form) {
        let leaving = self.leaves(&form);
        let undoes = form.iter().any(|(name, value)| name == "do" && value == "undo");
        self.leaving.update(|all| all.extend(leaving.iter().map(|key| (*key, false))));
        self.said.set(None);
        let query = self.filter.with_untracked(ChangeFilter::to_query);
        self.in_turn(async move {
            let known = match act(query, form).await {
                Ok(outcome) if outcome.confirm.is_some() || !outcome.refused.is_empty() => {
                    self.said.set(Some(Ok(outcome)));
                    false
                }
                Ok(outcome) => {
                    self.last_review.set_value(outcome.undo);
                    match outcome.undo {
                        Some(review) => {
                            self.toasts.undoable(outcome.says, move || self.undo_of(review));
                        }
                        None => self.toasts.say(outcome.says),
                    }
                    true
                }
                Err(error) => {
                    self.said.set(Some(Err(error)));
                    false
                }
            };
            self.leaving.update(|all| match known {
                true if undoes => all.retain(|_, known| !*known),
                true => all.extend(leaving.into_iter().map(|key| (key, true))),
                false => all.retain(|key, _| !leaving.contains(key)),
            });
            self.done.update(|done| *done += 1);
            self.refresh();
        });
    }

    fn in_turn(self, act: impl Future<Output = ()> + 'static) {
        let queue = self.queue.get_value();
        spawn_local(async move {
            let _turn = queue.lock().await;
            act.await;
        });
    }

    /// Takes the last review back, once what was done before is through.
    pub(super) fn undo(self) {
        self.in_turn(async move {
            match self.last_review.try_get_value().flatten() {
                Some(review) => self.undo_of(review),
                None => self.toasts.say("There is nothing to undo."),
            }
        });
    }

    /// Takes a review back, also after the page was left.
    fn undo_of(self, review: ReviewId) {
        let pair = |name: &str, value: String| (name.to_owned(), value);
        let form = vec![pair("do", "undo".into()), pair("review", review.to_string())];
        if self.last_review.try_get_value().is_some() {
            self.last_review.set_value(None);
            return self.act(form);
        }
        spawn_local(async move {
            match act(String::new(), form).await {
                Ok(outcome) => self.toasts.say(outcome.says),
                Err(error) => self.toasts.wrong(error.to_string()),
            }
        });
    }

    /// Does what was confirmed.
    pub(super) fn confirm(self, confirm: Confirm) {
        self.act(confirm.form);
    }

    /// The entries that an act takes out of what is shown.
    fn leaves(self, form: &Form) -> Vec<EntryKey> {
        let get = |name: &str| form.iter().find(|(it, _)| it == name).map(|(_, value)| value);
        let to = get("do").and_then(|to| to.parse::<ReviewState>().ok());
        let states = self.filter.with_untracked(|filter| filter.states.clone());
        if !to.is_some_and(|to| !states.is_empty() && !states.contains(&to)) || get("all").is_some()
        {
            return Vec::new();
        }
        let is_named = |key: EntryKey| {
            form.iter().any(|(name, value)| name == "entry" && *value == written(key))
        };
        self.found.with_untracked(|found| {
            let entries = found.iter().flat_map(|found| &found.page.entries);
            entries.map(|entry| entry.key).filter(|key| is_named(*key)).collect()
        })
    }
}
