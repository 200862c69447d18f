//! Event loop of the outbox on this page: performs the effects that the state machine requests, and
//! notifies the code that submitted an entry.

use super::{
    disk, js, locks,
    sender::{self, Answered},
    status::{HeldLine, SESSION, Status, has_network, remember},
    work::{Item, Photo, Stored, Work},
};
use crate::{
    auth::current_user,
    error::AppError,
    form::{Typed, one_edit, place_of},
    request_id,
};
use domain::{
    change::{Change, Mutation},
    id::{ChangeId, InspectionId, SectionId, UserId},
    inspection::{Field, Target},
    outbox::{Answer, Connection, Effect, Event, Held, Outbox, OutboxEntry, Stage},
};
use js_sys::Uint8Array;
use leptos::{prelude::*, task::spawn_local};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    time::Duration,
};
use uuid::Uuid;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

thread_local! {
    static RUNNING: RefCell<Option<Running>> = const { RefCell::new(None) };
}

/// Callback for the outcome of a submission; called more than once when the entry is sent again.
type Watcher = Rc<dyn Fn(&Outcome)>;
/// Callback for the fraction of a photo that is sent, from 0 to 1.
type Progress = Rc<dyn Fn(f64)>;
/// Callback for work on an inspection that its open page did not submit.
pub(crate) type Observer = Rc<dyn Fn(&Observed)>;

/// Outcome of a submission.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// Recorded; carries the changes since its trunk and its own change, if any.
    Recorded { news: Vec<Change>, own: Option<Box<Change>> },
    /// Refused by the server.
    Refused(AppError),
    /// Replaced by a newer entry.
    Replaced,
}

/// Outcome of work that an earlier page left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Observed {
    /// Recorded, so there are new changes to load.
    Recorded,
    /// Refused and held for the person.
    Held,
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

/// Refused edit of one field that no open page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeldEdit {
    pub(crate) id: Uuid,
    pub(crate) target: Target,
    pub(crate) field: Field,
    pub(crate) text: String,
    pub(crate) held: Held,
}

struct Running {
    machine: Option<Outbox<Item>>,
    status: RwSignal<Status>,
    /// Id of this page, in storage and among the browser's locks.
    tab: Uuid,
    watchers: BTreeMap<Uuid, Watcher>,
    progress: BTreeMap<Uuid, Progress>,
    observers: Vec<(InspectionId, Uuid, Observer)>,
    files: BTreeMap<Uuid, Blob>,
    /// Entries that have been written to storage, and those whose bytes have been.
    stored: BTreeSet<Uuid>,
    stored_files: BTreeSet<Uuid>,
    /// Entries that are being written, and whether they changed meanwhile.
    writing: BTreeMap<Uuid, bool>,
    /// Tabs whose closing this one awaits.
    awaited: BTreeSet<Uuid>,
    storage_failed: bool,
    flagged: bool,
}

/// Starts the outbox of a person on this page; later calls do nothing.
pub(crate) fn start(person: UserId, status: RwSignal<Status>) {
    if RUNNING.with_borrow(Option::is_some) {
        return;
    }
    let tab = request_id::new();
    locks::hold(tab);
    RUNNING.set(Some(Running {
        machine: Some(Outbox::new(person)),
        status,
        tab,
        watchers: BTreeMap::new(),
        progress: BTreeMap::new(),
        observers: Vec::new(),
        files: BTreeMap::new(),
        stored: BTreeSet::new(),
        stored_files: BTreeSet::new(),
        writing: BTreeMap::new(),
        awaited: BTreeSet::new(),
        storage_failed: false,
        flagged: false,
    }));
    // The listeners are never removed, because the outbox lives as long as the page.
    drop(window_event_listener_untyped("offline", |_| dispatch(Event::Unreachable)));
    drop(window_event_listener_untyped("online", |_| look_again(false)));
    // Another tab writes this key when a person signs in there.
    drop(window_event_listener_untyped("storage", |event| {
        let key = js::get(&event, "key").ok().and_then(|key| key.as_string());
        if key.as_deref() == Some(SESSION) {
            look_again(true);
        }
    }));
    drop(window_event_listener_untyped("visibilitychange", |_| {
        let hidden = js::get(&document(), "hidden").ok().and_then(|hidden| hidden.as_bool());
        if hidden != Some(true) {
            look_again(false);
        }
    }));
    if !has_network() {
        dispatch(Event::Unreachable);
    }
    spawn_local(adopt());
}

/// Stores a draft while it is being typed.
pub(crate) fn draft(id: Uuid, inspection: InspectionId, trunk: ChangeId, form: Typed) {
    put(id, inspection, trunk, Work::Form(form), false, Event::Drafted);
}

