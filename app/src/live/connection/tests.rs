//! Tests of the live connection: one stream for a browser, and no event lost or doubled.

use super::*;
use proptest::prelude::*;
use std::collections::VecDeque;

const CHANGED: &str = "changed";

fn page() -> LiveConnection {
    LiveConnection::new(&[CHANGED])
}

fn received(name: &str, data: &str) -> LiveInput {
    LiveInput::Received { name: name.into(), data: data.into() }
}

fn heard(name: &str, data: &str) -> LiveInput {
    LiveInput::Heard { name: name.into(), data: data.into() }
}

fn said(name: &str, data: &str) -> LiveEffect {
    LiveEffect::Broadcast { name: name.into(), data: data.into() }
}

fn notified(name: &str, data: &str) -> LiveEffect {
    LiveEffect::Notify(LiveEvent { name: name.into(), data: data.into() })
}

/// Processes the inputs and returns the effects of the last.
fn run(
    page: LiveConnection,
    inputs: impl IntoIterator<Item = LiveInput>,
) -> (LiveConnection, Vec<LiveEffect>) {
    let mut last = (page, Vec::new());
    for input in inputs {
        last = last.0.step(input);
    }
    last
}

fn leader() -> LiveConnection {
    run(page(), [LiveInput::Shown, LiveInput::LockGranted]).0
}

