//! Event loop of the outbox on this page: carries out the effects that the state machine requests,
//! and notifies the code that submitted an entry.

mod adoption;
mod delivery;
mod storage;
mod subscribers;
mod summary;

pub(crate) use subscribers::{Observed, Outcome, forget, observe, release, watch};
pub(crate) use summary::{HeldEdit, held_edits};

use super::{
    js, locks,
    status::{SESSION, Status, has_network},
    work::{Item, Photo, Work},
    write_queue::WriteQueue,
};
use crate::{auth::current_user, form::Typed, request_id};
use adoption::OtherTabs;
use domain::{
    change::Mutation,
    id::{ChangeId, InspectionId, SectionId, UserId},
    outbox::{Effect, Event, Outbox, OutboxEntry, Stage},
};
use leptos::{prelude::*, task::spawn_local};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};
use subscribers::Subscribers;
use uuid::Uuid;
use web_sys::Blob;

thread_local! {
    static RUNNING: RefCell<Option<Running>> = const { RefCell::new(None) };
}

/// Mutation to submit.
pub(crate) struct Submission {
    pub(crate) id: Uuid,
    pub(crate) inspection: InspectionId,
    /// Newest change the form was based on.
    pub(crate) trunk: ChangeId,
    pub(crate) mutation: Mutation,
    /// Whether its form stays open until it is done and shows why it was refused.
    pub(crate) form_is_open: bool,
}

/// Destination and key of a photo.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PhotoPlace {
    /// Inspection it is attached to.
    pub(crate) inspection: InspectionId,
    /// Section it is attached to, if any.
    pub(crate) section: Option<SectionId>,
    /// Request id, shared by all photos chosen together.
    pub(crate) request: Uuid,
    /// Position among the photos chosen together, from 1. With the request id it is the key by which
    /// the server recognises a photo that was sent before.
    pub(crate) ordinal: i64,
}

/// The outbox of this page.
struct Running {
    /// `None` only while it processes an event.
    outbox: Option<Outbox<Item>>,
    writes: WriteQueue,
    status: RwSignal<Status>,
    /// Id of this page, in storage and among the browser's locks.
    tab: Uuid,
    subscribers: Subscribers,
    /// Photos that were chosen on this page.
    files: BTreeMap<Uuid, Blob>,
    other_tabs: OtherTabs,
}

/// Starts the outbox of a person on this page; later calls do nothing.
pub(crate) fn start(person: UserId, status: RwSignal<Status>) {
    if RUNNING.with_borrow(Option::is_some) {
        return;
    }
    let tab = request_id::new();
    locks::hold(tab);
    RUNNING.set(Some(Running {
        outbox: Some(Outbox::new(person)),
        writes: WriteQueue::default(),
        status,
        tab,
        subscribers: Subscribers::default(),
        files: BTreeMap::new(),
        other_tabs: OtherTabs::of(tab),
    }));
    // The listeners are never removed, because the outbox lives as long as the page.
    drop(window_event_listener_untyped("offline", |_| dispatch(Event::Unreachable)));
    drop(window_event_listener_untyped("online", |_| look_again(Event::Reachable)));
    // Another tab writes this key when a person signs in there.
    drop(window_event_listener_untyped("storage", |event| {
        let key = js::get(&event, "key").ok().and_then(|key| key.as_string());
        if key.as_deref() == Some(SESSION) {
            look_again(Event::SessionChanged);
        }
    }));
    drop(window_event_listener_untyped("visibilitychange", |_| {
        let hidden = js::get(&document(), "hidden").ok().and_then(|hidden| hidden.as_bool());
        if hidden != Some(true) {
            look_again(Event::Reachable);
        }
    }));
    if !has_network() {
        dispatch(Event::Unreachable);
    }
    spawn_local(adoption::adopt());
}