/// Sends a mutation as soon as possible and reports its outcome.
pub(crate) fn submit(submission: Submission, watch: impl Fn(&Outcome) + 'static) {
    let Submission { id, inspection, trunk, mutation, form_is_open } = submission;
    with(|running| drop(running.watchers.insert(id, Rc::new(watch))));
    put(id, inspection, trunk, Work::of(&mutation), form_is_open, Event::Submitted);
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
        running.progress.insert(id, Rc::new(progress));
        running.watchers.insert(id, Rc::new(watch));
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
    with(|running| {
        running.watchers.remove(&id);
        running.progress.remove(&id);
        running.files.remove(&id);
    });
    dispatch(Event::Discarded(id));
}

/// Registers an observer of work on an inspection that its open page did not submit. Pass the
/// returned id to [`forget`] to remove it.
pub(crate) fn observe(inspection: InspectionId, observer: Observer) -> Uuid {
    let id = request_id::new();
    with(|running| running.observers.push((inspection, id, observer)));
    id
}

/// Removes an observer registered with [`observe`].
pub(crate) fn forget(observer: Uuid) {
    with(|running| running.observers.retain(|(_, id, _)| *id != observer));
}

/// Returns the refused edits of an inspection's fields that have no watcher.
pub(crate) fn held_edits(inspection: InspectionId) -> Vec<HeldEdit> {
    let found = with(|running| {
        let entries = running.machine.iter().flat_map(Outbox::entries);
        let held = entries.filter(|entry| entry.inspection == inspection).filter_map(|entry| {
            let Stage::Held(held) = &entry.stage else { return None };
            let Work::Form(form) = &entry.content.work else { return None };
            if running.watchers.contains_key(&entry.id) {
                return None;
            }
            let (target, field, text) = one_edit(form)?;
            let (text, held) = (text.to_owned(), held.clone());
            Some(HeldEdit { id: entry.id, target, field, text, held })
        });
        held.collect()
    });
    found.unwrap_or_default()
}

/// Registers a watcher for a refused entry, which removes it from the banner.
pub(crate) fn watch(id: Uuid, watch: impl Fn(&Outcome) + 'static) {
    with(|running| {
        if running.entry(id).is_some() {
            running.watchers.insert(id, Rc::new(watch));
        }
    });
    show();
}

/// Removes an entry's watcher, because nothing on the page shows it any more; the banner takes
/// over.
pub(crate) fn release(id: Uuid) {
    with(|running| drop(running.watchers.remove(&id)));
    show();
}

fn put(
    id: Uuid,
    inspection: InspectionId,
    trunk: ChangeId,
    work: Work,
    form_is_open: bool,
    event: fn(OutboxEntry<Item>) -> Event<Item>,
) {
    let found = with(|running| Some((running.machine.as_ref()?.person(), running.connection())));
    let Some((person, connection)) = found.flatten() else { return };
    // A form is not kept open while the connection is down.
    let form_is_open = form_is_open && connection == Connection::Up;
    let content = Item { work, form_is_open };
    let stage = Stage::Draft;
    dispatch(event(OutboxEntry { id, person, inspection, trunk, stage, sent: false, content }));
}

/// Checks the connection and the session again: the network may be back, or the person may have
/// signed in in another tab.
fn look_again(signed_in: bool) {
    if !has_network() {
        return;
    }
    spawn_local(async move {
        let out = with(|running| running.connection() == Connection::SignedOut);
        if signed_in || out == Some(true) {
            if let Ok(user) = current_user().await {
                dispatch(Event::Session(user.map(|user| user.id)));
            }
        } else {
            dispatch(Event::Reachable);
        }
        adopt().await;
    });
}

/// Adopts the entries of other tabs, each once its tab is closed.
async fn adopt() {
    let Ok(entries) = disk::all().await else { return };
    let Some((own, person)) =
        with(|running| Some((running.tab, running.machine.as_ref()?.person()))).flatten()
    else {
        return;
    };
    if entries.is_empty() && with(|running| running.writing.is_empty()) == Some(true) {
        remember(false);
        with(|running| running.flagged = false);
    }
    for tab in entries.iter().filter(|it| it.person == person).map(|it| it.tab) {
        let known = with(|running| !running.awaited.insert(tab)).unwrap_or(true);
        if tab == own || known {
            continue;
        }
        locks::once_gone(tab, move || async move {
            with(|running| running.awaited.remove(&tab));
            let Ok(entries) = disk::all().await else { return };
            let left = entries.into_iter().filter(|it| it.person == person && it.tab == tab);
            let left: Vec<_> = left.map(Stored::into_entry).collect();
            let ids: Vec<_> = left.iter().map(|entry| entry.id).collect();
            let held = left.iter().filter(|entry| matches!(entry.stage, Stage::Held(_)));
            let held: BTreeSet<_> = held.map(|entry| entry.inspection).collect();
            with(|running| {
                running.stored.extend(&ids);
                running.stored_files.extend(&ids);
            });
            dispatch(Event::Adopted(left));
            for inspection in held {
                tell_observers(inspection, &Observed::Held);
            }
            // The entries must be stored under this tab before the lock is released, so that no
            // other tab adopts them.
            written(&ids).await;
        });
    }
}

