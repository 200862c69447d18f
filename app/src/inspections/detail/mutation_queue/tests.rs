//! Tests of the mutation queue: each change is applied once, and each caller is answered once.

use super::*;
use domain::{
    id::{InspectionId, UserId},
    inspection::{Field, Target, Value, Values},
};
use proptest::prelude::*;
use std::collections::{BTreeMap, VecDeque};

fn id(id: u128) -> Uuid {
    Uuid::from_u128(id)
}

fn edit(field: Field, text: &str) -> Mutation {
    let values = Values::new().with(field, Value::text(text));
    Mutation::Edit { target: Target::Inspection, values }
}

/// The inspection on the server, with its changes.
struct Server {
    inspection: Inspection,
    changes: Vec<Change>,
}

impl Server {
    fn new() -> Self {
        Self { inspection: Inspection::blank(InspectionId(7)), changes: Vec::new() }
    }

    /// Records a mutation, if it changes anything.
    fn record(&mut self, request: Uuid, mutation: &Mutation) {
        let Some(record) = self.inspection.plan(mutation).unwrap() else { return };
        let change = Change {
            id: ChangeId(self.inspection.head.0 + 1),
            inspection_id: self.inspection.id,
            created_at: Default::default(),
            user_id: Some(UserId(1)),
            user_name: "Ada".into(),
            request_id: request,
            ordinal: 1,
            record,
        };
        self.inspection.replay(&change).unwrap();
        self.changes.push(change);
    }

    fn since(&self, head: ChangeId) -> Vec<Change> {
        self.changes.iter().filter(|change| change.id > head).cloned().collect()
    }
}

fn run(
    queue: MutationQueue,
    events: impl IntoIterator<Item = MutationEvent>,
) -> (MutationQueue, Vec<MutationEffect>) {
    let mut last = (queue, Vec::new());
    for event in events {
        last = last.0.step(event);
    }
    last
}

#[test]
fn a_mutation_is_shown_at_once_and_again_without_it_when_it_is_refused() {
    let queue = MutationQueue::new(Inspection::blank(InspectionId(7)));
    let (queue, effects) = queue.step(MutationEvent::Submitted(id(1), edit(Field::Client, "Ada")));
    let expected = [
        MutationEffect::Guard(true),
        MutationEffect::Show,
        MutationEffect::ShowSaved(Saved::Saving),
    ];
    assert_eq!(effects, expected);
    assert_eq!(queue.shown().client, "Ada");
    let (queue, effects) = queue.step(MutationEvent::Refused(id(1)));
    let expected = [
        MutationEffect::Show,
        MutationEffect::Guard(false),
        MutationEffect::ShowSaved(Saved::Untouched),
    ];
    assert_eq!(effects, expected);
    assert_eq!(queue.shown().client, "");
}

#[test]
fn the_page_is_saved_once_nothing_is_pending() {
    let mut server = Server::new();
    let queue = MutationQueue::new(server.inspection.clone());
    let (client, address) = (edit(Field::Client, "Ada"), edit(Field::Address, "High St"));
    server.record(id(1), &client);
    let first = server.since(ChangeId(0));
    server.record(id(2), &address);
    let second = server.since(ChangeId(0));
    let submitted =
        [MutationEvent::Submitted(id(1), client), MutationEvent::Submitted(id(2), address)];
    let (queue, _) = run(queue, submitted);
    let (queue, effects) = queue.step(MutationEvent::Recorded(id(1), first.clone()));
    let expected = [
        MutationEffect::ShowChanges(first.clone()),
        MutationEffect::Show,
        MutationEffect::ReportRecorded(id(1), Ok(())),
    ];
    assert_eq!(effects, expected);
    // The answer repeats a change that is known.
    let (queue, effects) = queue.step(MutationEvent::Recorded(id(2), second.clone()));
    let expected = [
        MutationEffect::ShowChanges(second[1..].to_vec()),
        MutationEffect::Show,
        MutationEffect::Guard(false),
        MutationEffect::ShowSaved(Saved::Saved),
        MutationEffect::ReportRecorded(id(2), Ok(())),
    ];
    assert_eq!(effects, expected);
    assert_eq!(queue.shown(), server.inspection);
}

#[test]
fn a_caller_that_asks_during_a_load_waits_for_another() {
    let queue = MutationQueue::new(Inspection::blank(InspectionId(7)));
    let load = || MutationEffect::Load(ChangeId(0));
    let (queue, effects) = queue.step(MutationEvent::LoadRequested(1));
    assert_eq!(effects, [load()]);
    let asked = [MutationEvent::LoadRequested(2), MutationEvent::LoadRequested(3)];
    let (queue, effects) = run(queue, asked);
    assert_eq!(effects, []);
    let failed = Err(AppError::Offline);
    let (queue, effects) = queue.step(MutationEvent::Loaded(failed.clone()));
    let done = MutationEffect::ReportLoaded;
    assert_eq!(effects, [MutationEffect::Show, load(), done(1, Err(AppError::Offline))]);
    let (_, effects) = queue.step(MutationEvent::Loaded(Ok(Vec::new())));
    assert_eq!(effects, [MutationEffect::Show, done(2, Ok(())), done(3, Ok(()))]);
}

