//! Tests of the outbox: nothing is lost, sent twice at once or sent in another person's session.

use domain::{
    change::Change,
    id::{ChangeId, InspectionId, UserId},
    outbox::{
        Answer, Connection, Content, Effect, Event, Held, MAX_WAIT, Outbox, OutboxEntry, Refused,
        Stage,
    },
};
use proptest::prelude::*;
use std::{collections::BTreeSet, time::Duration};
use uuid::Uuid;

const ADA: UserId = UserId(1);
const INES: UserId = UserId(2);

/// A text for a field. Edits of the same field follow and replace each other.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Edit {
    field: u8,
    form_is_open: bool,
}

impl Content for Edit {
    fn lane(&self) -> u8 {
        0
    }

    fn follows(&self, _: &Change, _: UserId) -> bool {
        true
    }

    fn is_held_when_refused(&self) -> bool {
        !self.form_is_open
    }

    fn replaces(&self, earlier: &Self) -> bool {
        self.field == earlier.field
    }

    fn close_form(&mut self) {
        self.form_is_open = false;
    }
}

fn entry(id: u128, field: u8) -> OutboxEntry<Edit> {
    OutboxEntry {
        id: Uuid::from_u128(id),
        person: ADA,
        inspection: InspectionId(7),
        trunk: ChangeId(10),
        stage: Stage::Draft,
        sent: false,
        content: Edit { field, form_is_open: false },
    }
}

fn id(id: u128) -> Uuid {
    Uuid::from_u128(id)
}

fn refused(kind: Refused) -> Answer {
    Answer::Refused(Held { why: "No.".into(), kind })
}

fn stages(outbox: &Outbox<Edit>) -> Vec<(u128, Stage)> {
    outbox.entries().iter().map(|entry| (entry.id.as_u128(), entry.stage.clone())).collect()
}

/// Processes the events and returns the effects of the last.
fn run(outbox: Outbox<Edit>, events: Vec<Event<Edit>>) -> (Outbox<Edit>, Vec<Effect>) {
    let mut last = (outbox, Vec::new());
    for event in events {
        last = last.0.step(event);
    }
    last
}

#[test]
fn a_draft_is_stored_with_each_key_and_sent_once_it_is_submitted() {
    let (outbox, effects) = Outbox::new(ADA).step(Event::Drafted(entry(1, 1)));
    assert_eq!(effects, [Effect::Store(id(1))]);
    let (outbox, effects) = outbox.step(Event::Submitted(entry(1, 1)));
    assert_eq!(effects, [Effect::Store(id(1)), Effect::Send(id(1))]);
    let (outbox, effects) = outbox.step(Event::Answered(id(1), Answer::Recorded(None)));
    assert_eq!((outbox.entries(), &effects[..]), (&[][..], &[Effect::Delete(id(1))][..]));
}

#[test]
fn what_was_typed_without_a_network_is_sent_once_it_is_back() {
    let (outbox, effects) =
        run(Outbox::new(ADA), vec![Event::Unreachable, Event::Submitted(entry(1, 1))]);
    assert_eq!(effects, [Effect::Store(id(1))]);
    assert_eq!(outbox.connection(), Connection::Offline);
    let (_, effects) = outbox.step(Event::Reachable);
    assert_eq!(effects, [Effect::Send(id(1))]);
}

#[test]
fn a_newer_text_takes_the_place_of_one_that_was_never_sent_and_keeps_its_trunk() {
    let newer = OutboxEntry { trunk: ChangeId(12), ..entry(2, 1) };
    let events =
        vec![Event::Unreachable, Event::Submitted(entry(1, 1)), Event::Submitted(newer.clone())];
    let (outbox, effects) = run(Outbox::new(ADA), events);
    assert_eq!(stages(&outbox), [(2, Stage::Waiting)]);
    assert_eq!(
        effects,
        [Effect::Store(id(2)), Effect::Delete(id(1)), Effect::ReportReplaced(id(1))]
    );
    assert_eq!(outbox.entries()[0].trunk, ChangeId(10));

    // One that may have arrived stays, and the newer waits for it.
    let (outbox, _) =
        run(Outbox::new(ADA), vec![Event::Submitted(entry(1, 1)), Event::Submitted(newer)]);
    assert_eq!(stages(&outbox), [(1, Stage::Sending), (2, Stage::Waiting)]);
}

