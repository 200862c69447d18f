//! Tests of the writes: the last state of an entry is the one that is stored.

use super::*;
use proptest::prelude::*;

const STORED: WriteResult = WriteResult::Stored { with_file: false };

fn id(id: u128) -> Uuid {
    Uuid::from_u128(id)
}

fn run(events: impl IntoIterator<Item = WriteEvent>) -> (WriteQueue, Vec<WriteEffect>) {
    let mut last = (WriteQueue::default(), Vec::new());
    for event in events {
        last = last.0.step(event);
    }
    last
}

#[test]
fn an_entry_that_changes_while_it_is_written_is_written_again() {
    let changed = || WriteEvent::Changed(id(1));
    let (queue, effects) = run([changed()]);
    assert_eq!(effects, [WriteEffect::Flag(true), WriteEffect::Write(id(1))]);
    let (queue, effects) = queue.step(changed());
    assert_eq!(effects, []);
    let (queue, effects) = queue.step(WriteEvent::Finished(id(1), STORED));
    assert_eq!(effects, [WriteEffect::Write(id(1))]);
    let (queue, effects) = queue.step(WriteEvent::Finished(id(1), STORED));
    assert_eq!(effects, []);
    assert!(queue.is_stored(id(1)) && !queue.is_writing(id(1)));
}

#[test]
fn a_photo_is_written_once_and_forgotten_with_its_entry() {
    let stored = WriteEvent::Finished(id(1), WriteResult::Stored { with_file: true });
    let changed = || WriteEvent::Changed(id(1));
    let (queue, _) = run([changed(), stored, changed(), WriteEvent::Finished(id(1), STORED)]);
    assert!(queue.is_file_stored(id(1)));
    let (queue, _) = queue.step(WriteEvent::Finished(id(1), WriteResult::Absent));
    assert!(!queue.is_file_stored(id(1)) && !queue.is_stored(id(1)));
}

#[test]
fn a_full_device_is_reported_until_a_write_succeeds() {
    let changed = || WriteEvent::Changed(id(1));
    let failed = WriteEvent::Finished(id(1), WriteResult::Failed);
    let (queue, _) = run([changed(), failed]);
    assert!(queue.has_failed() && !queue.is_stored(id(1)));
    let (queue, _) = queue.step(changed());
    let (queue, _) = queue.step(WriteEvent::Finished(id(1), STORED));
    assert!(!queue.has_failed());
}

#[test]
fn the_flag_is_cleared_only_while_nothing_is_being_written() {
    let changed = WriteEvent::Changed(id(1));
    let (queue, effects) = run([changed, WriteEvent::FoundEmpty]);
    assert_eq!(effects, []);
    let (queue, _) = queue.step(WriteEvent::Finished(id(1), WriteResult::Absent));
    let (queue, effects) = queue.step(WriteEvent::FoundEmpty);
    assert_eq!(effects, [WriteEffect::Flag(false)]);
    let (_, effects) = queue.step(WriteEvent::Changed(id(2)));
    assert_eq!(effects, [WriteEffect::Flag(true), WriteEffect::Write(id(2))]);
}

proptest! {
    #[test]
    fn the_last_state_of_each_entry_is_stored(
        steps in proptest::collection::vec((0..3_usize, any::<bool>()), 0..60)
    ) {
        let mut queue = WriteQueue::default();
        let (mut versions, mut disk) = ([0; 3], [0; 3]);
        let mut writing = [None; 3];
        let step = |queue: &mut WriteQueue, event, writing: &mut [Option<i32>; 3], now: [i32; 3]| {
            let (next, effects) = std::mem::take(queue).step(event);
            *queue = next;
            for effect in effects {
                if let WriteEffect::Write(id) = effect {
                    let at = id.as_u128() as usize;
                    assert_eq!(writing[at], None, "two writes of an entry at once");
                    writing[at] = Some(now[at]);
                }
            }
        };
        for (at, changes) in steps {
            match (changes, writing[at]) {
                (true, _) => {
                    versions[at] += 1;
                    let event = WriteEvent::Changed(id(at as u128));
                    step(&mut queue, event, &mut writing, versions);
                }
                (false, Some(version)) => {
                    disk[at] = version;
                    writing[at] = None;
                    let event = WriteEvent::Finished(id(at as u128), STORED);
                    step(&mut queue, event, &mut writing, versions);
                }
                (false, None) => {}
            }
        }
        while let Some(at) = writing.iter().position(Option::is_some) {
            disk[at] = writing[at].take().unwrap();
            let event = WriteEvent::Finished(id(at as u128), STORED);
            step(&mut queue, event, &mut writing, versions);
        }
        prop_assert_eq!(disk, versions);
    }
}
