//! Tests of the upload list: no photo is lost from sight before it is attached.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn id(id: u128) -> Uuid {
    Uuid::from_u128(id)
}

fn added(names: &[&str]) -> UploadEvent {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    UploadEvent::Added { section: None, request: id(99), names }
}

fn run(
    list: UploadList,
    events: impl IntoIterator<Item = UploadEvent>,
) -> (UploadList, Vec<UploadEffect>) {
    let mut last = (list, Vec::new());
    for event in events {
        last = last.0.step(event);
    }
    last
}

/// A list on a page, with one photo in the outbox.
fn sending() -> UploadList {
    let events = [
        UploadEvent::Opened,
        added(&["roof.jpg"]),
        UploadEvent::Prepared(1, Ok(())),
        UploadEvent::Attached(1, id(1)),
    ];
    run(UploadList::default(), events).0
}

fn states(list: &UploadList) -> Vec<(u32, UploadState)> {
    list.uploads().iter().map(|upload| (upload.key, upload.state.clone())).collect()
}

#[test]
fn photos_chosen_together_share_a_request_and_keep_their_order() {
    let (list, _) = run(UploadList::default(), [UploadEvent::Opened, added(&["a", "b"])]);
    let keys: Vec<_> =
        list.uploads().iter().map(|it| (it.key, it.ordinal, it.request, &it.name[..])).collect();
    assert_eq!(keys, [(1, 1, id(99), "a"), (2, 2, id(99), "b")]);
    assert_eq!(list.next_key(), 3);
}

#[test]
fn a_photo_leaves_the_list_once_the_page_shows_it() {
    let (list, _) = sending().step(UploadEvent::Progressed(1, 0.5));
    assert_eq!(list.uploads()[0].progress, Some(0.5));
    let (list, _) = list.step(UploadEvent::Progressed(1, 1.0));
    assert_eq!(list.uploads()[0].progress, None);
    let (list, effects) = list.step(UploadEvent::Recorded(1));
    assert_eq!(effects[0], UploadEffect::CatchUp(1));
    let (unseen, _) = list.clone().step(UploadEvent::CaughtUp(1, Err(AppError::Offline)));
    assert_eq!(states(&unseen), [(1, UploadState::Unseen(AppError::Offline))]);
    // Trying again repeats the load, not the upload.
    let (list, effects) = unseen.step(UploadEvent::Retried(1));
    assert_eq!(effects[0], UploadEffect::CatchUp(1));
    let (list, effects) = list.step(UploadEvent::CaughtUp(1, Ok(())));
    assert_eq!(effects[0], UploadEffect::ShowAdded(id(99)));
    assert_eq!(effects[2], UploadEffect::Guard(false));
    assert!(list.uploads().is_empty());
}

#[test]
fn a_refused_photo_is_sent_again_under_its_entry_or_dismissed() {
    let (list, effects) = sending().step(UploadEvent::Refused(1, AppError::Internal));
    assert_eq!(effects, [UploadEffect::Show, UploadEffect::Guard(true)]);
    let (again, effects) = list.clone().step(UploadEvent::Retried(1));
    assert_eq!(effects[0], UploadEffect::Retry(id(1)));
    assert_eq!(states(&again), [(1, UploadState::Waiting)]);
    let (list, effects) = list.step(UploadEvent::Dismissed(1));
    assert_eq!(effects[0], UploadEffect::Discard(id(1)));
    assert!(list.uploads().is_empty());
}

#[test]
fn a_photo_that_was_dismissed_while_it_was_prepared_is_not_sent() {
    let events = [added(&["a"]), UploadEvent::Dismissed(1), UploadEvent::Prepared(1, Ok(()))];
    let (_, effects) = run(UploadList::default().step(UploadEvent::Opened).0, events);
    assert_eq!(effects, [UploadEffect::Show, UploadEffect::Guard(false)]);
}

#[test]
fn a_file_that_cannot_be_prepared_is_not_sent_again() {
    let refused = UploadEvent::Prepared(1, Err(AppError::SignInNeeded));
    let (list, _) = run(UploadList::default(), [UploadEvent::Opened, added(&["a"]), refused]);
    let (list, effects) = list.step(UploadEvent::Retried(1));
    assert_eq!(effects, [UploadEffect::Show, UploadEffect::Guard(false)]);
    assert_eq!(states(&list), [(1, UploadState::Refused(AppError::SignInNeeded))]);
}

#[test]
fn a_photo_outlives_its_page_and_the_next_page_lists_it() {
    let (list, effects) = sending().step(UploadEvent::Left);
    assert_eq!(effects, [UploadEffect::Keep, UploadEffect::Show, UploadEffect::Guard(true)]);
    let (back, _) = list.clone().step(UploadEvent::Opened);
    assert_eq!(states(&back), [(1, UploadState::Waiting)]);
    // Without a page, nothing has to be loaded.
    let (list, effects) = list.step(UploadEvent::Recorded(1));
    assert_eq!(effects, [UploadEffect::Show, UploadEffect::Guard(false), UploadEffect::Drop]);
    assert!(list.uploads().is_empty());
}

