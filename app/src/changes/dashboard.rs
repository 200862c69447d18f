//! State shared by the parts of the dashboard: the page shown, and the reviewer's actions on it.
//! Carries out the effects of its [`DashboardModel`].

use super::{
    api::act,
    dashboard_model::{DashboardEffect, DashboardInput, DashboardModel},
    focus::{self, PendingFocus},
    pending_submit::PendingSubmit,
};
use crate::effects::effect;
use crate::{error::AppError, live::ConnectionState, ui::Toasts, wire::Fetched};
use domain::{
    feed::{ChangeFilter, ChangeRow, Entry, EntryKey, ReviewState},
    id::ChangeId,
    view::{ChangesView, Confirm, Form, Outcome},
};
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Last page that arrived; it stays while the next one is loading.
pub(super) type DashboardData = Memo<Option<Arc<ChangesView>>>;

/// Model of the dashboard, shared with the requests for its page. An action that is being sent
/// keeps it, so that waiting actions are sent even after the page was left.
#[derive(Clone, Debug, Default)]
struct SharedModel(Arc<Mutex<DashboardModel>>);

impl SharedModel {
    fn lock(&self) -> MutexGuard<'_, DashboardModel> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn step(&self, input: DashboardInput) -> Vec<DashboardEffect> {
        let mut model = self.lock();
        let (next, effects) = std::mem::take(&mut *model).step(input);
        *model = next;
        effects
    }
}

/// Requests for the pages of the dashboard.
#[derive(Clone, Copy, Default)]
pub(super) struct PageRequests(StoredValue<SharedModel>);

impl PageRequests {
    /// Counts a new request for a page of this query. Returns its number, 0 on the server, and the
    /// last change that the page may cover, if it is being read.
    pub(super) fn begin(self, query: &str) -> (u32, Option<ChangeId>) {
        let Some(model) = self.0.try_get_value().filter(|_| !is_server()) else { return (0, None) };
        drop(model.step(DashboardInput::PageRequested));
        let model = model.lock();
        (model.round(), model.last_of(query))
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
    model: StoredValue<SharedModel>,
    /// Query of the page that is being read.
    pinned: RwSignal<Option<String>>,
    /// Entries being removed from the page.
    leaving: RwSignal<Vec<EntryKey>>,
    /// Forms on the page that are being sent, by the number of their action.
    submits: StoredValue<BTreeMap<u32, SendWrapper<PendingSubmit>>>,
    toasts: Toasts,
}

impl DashboardState {
    pub(super) fn new(
        answer: Fetched<Result<ChangesView, AppError>>,
        PageRequests(model): PageRequests,
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
            model,
            pinned: RwSignal::new(None),
            leaving: RwSignal::default(),
            submits: StoredValue::default(),
            toasts: expect_context::<Toasts>().one_at_a_time("changes"),
        };
        effect(move || dashboard.dispatch(DashboardInput::Filtered(filter.get())));
        effect(move || {
            let shown = found.with(|found| {
                let found = found.as_ref()?;
                Some(DashboardInput::PageShown {
                    query: found.query.clone(),
                    round: found.round,
                    newest: found.page.newest,
                    entries: found.page.entries.iter().map(|entry| entry.key).collect(),
                })
            });
            if let Some(shown) = shown {
                dashboard.dispatch(shown);
            }
        });
        dashboard
    }

    /// Returns the entries to show: those of the page without those being removed.
    pub(super) fn entries(self) -> Vec<Entry> {
        let leaving = self.leaving.get();
        self.found.with(|found| {
            let entries = found.iter().flat_map(|found| &found.page.entries);
            entries.filter(|entry| !leaving.contains(&entry.key)).cloned().collect()
        })
    }

    /// Returns whether the page is being read, so that nothing on it may move.
    pub(super) fn is_pinned(self) -> bool {
        self.pinned.with(|query| {
            let query = query.as_ref();
            self.found.with(|found| query.is_some() && query == found.as_ref().map(|it| &it.query))
        })
    }

    /// Returns the rows of the page.
    pub(super) fn rows(self) -> Memo<Vec<ChangeRow>> {
        let found = self.found;
        Memo::new(move |_| {
            found.with(|found| {
                let rows = found.iter().flat_map(|found| found.page.rows());
                rows.cloned().collect()
            })
        })
    }

    /// Returns the newest change the reviewer could know of.
    pub(super) fn newest(self) -> ChangeId {
        let newest = self.found.with(|found| found.as_ref().and_then(|it| it.page.newest));
        newest.unwrap_or(ChangeId(0))
    }