#[test]
fn the_page_that_gets_the_lock_opens_the_stream_and_forwards_its_events() {
    let (page, effects) = page().step(LiveInput::Shown);
    assert_eq!(effects, [said(ASK, ""), LiveEffect::RequestLock]);
    let (page, effects) = page.step(LiveInput::LockGranted);
    assert_eq!(effects, [LiveEffect::OpenStream]);
    let (page, effects) = page.step(received(HERE, r#"{"last": 3}"#));
    assert_eq!(effects, [said(HERE, r#"{"last": 3}"#), notified(HERE, r#"{"last": 3}"#)]);
    let (page, effects) = page.step(received(CHANGED, r#"{"last": 4}"#));
    assert_eq!(effects, [said(CHANGED, r#"{"last": 4}"#), notified(CHANGED, r#"{"last": 4}"#)]);
    // A new page learns that the stream is open.
    let (_, effects) = page.step(heard(ASK, ""));
    assert_eq!(effects, [said(STATE, r#"{"last": 4}"#)]);
}

#[test]
fn a_follower_takes_only_the_first_answer_to_its_question() {
    let (page, _) = page().step(LiveInput::Shown);
    let (page, effects) = page.step(heard(STATE, r#"{"last": 4}"#));
    assert_eq!(effects, [notified(HERE, r#"{"last": 4}"#)]);
    let (page, effects) = page.step(heard(STATE, r#"{"last": 4}"#));
    assert_eq!(effects, []);
    let (_, effects) = page.step(heard("reviewed", "{}"));
    assert_eq!(effects, [], "the page does not listen to it");
}

#[test]
fn a_hidden_page_lets_another_lead_and_reloads_when_it_is_shown_again() {
    let (page, _) = leader().step(received(HERE, "{}"));
    let (page, effects) = page.step(LiveInput::Hidden);
    assert_eq!(effects, [LiveEffect::CloseStream, LiveEffect::ReleaseLock]);
    assert_eq!(page.clone().step(heard(CHANGED, "{}")).1, []);
    assert_eq!(page.clone().step(heard(ASK, "")).1, []);
    assert_eq!(page.clone().step(LiveInput::Online).1, []);
    let (_, effects) = run(page, [LiveInput::Shown, heard(STATE, "{}")]);
    assert_eq!(effects, [notified(MISSED, "")]);
}

#[test]
fn a_lock_that_is_granted_too_late_opens_no_stream() {
    let (_, effects) = run(page(), [LiveInput::Shown, LiveInput::Hidden, LiveInput::LockGranted]);
    assert_eq!(effects, []);
}

#[test]
fn a_break_is_shown_on_all_pages_until_the_stream_is_back() {
    let (page, _) = leader().step(received(HERE, "{}"));
    let (page, effects) = page.step(LiveInput::Broken);
    assert_eq!(effects, [said(BROKEN, ""), LiveEffect::Show(ConnectionState::Offline)]);
    // Nobody is told that the stream is open.
    assert_eq!(page.clone().step(heard(ASK, "")).1, []);
    let (_, effects) = page.step(received(HERE, "{}"));
    let expected =
        [said(HERE, "{}"), LiveEffect::Show(ConnectionState::Live), notified(MISSED, "")];
    assert_eq!(effects, expected);
}

#[test]
fn a_returning_network_reopens_the_stream_or_applies_for_the_lead() {
    assert_eq!(leader().step(LiveInput::Online).1, [LiveEffect::OpenStream]);
    let (page, effects) = run(page(), [LiveInput::Shown, LiveInput::Offline]);
    assert_eq!(effects, [LiveEffect::Show(ConnectionState::Offline)]);
    assert_eq!(page.step(LiveInput::Online).1, [], "it has applied already");
}

#[test]
fn a_stream_that_was_closed_for_good_is_reopened_after_one_check_of_the_session() {
    let ticked = || LiveInput::Ticked { is_closed: true };
    assert_eq!(leader().step(LiveInput::Ticked { is_closed: false }).1, []);
    let (page, effects) = leader().step(ticked());
    assert_eq!(effects, [LiveEffect::CheckSession]);
    let (page, effects) = page.step(ticked());
    assert_eq!(effects, [], "a check is running");
    let (page, effects) = page.step(LiveInput::SessionChecked(SessionCheck::Unanswered));
    assert_eq!(effects, []);
    let (page, effects) = page.step(ticked());
    assert_eq!(effects, [LiveEffect::CheckSession]);
    let (page, effects) = page.step(LiveInput::SessionChecked(SessionCheck::SignedIn));
    assert_eq!(effects, [LiveEffect::OpenStream]);
    let (_, effects) = page.step(LiveInput::SessionChecked(SessionCheck::SignedIn));
    assert_eq!(effects, [], "a late answer");
}

#[test]
fn an_answer_for_an_earlier_lead_opens_no_stream() {
    let inputs = [
        LiveInput::Ticked { is_closed: true },
        LiveInput::Hidden,
        LiveInput::Shown,
        LiveInput::SessionChecked(SessionCheck::SignedIn),
    ];
    assert_eq!(run(leader(), inputs).1, []);
}

#[test]
fn an_ended_session_stops_all_pages_until_one_is_shown_again() {
    let (page, effects) = run(
        leader(),
        [LiveInput::Ticked { is_closed: true }, LiveInput::SessionChecked(SessionCheck::SignedOut)],
    );
    let expected = [
        said(SIGNED_OUT, ""),
        LiveEffect::CloseStream,
        LiveEffect::ReleaseLock,
        LiveEffect::Show(ConnectionState::SignedOut),
    ];
    assert_eq!(effects, expected);
    // Losing the network does not hide that.
    assert_eq!(page.clone().step(LiveInput::Offline).1, []);
    assert_eq!(page.step(LiveInput::Shown).1, [said(ASK, ""), LiveEffect::RequestLock]);
}

#[test]
fn a_displaced_browser_opens_no_stream_until_a_page_is_shown_again() {
    let (page, effects) = leader().step(received(DISPLACED, ""));
    let expected = [
        said(DISPLACED, ""),
        LiveEffect::CloseStream,
        LiveEffect::Show(ConnectionState::Displaced),
        LiveEffect::Settle,
    ];
    assert_eq!(effects, expected);
    let (page, effects) = page.step(LiveInput::Settled);
    assert_eq!(effects, [LiveEffect::ReleaseLock]);
    assert_eq!(page.step(LiveInput::Shown).1, [said(ASK, ""), LiveEffect::RequestLock]);

    // A follower that gets the lock from the displaced leader does not use it.
    let (_, effects) = run(page_shown(), [heard(DISPLACED, ""), LiveInput::LockGranted]);
    assert_eq!(effects, []);
    // The timer of an earlier displacement does not stop a page that was shown again.
    let inputs = [LiveInput::Hidden, LiveInput::Shown, LiveInput::Settled];
    let (page, _) = leader().step(received(DISPLACED, ""));
    assert_eq!(run(page, inputs).1, []);
}

fn page_shown() -> LiveConnection {
    page().step(LiveInput::Shown).0
}

/// Pages of one browser with their lock, stream and channel.
struct Browser {
    pages: Vec<LiveConnection>,
    /// Pages that have requested the lock; the first holds it.
    lock: VecDeque<usize>,
    /// Whether the first has been told that it holds the lock.
    is_granted: bool,
    /// Pages with an open stream.
    streams: Vec<bool>,
    /// Messages on their way: receiver, name, data.
    messages: VecDeque<(usize, String, String)>,
    checking: Vec<bool>,
    settling: Vec<bool>,
    /// Data of the `changed` events that each page was notified of.
    notified: Vec<Vec<String>>,
}

impl Browser {
    fn new(pages: usize) -> Self {
        Self {
            pages: vec![page(); pages],
            lock: VecDeque::new(),
            is_granted: false,
            streams: vec![false; pages],
            messages: VecDeque::new(),
            checking: vec![false; pages],
            settling: vec![false; pages],
            notified: vec![Vec::new(); pages],
        }
    }

    fn step(&mut self, at: usize, input: LiveInput) {
        let (page, effects) = self.pages[at].clone().step(input);
        self.pages[at] = page;
        for effect in effects {
            match effect {
                LiveEffect::Broadcast { name, data } => {
                    let others = (0..self.pages.len()).filter(|page| *page != at);
                    self.messages.extend(others.map(|page| (page, name.clone(), data.clone())));
                }
                LiveEffect::RequestLock => {
                    assert!(!self.lock.contains(&at), "the lock was requested twice");
                    self.lock.push_back(at);
                }
                LiveEffect::ReleaseLock => {
                    if self.lock.front() == Some(&at) {
                        self.is_granted = false;
                    }
                    self.lock.retain(|page| *page != at);
                }
                LiveEffect::OpenStream => self.streams[at] = true,
                LiveEffect::CloseStream => self.streams[at] = false,
                LiveEffect::CheckSession => self.checking[at] = true,
                LiveEffect::Settle => self.settling[at] = true,
                LiveEffect::Notify(LiveEvent { name, data }) if name == CHANGED => {
                    self.notified[at].push(data);
                }
                LiveEffect::Notify(_) | LiveEffect::Show(_) => {}
            }
        }
        for (page, is_open) in self.streams.iter().enumerate() {
            assert!(!is_open || self.lock.front() == Some(&page), "a stream without the lock");
        }
    }

    fn grant(&mut self) {
        if let Some(first) = self.lock.front().copied()
            && !std::mem::replace(&mut self.is_granted, true)
        {
            self.step(first, LiveInput::LockGranted);
        }
    }

    fn deliver(&mut self) {
        if let Some((page, name, data)) = self.messages.pop_front() {
            self.step(page, LiveInput::Heard { name, data });
        }
    }

    fn rest(&mut self) {
        while !self.messages.is_empty() || !self.is_granted && !self.lock.is_empty() {
            self.deliver();
            self.grant();
        }
    }
}

#[derive(Clone, Debug)]
enum Happening {
    Input(usize, LiveInput),
    /// The open stream receives or does this.
    Stream(LiveInput),
    Checked(usize, SessionCheck),
    Settled(usize),
    Grant,
    Deliver,
}

fn happening() -> impl Strategy<Value = Happening> {
    let page = 0..3_usize;
    let check = prop_oneof![
        Just(SessionCheck::SignedIn),
        Just(SessionCheck::SignedOut),
        Just(SessionCheck::Unanswered)
    ];
    let input = prop_oneof![
        3 => Just(LiveInput::Shown),
        2 => Just(LiveInput::Hidden),
        1 => Just(LiveInput::Offline),
        1 => Just(LiveInput::Online),
        1 => any::<bool>().prop_map(|is_closed| LiveInput::Ticked { is_closed }),
    ];
    let stream = prop_oneof![
        2 => Just(received(HERE, r#"{"last": 1}"#)),
        2 => Just(received(CHANGED, r#"{"last": 2}"#)),
        1 => Just(received(DISPLACED, "")),
        1 => Just(received(SIGNED_OUT, "")),
        1 => Just(LiveInput::Broken),
        1 => Just(LiveInput::Ticked { is_closed: true }),
    ];
    prop_oneof![
        4 => (page.clone(), input).prop_map(|(page, input)| Happening::Input(page, input)),
        4 => stream.prop_map(Happening::Stream),
        2 => (page.clone(), check).prop_map(|(page, check)| Happening::Checked(page, check)),
        2 => page.prop_map(Happening::Settled),
        3 => Just(Happening::Grant),
        6 => Just(Happening::Deliver),
    ]
}

proptest! {
    #[test]
    fn one_stream_is_open_and_each_visible_page_hears_each_event_once(
        happenings in proptest::collection::vec(happening(), 0..80)
    ) {
        let mut browser = Browser::new(3);
        for happening in happenings {
            match happening {
                Happening::Input(page, input) => browser.step(page, input),
                Happening::Stream(input) => {
                    if let Some(page) = browser.streams.iter().position(|is_open| *is_open) {
                        browser.step(page, input);
                    }
                }
                Happening::Checked(page, check) => {
                    if std::mem::take(&mut browser.checking[page]) {
                        browser.step(page, LiveInput::SessionChecked(check));
                    }
                }
                Happening::Settled(page) => {
                    if std::mem::take(&mut browser.settling[page]) {
                        browser.step(page, LiveInput::Settled);
                    }
                }
                Happening::Grant => browser.grant(),
                Happening::Deliver => browser.deliver(),
            }
        }

        // All pages are connected once they are shown again, after any sequence of inputs.
        for page in 0..3 {
            browser.step(page, LiveInput::Hidden);
        }
        browser.rest();
        for page in 0..3 {
            browser.step(page, LiveInput::Shown);
        }
        browser.rest();
        prop_assert_eq!(browser.streams.iter().filter(|is_open| **is_open).count(), 1);
        let leader = browser.streams.iter().position(|is_open| *is_open).unwrap();
        browser.step(leader, received(HERE, r#"{"last": 7}"#));
        browser.rest();
        browser.notified = vec![Vec::new(); 3];
        browser.step(leader, received(CHANGED, r#"{"last": 8}"#));
        browser.rest();
        for page in 0..3 {
            prop_assert_eq!(browser.pages[page].state, ConnectionState::Live);
            prop_assert_eq!(&browser.notified[page], &[r#"{"last": 8}"#]);
        }
    }
}
