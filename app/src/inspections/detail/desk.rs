//! The inspection being worked on. Everything on its page reads it here, and everything that happens
//! to it goes through one queue: shown at once, sent one after the other, and then replaced by what
//! the server recorded.

use super::ask::Ask;
use crate::{
    error::AppError,
    inspections::{
        api::{self, Again, Opened},
        form::{DO, Deed, TARGET},
        target,
    },
    request_id,
    ui::Toasts,
};
use domain::{
    Action, Actor, Change, Denied, Inspection, InspectionId, Mutation, Person, Target, may,
};
use leptos::{ev, prelude::*, task::spawn_local};
use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use uuid::Uuid;

/// How often a request that never got through is sent again before its failure is shown.
const TRIES: u32 = 3;

/// Told how it went: the change that was recorded, or none where nothing changed.
pub(super) type Done = Box<dyn FnOnce(Result<Option<Change>, AppError>) + Send>;

/// What a page about one inspection stands on; cheap to copy, gone with its page.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// The inspection as shown: what is recorded and, on top, what is on its way.
    pub(super) inspection: RwSignal<Inspection>,
    /// Its latest changes, newest first.
    pub(super) changes: RwSignal<Vec<Change>>,
    /// Whether anything is on its way.
    pub(super) busy: RwSignal<bool>,
    /// What the dialog asks, and whether it is open.
    pub(super) asking: RwSignal<Option<Ask>>,
    pub(super) dialog: RwSignal<bool>,
    /// What is asked on the page itself, as its address says.
    pub(super) asked: RwSignal<Option<Ask>>,
    /// Where it says what was done.
    pub(super) toasts: Toasts,
    work: StoredValue<Queue>,
    page: StoredValue<Page>,
}

/// What does not change while the page is open.
struct Page {
    id: InspectionId,
    viewer: Actor,
    people: Vec<Person>,
    request: Uuid,
    again: Option<Again>,
    editing: Option<Target>,
}

/// Outlives the page, so that what was on its way still arrives.
#[derive(Clone)]
pub(super) struct Queue(Arc<Inner>);

struct Inner {
    id: InspectionId,
    inspection: ArcRwSignal<Inspection>,
    changes: ArcRwSignal<Vec<Change>>,
    busy: ArcRwSignal<bool>,
    state: Mutex<State>,
}

struct State {
    /// The inspection as recorded, as far as this page knows.
    recorded: Inspection,
    jobs: VecDeque<Job>,
    running: bool,
    /// Whether a request was lost after it may have been performed.
    unsure: bool,
}

enum Job {
    Perform { mutation: Mutation, done: Done },
    CatchUp { done: Done },
}

impl Desk {
    /// The page of what was opened; its address may say what is edited (`edit`) and what is asked
    /// (`ask`).
    pub(super) fn new(opened: Opened, edit: Option<&str>, ask: Option<&str>) -> Self {
        let Opened { inspection, changes, people, viewer, request, again, .. } = opened;
        let id = inspection.id;
        let refused = again.as_ref().and_then(refused);
        let asked = refused
            .map(|(deed, target)| Ask { deed, target })
            .filter(|ask| ask.deed != Deed::Edit)
            .or_else(|| Ask::parse(ask?));
        let editing = refused
            .filter(|(deed, _)| *deed == Deed::Edit)
            .map(|(_, target)| target)
            .or_else(|| target::parse(edit?));
        let inner = Inner {
            id,
            inspection: ArcRwSignal::new(inspection.clone()),
            changes: ArcRwSignal::new(changes),
            busy: ArcRwSignal::new(false),
            state: Mutex::new(State {
                recorded: inspection,
                jobs: VecDeque::new(),
                running: false,
                unsure: false,
            }),
        };
        Self {
            inspection: RwSignal::from(&inner.inspection),
            changes: RwSignal::from(&inner.changes),
            busy: RwSignal::from(&inner.busy),
            asking: RwSignal::new(None),
            dialog: RwSignal::new(false),
            asked: RwSignal::new(asked),
            toasts: expect_context(),
            work: StoredValue::new(Queue(Arc::new(inner))),
            page: StoredValue::new(Page { id, viewer, people, request, again, editing }),
        }
    }

    pub(super) fn id(self) -> InspectionId {
        self.page.with_value(|page| page.id)
    }

    /// Whom the inspection can be given to.
    pub(super) fn people(self) -> Vec<Person> {
        self.page.with_value(|page| page.people.clone())
    }

    /// The request id of the page's plain forms.
    pub(super) fn request(self) -> Uuid {
        self.page.with_value(|page| page.request)
    }

    /// The plain form that was refused, where that is why the page is shown.
    pub(super) fn again(self) -> Option<Again> {
        self.page.with_value(|page| page.again.clone())
    }

    /// The same, if that is what it asked for.
    pub(super) fn refused(self, deed: Deed, target: Target) -> Option<Again> {
        self.again().filter(|again| refused(again) == Some((deed, target)))
    }

    /// Whether the page was opened to edit this.
    pub(super) fn opened_to_edit(self, target: Target) -> bool {
        self.open_to_edit() && self.page.with_value(|page| page.editing == Some(target))
    }

    /// Asks in a dialog.
    pub(super) fn ask(self, ask: Ask) {
        self.asking.set(Some(ask));
        self.dialog.set(true);
    }

    /// Whether whoever looks may do this now.
    pub(super) fn may(self, action: Action) -> Result<(), Denied> {
        self.page.with_value(|page| {
            self.inspection.with(|inspection| may(&page.viewer, action, inspection))
        })
    }

    /// Whether its contents can be edited now.
    pub(super) fn open_to_edit(self) -> bool {
        self.may(Action::Edit).is_ok()
    }