    /// Loads new changes.
    pub(super) fn bring_in(self) {
        self.dispatch(DashboardInput::NewsRequested);
    }

    /// Handles the announcement of a change: this one, or one that the server did not name.
    pub(super) fn announced(self, newest: Option<ChangeId>) {
        self.dispatch(DashboardInput::Announced { newest, now: now() });
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
        self.leaving.with(|all| all.contains(&key))
    }

    /// Performs the action of a form. Entries that no longer match are removed. Typed text and the
    /// selection are kept until the whole action has succeeded.
    pub(super) fn act(self, form: Form, sent: Option<PendingSubmit>) {
        let Some(model) = self.model.try_get_value() else { return };
        let submit = sent.as_ref().map(PendingSubmit::origin);
        if let Some(sent) = sent {
            let act = model.lock().next_act();
            self.submits.update_value(|all| drop(all.insert(act, SendWrapper::new(sent))));
        }
        self.dispatch(DashboardInput::Acted { form, submit, now: now() });
    }

    /// Performs the confirmed action.
    pub(super) fn confirm(self, confirm: Confirm) {
        let sent = PendingSubmit::of_selection(&confirm.form);
        self.act(confirm.form, sent);
    }

    /// Undoes the last action, once all earlier requests are finished.
    pub(super) fn undo(self) {
        self.dispatch(DashboardInput::UndoRequested { now: now() });
    }

    /// Undoes the action of this form, even after the page was left.
    fn undo_of(self, form: Form) {
        if self.model.try_get_value().is_some() {
            return self.dispatch(DashboardInput::UndoChosen { form, now: now() });
        }
        spawn_local(async move {
            match act(String::new(), form).await {
                Ok(outcome) => self.toasts.say(outcome.says),
                Err(error) => self.toasts.wrong(error.to_string()),
            }
        });
    }

    fn dispatch(self, input: DashboardInput) {
        if let Some(model) = self.model.try_get_value() {
            self.step(&model, input);
        }
    }

    /// Processes an input and carries out its effects, as far as the page still exists.
    fn step(self, model: &SharedModel, input: DashboardInput) {
        for effect in model.step(input) {
            self.carry_out(model, effect);
        }
    }

    fn carry_out(self, model: &SharedModel, effect: DashboardEffect) {
        match effect {
            DashboardEffect::Send { query, form } => {
                let model = model.clone();
                spawn_local(async move {
                    let result = act(query, form).await;
                    self.step(&model, DashboardInput::Answered { result, now: now() });
                });
            }
            DashboardEffect::PassFocus { going, at_once } => {
                focus::pass_on(self.lost, &going, at_once);
            }
            DashboardEffect::SettleFocus => focus::end(self.lost, self.selected),
            DashboardEffect::ShowEntries => {
                let leaving: Vec<_> = model.lock().leaving().collect();
                if self.leaving.try_with_untracked(|before| *before != leaving) == Some(true) {
                    self.leaving.set(leaving);
                }
            }
            DashboardEffect::ShowPinned => {
                let pinned = model.lock().pinned().map(str::to_owned);
                drop(self.pinned.try_set(pinned));
            }
            DashboardEffect::DeselectAll => drop(self.all.try_set(false)),
            DashboardEffect::Say(said) => drop(self.said.try_set(said)),
            DashboardEffect::ShowFieldError(error) => drop(self.wrong.try_set(error)),
            DashboardEffect::FormAnswered { act, arrived, through } => {
                let sent = self.submits.try_update_value(|all| all.remove(&act));
                if let Some(sent) = sent.flatten() {
                    sent.answered(arrived, through);
                }
            }
            DashboardEffect::ToastUndo { says, form } => {
                self.toasts.undoable(says, move || self.undo_of(form.clone()));
            }
            DashboardEffect::Toast(says) => self.toasts.say(says),
            DashboardEffect::ToastBesides(says) => self.besides().say(says),
            DashboardEffect::Recount => drop(self.done.try_update(|done| *done += 1)),
            DashboardEffect::Refresh => self.answer.refetch(),
            DashboardEffect::RefreshAfter(wait) => {
                set_timeout(move || self.dispatch(DashboardInput::ReloadDue { now: now() }), wait);
            }
        }
    }
}

/// Returns the time in milliseconds since 1970.
fn now() -> f64 {
    js_sys::Date::now()
}