#[test]
fn a_lost_answer_is_asked_for_again_under_the_same_id_after_a_while() {
    let (outbox, effects) = run(
        Outbox::new(ADA),
        vec![Event::Submitted(entry(1, 1)), Event::Answered(id(1), Answer::Lost)],
    );
    assert_eq!(effects, [Effect::Wake(Duration::from_secs(2))]);
    assert_eq!(outbox.connection(), Connection::Lost);
    let (_, effects) = outbox.step(Event::Woken);
    assert_eq!(effects, [Effect::Send(id(1))]);
}

#[test]
fn a_refusal_is_held_and_the_rest_goes_on() {
    let (outbox, effects) = run(
        Outbox::new(ADA),
        vec![
            Event::Submitted(entry(1, 1)),
            Event::Submitted(entry(2, 2)),
            Event::Answered(id(1), refused(Refused::Conflict)),
        ],
    );
    assert_eq!(effects, [Effect::Store(id(1)), Effect::Send(id(2))]);
    // Only the person's decision sends it again.
    let (outbox, effects) = run(outbox, vec![Event::Reachable, Event::Session(Some(ADA))]);
    assert!(effects.is_empty(), "{effects:?}");
    let (outbox, _) = outbox.step(Event::Answered(id(2), Answer::Recorded(None)));
    let (_, effects) = outbox.step(Event::Retried(id(1)));
    assert_eq!(effects, [Effect::Store(id(1)), Effect::Send(id(1))]);
}

#[test]
fn what_failed_on_the_server_is_sent_again_by_itself() {
    let (outbox, effects) = run(
        Outbox::new(ADA),
        vec![Event::Submitted(entry(1, 1)), Event::Answered(id(1), refused(Refused::Passing))],
    );
    assert!(matches!(effects[..], [Effect::Wake(_), Effect::Store(_)]), "{effects:?}");
    let (_, effects) = outbox.step(Event::Woken);
    assert_eq!(effects, [Effect::Store(id(1)), Effect::Send(id(1))]);
}

#[test]
fn a_refused_form_that_is_still_open_is_not_kept_twice() {
    let mut form = entry(1, 1);
    form.content.form_is_open = true;
    let events = vec![Event::Submitted(form), Event::Answered(id(1), refused(Refused::Invalid))];
    let (outbox, effects) = run(Outbox::new(ADA), events);
    assert!(outbox.entries().is_empty());
    assert_eq!(effects, [Effect::Delete(id(1))]);
}

#[test]
fn a_form_that_is_sent_without_a_connection_is_held_when_it_is_refused() {
    let mut form = entry(1, 1);
    form.content.form_is_open = true;
    let answer = refused(Refused::Invalid);
    let events = vec![
        Event::Unreachable,
        Event::Submitted(form),
        Event::Reachable,
        Event::Answered(id(1), answer),
    ];
    let (outbox, effects) = run(Outbox::new(ADA), events);
    assert!(matches!(outbox.entries()[0].stage, Stage::Held(_)));
    assert_eq!(effects, [Effect::Store(id(1))]);
}

#[test]
fn the_session_is_checked_when_another_page_reports_it_and_while_nobody_is_signed_in() {
    let (outbox, effects) = Outbox::<Edit>::new(ADA).step(Event::SessionChanged);
    assert_eq!(effects, [Effect::CheckSession]);
    assert_eq!(outbox.connection(), Connection::Up);
    let (outbox, _) = outbox.step(Event::Session(None));
    let (outbox, effects) = outbox.step(Event::Reachable);
    assert_eq!(effects, [Effect::CheckSession]);
    assert_eq!(outbox.connection(), Connection::SignedOut);
    let (_, effects) = outbox.step(Event::Woken);
    assert_eq!(effects, [Effect::Wake(MAX_WAIT), Effect::CheckSession]);
}

#[test]
fn another_persons_session_sends_nothing() {
    let (outbox, effects) =
        run(Outbox::new(ADA), vec![Event::Session(Some(INES)), Event::Submitted(entry(1, 1))]);
    assert_eq!(effects, [Effect::Store(id(1))]);
    let (outbox, effects) = outbox.step(Event::Reachable);
    assert_eq!(effects, [Effect::CheckSession]);
    let (_, effects) = outbox.step(Event::Session(Some(ADA)));
    assert_eq!(effects, [Effect::Send(id(1))]);

    let theirs = OutboxEntry { person: INES, ..entry(2, 1) };
    let (outbox, effects) = Outbox::new(ADA).step(Event::Adopted(vec![theirs]));
    assert!(outbox.entries().is_empty() && effects.is_empty());
}