#[test]
fn photos_refused_after_the_page_was_left_are_reported_together() {
    let (list, _) = run(sending(), [added(&["b"]), UploadEvent::Left]);
    let (list, effects) = list.step(UploadEvent::Refused(1, AppError::SignInNeeded));
    assert_eq!(effects, [UploadEffect::Show, UploadEffect::Guard(true)], "one is on its way");
    let (_, effects) = list.step(UploadEvent::Refused(2, AppError::SignInNeeded));
    let error = AppError::SignInNeeded;
    let refused = vec![("roof.jpg".to_owned(), error.clone()), ("b".to_owned(), error)];
    assert_eq!(effects[2], UploadEffect::Report(refused));
}

#[test]
fn a_photo_that_cannot_be_attached_goes_to_the_banner_with_the_page() {
    let events = [UploadEvent::Refused(1, AppError::SignInNeeded), UploadEvent::Left];
    let (list, effects) = run(sending(), events);
    assert_eq!(effects[0], UploadEffect::Release(id(1)));
    assert!(list.uploads().is_empty());
}

#[derive(Clone, Debug)]
enum Happening {
    Add(usize),
    Prepared(u32, bool),
    Answered(u32, u8),
    CaughtUp(bool),
    Retried(u32),
    Dismissed(u32),
    Left,
    Opened,
}

fn happening() -> impl Strategy<Value = Happening> {
    let key = 1..6_u32;
    prop_oneof![
        3 => (1..3_usize).prop_map(Happening::Add),
        4 => (key.clone(), any::<bool>()).prop_map(|(key, ok)| Happening::Prepared(key, ok)),
        4 => (key.clone(), 0..3_u8).prop_map(|(key, how)| Happening::Answered(key, how)),
        3 => any::<bool>().prop_map(Happening::CaughtUp),
        2 => key.clone().prop_map(Happening::Retried),
        1 => key.prop_map(Happening::Dismissed),
        1 => Just(Happening::Left),
        2 => Just(Happening::Opened),
    ]
}

/// A list with its outbox.
struct World {
    list: UploadList,
    /// Photos that are being prepared.
    preparing: BTreeSet<u32>,
    /// Photos in the outbox without an answer.
    sending: BTreeSet<u32>,
    /// Photos in the outbox that were refused.
    refused: BTreeSet<u32>,
    loading: Vec<u32>,
    /// Photos that were handed to the banner.
    released: BTreeSet<u32>,
}

impl World {
    fn step(&mut self, event: UploadEvent) {
        let (list, effects) = self.list.clone().step(event);
        self.list = list;
        for effect in effects {
            match effect {
                UploadEffect::Attach(upload) => {
                    assert!(self.sending.insert(upload.key), "a photo was sent twice");
                    self.step(UploadEvent::Attached(upload.key, id(upload.key.into())));
                }
                UploadEffect::Retry(entry) => {
                    let key = entry.as_u128() as u32;
                    if self.refused.remove(&key) {
                        self.sending.insert(key);
                    }
                }
                UploadEffect::Discard(entry) => {
                    let key = entry.as_u128() as u32;
                    self.sending.remove(&key);
                    self.refused.remove(&key);
                }
                UploadEffect::Release(entry) => drop(self.released.insert(entry.as_u128() as u32)),
                UploadEffect::CatchUp(key) => self.loading.push(key),
                UploadEffect::Guard(is_guarded) => {
                    let any = self.list.uploads().iter().any(|it| it.state.has_hope());
                    assert_eq!(is_guarded, any);
                }
                _ => {}
            }
        }
    }
}

proptest! {
    #[test]
    fn each_photo_in_the_outbox_is_listed_or_in_the_banner(
        happenings in proptest::collection::vec(happening(), 0..60)
    ) {
        let mut world = World {
            list: UploadList::default(),
            preparing: BTreeSet::new(),
            sending: BTreeSet::new(),
            refused: BTreeSet::new(),
            loading: Vec::new(),
            released: BTreeSet::new(),
        };
        world.step(UploadEvent::Opened);
        for happening in happenings {
            match happening {
                Happening::Add(number) => {
                    let first = world.list.next_key();
                    world.step(added(&vec!["a"; number]));
                    world.preparing.extend(first..world.list.next_key());
                }
                Happening::Prepared(key, ok) => {
                    if world.preparing.remove(&key) {
                        let result = if ok { Ok(()) } else { Err(AppError::SignInNeeded) };
                        world.step(UploadEvent::Prepared(key, result));
                    }
                }
                Happening::Answered(key, how) => {
                    if world.sending.remove(&key) {
                        if how > 0 {
                            world.refused.insert(key);
                        }
                        world.step(match how {
                            0 => UploadEvent::Recorded(key),
                            1 => UploadEvent::Refused(key, AppError::Internal),
                            _ => UploadEvent::Refused(key, AppError::SignInNeeded),
                        });
                    }
                }
                Happening::CaughtUp(ok) => {
                    if let Some(key) = world.loading.pop() {
                        let result = if ok { Ok(()) } else { Err(AppError::Offline) };
                        world.step(UploadEvent::CaughtUp(key, result));
                    }
                }
                Happening::Retried(key) => world.step(UploadEvent::Retried(key)),
                Happening::Dismissed(key) => world.step(UploadEvent::Dismissed(key)),
                Happening::Left => world.step(UploadEvent::Left),
                Happening::Opened => world.step(UploadEvent::Opened),
            }
            let listed: BTreeSet<_> = world.list.uploads().iter().map(|it| it.key).collect();
            for key in world.sending.iter().chain(&world.refused) {
                let is_seen = listed.contains(key) || world.released.contains(key);
                prop_assert!(is_seen, "{key} is out of sight");
            }
        }
    }
}