/// Waits until pending writes of these entries have finished, at most two seconds.
async fn written(ids: &[Uuid]) {
    for _ in 0..200 {
        let busy = with(|running| ids.iter().any(|id| running.writing.contains_key(id)));
        if busy != Some(true) {
            return;
        }
        pause(Duration::from_millis(10)).await;
    }
}

fn with<T>(work: impl FnOnce(&mut Running) -> T) -> Option<T> {
    RUNNING.with_borrow_mut(|running| running.as_mut().map(work))
}

fn dispatch(event: Event<Item>) {
    let effects = with(|running| {
        let Some(machine) = running.machine.take() else { return Vec::new() };
        let before: Vec<_> = machine.entries().iter().map(|entry| entry.id).collect();
        let replaces = matches!(event, Event::Submitted(_));
        let (machine, effects) = machine.step(event);
        let gone = before.into_iter().filter(|id| replaces && machine.entry(*id).is_none());
        let gone: Vec<_> = gone.collect();
        running.machine = Some(machine);
        effects.into_iter().map(Ok).chain(gone.into_iter().map(Err)).collect()
    });
    for effect in effects.unwrap_or_default() {
        match effect {
            Ok(Effect::Store(id) | Effect::Delete(id)) => write(id),
            Ok(Effect::Send(id)) => spawn_local(send(id)),
            Ok(Effect::Wake(wait)) => set_timeout(wake, wait),
            Err(replaced) => {
                let watcher = with(|running| running.watchers.remove(&replaced)).flatten();
                if let Some(watcher) = watcher {
                    watcher(&Outcome::Replaced);
                }
            }
        }
    }
    show();
}

fn wake() {
    if with(|running| running.connection()) == Some(Connection::SignedOut) {
        look_again(true);
    }
    dispatch(Event::Woken);
}

async fn send(id: Uuid) {
    let found = with(|running| {
        let entry = running.entry(id)?.clone();
        Some((entry, running.files.get(&id).cloned(), running.progress.get(&id).cloned()))
    });
    let Some((entry, file, progress)) = found.flatten() else { return };
    let file = match (&entry.content.work, file) {
        (Work::Photo(photo), None) => stored_file(id, photo).await,
        (_, file) => file,
    };
    let tell = move |sent| {
        if let Some(progress) = &progress {
            progress(sent);
        }
    };
    let Answered { answer, news, error } = sender::send(&entry, file, tell).await;
    let own = match &answer {
        Answer::Recorded(change) => change.clone(),
        _ => None,
    };
    let recorded = matches!(answer, Answer::Recorded(_));
    let refused = matches!(answer, Answer::Refused(_));
    dispatch(Event::Answered(id, answer));
    let watcher = with(|running| {
        let watcher = running.watchers.get(&id).cloned();
        if running.entry(id).is_none() {
            running.watchers.remove(&id);
            running.progress.remove(&id);
            running.files.remove(&id);
        }
        watcher
    });
    match (watcher.flatten(), error) {
        (Some(watcher), None) if recorded => watcher(&Outcome::Recorded { news, own }),
        (Some(watcher), Some(error)) if refused => watcher(&Outcome::Refused(error)),
        (None, _) if recorded => tell_observers(entry.inspection, &Observed::Recorded),
        (None, _) if refused => tell_observers(entry.inspection, &Observed::Held),
        _ => {}
    }
}

async fn stored_file(id: Uuid, photo: &Photo) -> Option<Blob> {
    let bytes = disk::bytes(id).await.ok()?;
    let untyped = Blob::new_with_u8_array_sequence(&js_sys::Array::of1(&bytes)).ok()?;
    let (size, kind) = (untyped.size(), &photo.media_type);
    untyped.slice_with_f64_and_f64_and_content_type(0.0, size, kind).ok()
}