#[test]
fn what_a_page_left_behind_is_sent_and_what_was_refused_stays_refused() {
    let held = Held { why: "No.".into(), kind: Refused::Invalid };
    let left = vec![
        entry(1, 1),
        OutboxEntry { stage: Stage::Sending, ..entry(2, 2) },
        OutboxEntry { stage: Stage::Held(held.clone()), ..entry(3, 3) },
    ];
    let (outbox, _) = Outbox::new(ADA).step(Event::Adopted(left));
    let expected = [(1, Stage::Sending), (2, Stage::Waiting), (3, Stage::Held(held))];
    assert_eq!(stages(&outbox), expected);
}

#[derive(Clone, Debug)]
enum Happening {
    Drafted(u128, u8),
    Submitted(u128, u8),
    Discarded(u128),
    Answered(u8),
    Reachable,
    Unreachable,
    Session(bool),
    Woken,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        (0..6_u128, 0..3_u8).prop_map(|(id, field)| Happening::Drafted(id, field)),
        (0..6_u128, 0..3_u8).prop_map(|(id, field)| Happening::Submitted(id, field)),
        (0..6_u128).prop_map(Happening::Discarded),
        (0..6_u8).prop_map(Happening::Answered),
        Just(Happening::Reachable),
        Just(Happening::Unreachable),
        any::<bool>().prop_map(Happening::Session),
        Just(Happening::Woken),
    ]
}

proptest! {
    #[test]
    fn nothing_is_lost_and_everything_arrives_in_the_end(
        happenings in proptest::collection::vec(happening(), 0..60)
    ) {
        let mut outbox = Outbox::new(ADA);
        let mut there = BTreeSet::new();
        let mut on_disk = BTreeSet::new();
        for happening in happenings {
            let before = there.clone();
            let sending = outbox.entries().iter().find(|it| it.stage == Stage::Sending);
            let event = match happening {
                Happening::Drafted(id, field) => Event::Drafted(entry(id, field)),
                Happening::Submitted(id, field) => Event::Submitted(entry(id, field)),
                Happening::Discarded(id) => Event::Discarded(Uuid::from_u128(id)),
                Happening::Reachable => Event::Reachable,
                Happening::Unreachable => Event::Unreachable,
                Happening::Session(own) => Event::Session(Some(if own { ADA } else { INES })),
                Happening::Woken => Event::Woken,
                Happening::Answered(how) => {
                    let Some(sending) = sending else { continue };
                    let answer = match how {
                        0 => Answer::Recorded(None),
                        1 => refused(Refused::Conflict),
                        2 => refused(Refused::Passing),
                        3 => Answer::NotSignedIn,
                        4 => Answer::TooEarly(Duration::from_secs(5)),
                        _ => Answer::Lost,
                    };
                    Event::Answered(sending.id, answer)
                }
            };
            let may_go = match &event {
                Event::Discarded(id) | Event::Answered(id, Answer::Recorded(_)) => Some(*id),
                _ => None,
            };
            let replaces = matches!(event, Event::Submitted(_));
            let able = outbox.connection();
            let (next, effects) = outbox.step(event);
            outbox = next;
            there = outbox.entries().iter().map(|it| it.id).collect();
            for gone in before.difference(&there) {
                prop_assert!(replaces || may_go == Some(*gone), "an entry was lost");
            }
            for effect in &effects {
                match effect {
                    Effect::Store(id) => drop(on_disk.insert(*id)),
                    Effect::Delete(id) => drop(on_disk.remove(id)),
                    Effect::Send(id) => {
                        prop_assert_eq!(&outbox.entry(*id).unwrap().stage, &Stage::Sending);
                        prop_assert!(outbox.connection() != Connection::SignedOut, "{able:?}");
                    }
                    Effect::Wake(_) | Effect::CheckSession => {}
                    Effect::ReportReplaced(id) => {
                        prop_assert!(outbox.entry(*id).is_none() && replaces);
                    }
                }
            }
            prop_assert_eq!(&on_disk, &there);
            let sending = outbox.entries().iter().filter(|it| it.stage == Stage::Sending);
            prop_assert!(sending.count() <= 1, "two of a lane on their way at once");
        }

        // The person signs in, everything is submitted, and the server records all requests.
        let all: Vec<_> = outbox.entries().to_vec();
        for entry in all {
            outbox = outbox.step(Event::Retried(entry.id)).0;
            outbox = outbox.step(Event::Submitted(entry)).0;
        }
        outbox = outbox.step(Event::Session(Some(ADA))).0;
        for _ in 0..20 {
            let sending = outbox.entries().iter().find(|it| it.stage == Stage::Sending);
            let Some(id) = sending.map(|it| it.id) else { break };
            outbox = outbox.step(Event::Answered(id, Answer::Recorded(None))).0;
        }
        prop_assert!(outbox.entries().is_empty(), "{:?}", stages(&outbox));
    }
}