/// Stores a draft while it is being typed.
pub(crate) fn draft(id: Uuid, inspection: InspectionId, trunk: ChangeId, form: Typed) {
    put(id, inspection, trunk, Work::Form(form), false, Event::Drafted);
}

/// Sends a mutation as soon as possible and reports its outcome.
pub(crate) fn submit(submission: Submission, watch: impl Fn(&Outcome) + 'static) {
    let Submission { id, inspection, trunk, mutation, form_is_open } = submission;
    with(|running| running.subscribers.add(id, Rc::new(watch), None));
    put(id, inspection, trunk, Work::of(&mutation), form_is_open, Event::Submitted);
}

/// Attaches a photo as soon as possible and returns its entry's id. All photos of one request are
/// recorded together.
pub(crate) fn attach(
    place: PhotoPlace,
    name: String,
    file: Blob,
    progress: impl Fn(f64) + 'static,
    watch: impl Fn(&Outcome) + 'static,
) -> Uuid {
    let PhotoPlace { inspection, section, request, ordinal } = place;
    let id = request_id::new();
    let media_type = file.type_();
    with(|running| {
        running.files.insert(id, file);
        running.subscribers.add(id, Rc::new(watch), Some(Rc::new(progress)));
    });
    let photo = Photo { section, name, media_type, request, ordinal };
    put(id, inspection, ChangeId(0), Work::Photo(photo), false, Event::Submitted);
    id
}

/// Sends a refused entry again as it is.
pub(crate) fn retry(id: Uuid) {
    dispatch(Event::Retried(id));
}

/// Discards an entry that was refused or is no longer being typed.
pub(crate) fn discard(id: Uuid) {
    with(|running| running.drop_entry(id));
    dispatch(Event::Discarded(id));
}

fn put(
    id: Uuid,
    inspection: InspectionId,
    trunk: ChangeId,
    work: Work,
    form_is_open: bool,
    event: fn(OutboxEntry<Item>) -> Event<Item>,
) {
    let person = with(|running| Some(running.outbox.as_ref()?.person())).flatten();
    let Some(person) = person else { return };
    let content = Item { work, form_is_open };
    let stage = Stage::Draft;
    dispatch(event(OutboxEntry { id, person, inspection, trunk, stage, sent: false, content }));
}

/// Reports a sign that the server may answer, and looks for entries of closed tabs.
fn look_again(event: Event<Item>) {
    if has_network() {
        dispatch(event);
        spawn_local(adoption::adopt());
    }
}

/// Asks the server who is signed in.
async fn check_session() {
    if !has_network() {
        return;
    }
    if let Ok(user) = current_user().await {
        dispatch(Event::Session(user.map(|user| user.id)));
    }
}

fn with<T>(work: impl FnOnce(&mut Running) -> T) -> Option<T> {
    RUNNING.with_borrow_mut(|running| running.as_mut().map(work))
}

fn dispatch(event: Event<Item>) {
    let effects = with(|running| {
        let Some(outbox) = running.outbox.take() else { return Vec::new() };
        let (outbox, effects) = outbox.step(event);
        running.outbox = Some(outbox);
        effects
    });
    for effect in effects.unwrap_or_default() {
        match effect {
            Effect::Store(id) | Effect::Delete(id) => storage::changed(id),
            Effect::Send(id) => spawn_local(delivery::send(id)),
            Effect::Wake(wait) => set_timeout(|| dispatch(Event::Woken), wait),
            Effect::CheckSession => spawn_local(check_session()),
            Effect::ReportReplaced(id) => subscribers::report_replaced(id),
        }
    }
    summary::show();
}

impl Running {
    fn entry(&self, id: Uuid) -> Option<&OutboxEntry<Item>> {
        self.outbox.as_ref()?.entry(id)
    }

    /// Drops the data of an entry that has left the outbox.
    fn drop_entry(&mut self, id: Uuid) {
        self.subscribers.remove(id);
        self.files.remove(&id);
    }
}