fn tell_observers(inspection: InspectionId, observed: &Observed) {
    let observers = with(|running| {
        let of_it = running.observers.iter().filter(|(of, _, _)| *of == inspection);
        of_it.map(|(_, _, observer)| observer.clone()).collect::<Vec<_>>()
    });
    for observer in observers.unwrap_or_default() {
        observer(observed);
    }
}

/// Writes the entry's current state. One write per entry runs at a time; a change during a write
/// triggers another.
fn write(id: Uuid) {
    let begin = with(|running| {
        if !running.flagged {
            running.flagged = true;
            remember(true);
        }
        let is_busy = running.writing.contains_key(&id);
        running.writing.insert(id, is_busy);
        !is_busy
    });
    if begin == Some(true) {
        spawn_local(write_out(id));
    }
}

async fn write_out(id: Uuid) {
    loop {
        let found = with(|running| {
            running.writing.insert(id, false);
            let stored = Stored::new(running.entry(id)?, running.tab);
            let file = running.files.get(&id).cloned();
            let file = file.filter(|_| !running.stored_files.contains(&id));
            Some((stored, file))
        });
        let done = match found.flatten() {
            Some((Some(entry), file)) => store(&entry, file).await,
            // The mutation has no form encoding, so it stays in memory.
            Some((None, _)) => Ok(false),
            None => disk::delete(id).await.map(|()| false),
        };
        let again = with(|running| {
            match done {
                Ok(true) => {
                    running.stored.insert(id);
                    running.storage_failed = false;
                }
                Ok(false) => {
                    running.stored.remove(&id);
                    running.stored_files.remove(&id);
                }
                Err(_) => running.storage_failed = true,
            }
            match running.writing.get(&id) {
                Some(true) => true,
                _ => {
                    running.writing.remove(&id);
                    false
                }
            }
        });
        show();
        if again != Some(true) {
            return;
        }
    }
}

/// Stores an entry, with its photo the first time. Returns whether it is now stored.
async fn store(entry: &Stored, file: Option<Blob>) -> Result<bool, wasm_bindgen::JsValue> {
    let Some(file) = file else {
        disk::put(entry, None).await?;
        return Ok(true);
    };
    let bytes = Uint8Array::new(&JsFuture::from(file.array_buffer()).await?);
    disk::put(entry, Some(&bytes)).await?;
    with(|running| running.stored_files.insert(entry.id));
    Ok(true)
}

impl Running {
    fn entry(&self, id: Uuid) -> Option<&OutboxEntry<Item>> {
        self.machine.as_ref()?.entry(id)
    }

    fn connection(&self) -> Connection {
        self.machine.as_ref().map(Outbox::connection).unwrap_or_default()
    }

    fn status(&self) -> Status {
        let (connection, in_memory) = (self.connection(), self.storage_failed);
        let mut status = Status { connection, in_memory, ..Status::default() };
        for entry in self.machine.iter().flat_map(Outbox::entries) {
            let is_stored = self.stored.contains(&entry.id);
            // An entry counts as kept only once storage holds it.
            let counts = is_stored || self.storage_failed;
            match (&entry.stage, &entry.content.work) {
                (Stage::Held(held), work) if !self.watchers.contains_key(&entry.id) => {
                    let (what, place) = words(work);
                    let (id, inspection, why) = (entry.id, entry.inspection, held.why.clone());
                    status.held.push(HeldLine { id, inspection, what, why, place });
                }
                (Stage::Held(_), _) => {}
                (_, Work::Photo(_)) => status.photos += usize::from(counts),
                (_, Work::Form(_) | Work::Passing(_)) => status.forms += usize::from(counts),
            }
        }
        status
    }
}

fn show() {
    let Some((signal, status)) = with(|running| (running.status, running.status())) else { return };
    if signal.try_with_untracked(|before| *before != status) == Some(true) {
        signal.set(status);
    }
}

/// Returns a label for the work and the id of its place on the inspection's page.
fn words(work: &Work) -> (String, String) {
    match work {
        Work::Photo(photo) => {
            let place = match photo.section {
                Some(section) => format!("section-{section}"),
                None => "inspection-photos".into(),
            };
            (photo.name.clone(), place)
        }
        Work::Form(form) => match one_edit(form) {
            Some((_, field, text)) => (format!("{}: {text}", field.label()), place_of(form)),
            None => ("A change".into(), place_of(form)),
        },
        Work::Passing(_) => ("A change".into(), String::new()),
    }
}

/// Pauses the task with a browser timer.
async fn pause(time: Duration) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let millis = i32::try_from(time.as_millis()).unwrap_or(i32::MAX);
        drop(window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis));
    });
    drop(JsFuture::from(promise).await);
}