    /// The queue itself, for what may outlive the page, such as an undo in a toast.
    pub(super) fn queue(self) -> Queue {
        self.work.get_value()
    }

    /// Performs a mutation: shown at once, unless it adds something that the server has to name.
    pub(super) fn perform(
        self,
        mutation: Mutation,
        done: impl FnOnce(Result<Option<Change>, AppError>) + Send + 'static,
    ) {
        self.queue().perform(mutation, Box::new(done));
    }

    /// Asks before the browser leaves the page while something is on its way.
    pub(super) fn hold_the_page(self) {
        Effect::new(move || {
            let listener = window_event_listener(ev::beforeunload, move |event| {
                if self.busy.get_untracked() {
                    event.prevent_default();
                }
            });
            on_cleanup(move || listener.remove());
        });
    }

    /// Fetches what was recorded since, by whoever.
    pub(super) fn catch_up(
        self,
        done: impl FnOnce(Result<Option<Change>, AppError>) + Send + 'static,
    ) {
        self.queue().push(Job::CatchUp { done: Box::new(done) });
    }
}

impl Queue {
    /// See [`Desk::perform`].
    pub(super) fn perform(&self, mutation: Mutation, done: Done) {
        let planned = self.0.inspection.with_untracked(|shown| shown.plan(&mutation));
        match planned {
            Err(refusal) => return done(Err(refusal.into())),
            // What was typed is what is shown; what is shown but not yet recorded is on its way.
            Ok(None) if !self.is_busy() => return done(Ok(None)),
            _ => {}
        }
        self.push(Job::Perform { mutation, done });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_busy(&self) -> bool {
        self.state().running
    }

    fn push(&self, job: Job) {
        let start = {
            let mut state = self.state();
            state.jobs.push_back(job);
            !std::mem::replace(&mut state.running, true)
        };
        self.show();
        if start {
            self.0.busy.set(true);
            spawn_local(self.clone().run());
        }
    }

    /// Shows what is recorded with what is on its way on top.
    fn show(&self) {
        let mut shown = self.state().recorded.clone();
        for job in &self.state().jobs {
            if let Job::Perform { mutation, .. } = job
                && !adds_unnamed(mutation)
                && let Ok(Some(record)) = shown.plan(mutation)
                && let Ok(mutation) = record.mutation()
            {
                shown.apply(&mutation);
            }
        }
        if self.0.inspection.with_untracked(|before| *before != shown) {
            self.0.inspection.set(shown);
        }
    }

    async fn run(self) {
        loop {
            let mutation = match self.state().jobs.front() {
                None => break,
                Some(Job::Perform { mutation, .. }) => Some(mutation.clone()),
                Some(Job::CatchUp { .. }) => None,
            };
            let result = match mutation {
                Some(mutation) => self.send(mutation).await,
                None => self.fetch().await.map(|()| None),
            };
            let job = self.state().jobs.pop_front();
            self.show();
            match job {
                Some(Job::Perform { done, .. } | Job::CatchUp { done }) => done(result),
                None => break,
            }
        }
        self.state().running = false;
        self.0.busy.set(false);
    }

    async fn send(&self, mutation: Mutation) -> Result<Option<Change>, AppError> {
        let unsure = self.state().unsure;
        if unsure {
            self.fetch().await?;
        }
        let planned = self.state().recorded.plan(&mutation)?;
        if planned.is_none() {
            return Ok(None);
        }
        let request = request_id::new();
        let mut tries = 0;
        loop {
            let expected = self.state().recorded.head;
            match api::perform(self.0.id, expected, request, mutation.clone()).await {
                Ok(news) => {
                    let own =
                        news.iter().rev().find(|change| change.request_id == request).cloned();
                    self.absorb(news)?;
                    return Ok(own);
                }
                Err(AppError::Offline) if tries < TRIES => {
                    tries += 1;
                    pause(Duration::from_secs(1 << tries)).await;
                }
                Err(error) => {
                    self.state().unsure |= error.is_passing();
                    return Err(error);
                }
            }
        }
    }

    async fn fetch(&self) -> Result<(), AppError> {
        let head = self.state().recorded.head;
        let news = api::news(self.0.id, head).await?;
        self.absorb(news)?;
        self.state().unsure = false;
        Ok(())
    }

    fn absorb(&self, news: Vec<Change>) -> Result<(), AppError> {
        let mut state = self.state();
        let news: Vec<_> =
            news.into_iter().filter(|change| change.id > state.recorded.head).collect();
        for change in &news {
            state.recorded.replay(change).map_err(|_| AppError::Internal)?;
        }
        drop(state);
        if !news.is_empty() {
            self.0.changes.update(|changes| {
                changes.splice(0..0, news.into_iter().rev());
            });
        }
        Ok(())
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

/// What a refused form wanted to do, and to what.
fn refused(again: &Again) -> Option<(Deed, Target)> {
    let deed = Deed::parse(again.typed.get(DO)?)?;
    let target = again.typed.get(TARGET).and_then(|slug| target::parse(slug));
    Some((deed, target.unwrap_or(Target::Inspection)))
}

/// Whether the mutation adds something that has no id before the server gives it one.
fn adds_unnamed(mutation: &Mutation) -> bool {
    match mutation {
        Mutation::AddSection { section, .. } => section.id.0 == 0,
        Mutation::AddEquipment { equipment } => equipment.id.0 == 0,
        Mutation::AddPhoto { photo } => photo.id.0 == 0,
        _ => false,
    }
}

/// Waits in the browser.
async fn pause(time: Duration) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let Some(window) = web_sys::window() else { return };
        let millis = i32::try_from(time.as_millis()).unwrap_or(i32::MAX);
        drop(window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis));
    });
    drop(wasm_bindgen_futures::JsFuture::from(promise).await);
}