#[derive(Clone, Debug)]
enum Happening {
    Submit(u8),
    /// The oldest submission is recorded, refused or replaced.
    Answer(u8),
    Others(u8),
    Load,
    /// The running load arrives, or fails.
    Loaded(bool),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => (0..4_u8).prop_map(Happening::Submit),
        3 => (0..4_u8).prop_map(Happening::Answer),
        2 => (0..4_u8).prop_map(Happening::Others),
        2 => Just(Happening::Load),
        2 => any::<bool>().prop_map(Happening::Loaded),
    ]
}

/// A page with its server.
struct World {
    queue: MutationQueue,
    server: Server,
    /// Submissions without an answer: id, trunk, mutation.
    sent: VecDeque<(Uuid, ChangeId, Mutation)>,
    load: Option<ChangeId>,
    /// Changes that the page lists.
    listed: Vec<ChangeId>,
    /// Number of answers to each caller.
    answers: BTreeMap<u32, u32>,
    saved: Saved,
    is_guarded: bool,
}

impl World {
    fn step(&mut self, event: MutationEvent) {
        let (queue, effects) = self.queue.clone().step(event);
        self.queue = queue;
        for effect in effects {
            match effect {
                MutationEffect::Load(head) => {
                    assert_eq!(self.load.replace(head), None, "two loads at once");
                }
                MutationEffect::ReportLoaded(caller, _) => {
                    *self.answers.entry(caller).or_default() += 1;
                }
                MutationEffect::ShowChanges(news) => {
                    self.listed.extend(news.iter().map(|change| change.id));
                }
                MutationEffect::ShowSaved(saved) => self.saved = saved,
                MutationEffect::Guard(is_guarded) => self.is_guarded = is_guarded,
                MutationEffect::ReportRecorded(_, result) => assert_eq!(result, Ok(())),
                MutationEffect::Show => {}
            }
        }
    }

    fn answer(&mut self, how: u8) {
        let Some((id, trunk, mutation)) = self.sent.pop_front() else { return };
        match how {
            0 => self.step(MutationEvent::Refused(id)),
            // Only a later submission replaces one.
            1 if !self.sent.is_empty() => self.step(MutationEvent::Replaced(id)),
            _ => {
                self.server.record(id, &mutation);
                self.step(MutationEvent::Recorded(id, self.server.since(trunk)));
            }
        }
    }

    fn loaded(&mut self, arrives: bool) {
        if let Some(head) = self.load.take() {
            let news = self.server.since(head);
            let result = if arrives { Ok(news) } else { Err(AppError::Offline) };
            self.step(MutationEvent::Loaded(result));
        }
    }
}

fn mutation(number: u8, text: u32) -> Mutation {
    let fields = [Field::Client, Field::Address, Field::BuildingType, Field::Summary];
    edit(fields[usize::from(number)], &format!("Text {text}"))
}

proptest! {
    #[test]
    fn each_change_is_applied_once_and_each_caller_is_answered_once(
        happenings in proptest::collection::vec(happening(), 0..60)
    ) {
        let server = Server::new();
        let mut world = World {
            queue: MutationQueue::new(server.inspection.clone()),
            server,
            sent: VecDeque::new(),
            load: None,
            listed: Vec::new(),
            answers: BTreeMap::new(),
            saved: Saved::Untouched,
            is_guarded: false,
        };
        let (mut last, mut callers) = (0, 0);
        for happening in happenings {
            last += 1;
            match happening {
                Happening::Submit(number) => {
                    let mutation = mutation(number, last);
                    let request = id(last.into());
                    world.sent.push_back((request, world.queue.head(), mutation.clone()));
                    world.step(MutationEvent::Submitted(request, mutation));
                }
                Happening::Answer(how) => world.answer(how),
                Happening::Others(number) => {
                    world.server.record(Uuid::nil(), &mutation(number, last));
                }
                Happening::Load => {
                    callers += 1;
                    world.step(MutationEvent::LoadRequested(callers));
                }
                Happening::Loaded(arrives) => world.loaded(arrives),
            }
            prop_assert_eq!(world.is_guarded, world.queue.is_busy());
            prop_assert_eq!(world.saved == Saved::Saving && !world.queue.is_busy(), false);
        }
        while !world.sent.is_empty() {
            world.answer(2);
        }
        callers += 1;
        world.step(MutationEvent::LoadRequested(callers));
        while world.load.is_some() {
            world.loaded(true);
        }
        prop_assert_eq!(world.queue.shown(), world.server.inspection.clone());
        let all: Vec<_> = world.server.changes.iter().map(|change| change.id).collect();
        prop_assert_eq!(&world.listed, &all);
        let once: BTreeMap<_, _> = (1..=callers).map(|caller| (caller, 1)).collect();
        prop_assert_eq!(&world.answers, &once);
        prop_assert!(!world.is_guarded);
    }
}
