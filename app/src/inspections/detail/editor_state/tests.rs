//! Tests of the editor's state: no text is lost, and none is saved over another person's.

use super::*;
use domain::inspection::Value;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// The page of a test: the recorded text and the next id of an outbox entry.
struct TestPage {
    recorded: Option<String>,
    next: u128,
}

impl TestPage {
    fn new(recorded: &str) -> Self {
        Self { recorded: Some(recorded.into()), next: 1 }
    }

    fn step(
        &mut self,
        editor: EditorState,
        input: EditorInput,
    ) -> (EditorState, Vec<EditorEffect>) {
        let read = |text: &str| match text.trim() {
            "invalid" => Err("Not valid.".to_owned()),
            text => Ok(ParsedDraft { value: Value::text(text), text: text.to_owned() }),
        };
        let context = EditorContext {
            recorded: self.recorded.clone(),
            read: &read,
            conflict: &|| "Ada was faster.".to_owned(),
            new_entry: id(self.next),
        };
        self.next += 1;
        editor.step(input, &context)
    }

    /// Processes the inputs and returns the effects of the last.
    fn run(
        &mut self,
        editor: EditorState,
        inputs: impl IntoIterator<Item = EditorInput>,
    ) -> (EditorState, Vec<EditorEffect>) {
        let mut last = (editor, Vec::new());
        for input in inputs {
            last = self.step(last.0, input);
        }
        last
    }
}

fn id(id: u128) -> Uuid {
    Uuid::from_u128(id)
}

fn editor(recorded: &str) -> EditorState {
    EditorState::new(ValueKind::Prose, recorded.into())
}

fn typed(text: &str) -> EditorInput {
    EditorInput::Typed(text.into())
}

fn recorded(entry: u128, sent: &str) -> EditorInput {
    EditorInput::Answered { entry: id(entry), sent: sent.into(), refusal: None }
}

fn refused(entry: u128, sent: &str, recovery: Option<SaveRecovery>) -> EditorInput {
    let refusal = Some(("No.".to_owned(), recovery));
    EditorInput::Answered { entry: id(entry), sent: sent.into(), refusal }
}

fn store(entry: u128, text: &str) -> EditorEffect {
    EditorEffect::Store { entry: id(entry), text: text.into() }
}

fn send(entry: u128, text: &str) -> EditorEffect {
    EditorEffect::Send { entry: id(entry), value: Value::text(text), text: text.into() }
}

fn conflict() -> Saved {
    Saved::Failed("Ada was faster.".into())
}

#[test]
fn each_key_is_stored_and_a_pause_sends_the_text() {
    let mut page = TestPage::new("");
    let (editor, effects) = page.step(editor(""), typed("S"));
    assert_eq!(effects, [store(1, "S"), EditorEffect::StartTimer(PROSE_PAUSE)]);
    let (editor, effects) = page.step(editor, typed("Sl"));
    assert_eq!(effects[0], store(1, "Sl"), "under the same id");
    let (editor, effects) = page.step(editor, EditorInput::SaveRequested);
    assert_eq!(effects, [EditorEffect::StopTimer, send(1, "Sl")]);
    assert_eq!(editor.saved(), &Saved::Saving);
    let (editor, _) = page.step(editor, recorded(1, "Sl"));
    assert_eq!((editor.saved(), editor.is_unsaved()), (&Saved::Saved, false));
}

#[test]
fn text_typed_while_another_is_sent_gets_an_entry_of_its_own() {
    let mut page = TestPage::new("");
    let inputs = [typed("a"), EditorInput::SaveRequested];
    let (editor, _) = page.run(editor(""), inputs);
    page.recorded = Some("a".into());
    let (editor, effects) = page.step(editor, typed("ab"));
    assert_eq!(effects[0], store(3, "ab"));
    let (editor, _) = page.step(editor, recorded(1, "a"));
    assert_eq!(editor.saved(), &Saved::Saving, "the newer text is not saved");
    let (_, effects) = page.step(editor, EditorInput::Left);
    assert_eq!(effects, [EditorEffect::StopTimer, send(3, "ab")]);
}

#[test]
fn a_text_that_is_typed_back_is_discarded() {
    let (editor, effects) = TestPage::new("a").run(editor("a"), [typed("ab"), typed("a")]);
    assert_eq!(effects[0], EditorEffect::Discard(id(1)));
    assert!(!editor.is_unsaved());
}

#[test]
fn without_a_draft_the_control_follows_the_record_and_with_one_it_does_not() {
    let mut page = TestPage::new("a");
    page.recorded = Some("theirs".into());
    let (editor, _) = page.step(editor("a"), EditorInput::Recorded);
    assert_eq!(editor.draft(), "theirs");
    let (editor, _) = page.step(editor, typed("mine"));
    page.recorded = Some("newer".into());
    let (editor, _) = page.step(editor, EditorInput::Recorded);
    assert_eq!(editor.draft(), "mine");
}

#[test]
fn a_conflict_waits_for_a_decision() {
    let mut page = TestPage::new("a");
    let (editor, _) = page.step(editor("a"), typed("mine"));
    page.recorded = Some("theirs".into());
    let (editor, effects) = page.step(editor, EditorInput::SaveRequested);
    assert_eq!(effects, [EditorEffect::StopTimer]);
    assert_eq!((editor.saved(), editor.recovery()), (&conflict(), Some(SaveRecovery::Decide)));
    // Neither leaving nor another save decides.
    let (editor, effects) = page.step(editor, EditorInput::Left);
    assert_eq!(effects, []);
    let (editor, effects) = page.step(editor, EditorInput::SaveRequested);
    assert_eq!(effects, [EditorEffect::StopTimer]);

    let mut decide = |decision| {
        let inputs = [EditorInput::Decided(decision), EditorInput::CaughtUp(Ok(()))];
        page.run(editor.clone(), inputs)
    };
    let (mine, effects) = decide(Decision::Mine);
    assert_eq!(effects, [EditorEffect::StopTimer, send(1, "mine")]);
    assert_eq!((mine.draft(), mine.recovery()), ("mine", None));
    let (theirs, effects) = decide(Decision::Theirs);
    assert_eq!(effects, [EditorEffect::StopTimer, EditorEffect::Discard(id(1))]);
    assert_eq!((theirs.draft(), theirs.recovery()), ("theirs", None));
    let (both, effects) = decide(Decision::Both);
    assert_eq!(effects, [store(1, "mine\n\ntheirs")]);
    assert_eq!((both.draft(), both.recovery()), ("mine\n\ntheirs", None));
}

#[test]
fn a_decision_whose_changes_cannot_be_loaded_can_be_made_again() {
    let mut page = TestPage::new("a");
    let (editor, _) = page.step(editor("a"), typed("mine"));
    page.recorded = Some("theirs".into());
    let inputs = [
        EditorInput::SaveRequested,
        EditorInput::Decided(Decision::Theirs),
        EditorInput::CaughtUp(Err("Offline.".into())),
    ];
    let (editor, _) = page.run(editor, inputs);
    assert_eq!((editor.draft(), editor.recovery()), ("mine", Some(SaveRecovery::Decide)));
    // A further answer belongs to no decision.
    let (editor, effects) = page.step(editor, EditorInput::CaughtUp(Ok(())));
    assert_eq!((editor.draft(), &effects[..]), ("mine", &[][..]));
    // Of two decisions the last one counts, once.
    let decide = EditorInput::Decided;
    let (editor, _) = page.run(editor, [decide(Decision::Theirs), decide(Decision::Mine)]);
    let (editor, effects) = page.step(editor, EditorInput::CaughtUp(Ok(())));
    assert_eq!(effects, [EditorEffect::StopTimer, send(1, "mine")]);
    assert_eq!(page.step(editor, EditorInput::CaughtUp(Ok(()))).1, []);
}

#[test]
fn a_refused_text_stays_and_other_text_replaces_it_under_a_new_id() {
    let mut page = TestPage::new("a");
    let inputs = [typed("b"), EditorInput::SaveRequested, refused(1, "b", None)];
    let (editor, _) = page.run(editor("a"), inputs);
    assert_eq!((editor.draft(), editor.refused()), ("b", Some((id(1), "b"))));
    let (_, effects) = page.step(editor, typed("bc"));
    assert_eq!(effects[..2], [EditorEffect::Discard(id(1)), store(4, "bc")]);
}

#[test]
fn a_refused_text_gives_way_to_text_that_was_typed_meanwhile() {
    let mut page = TestPage::new("a");
    let inputs = [typed("b"), EditorInput::SaveRequested, typed("bc"), refused(1, "b", None)];
    let (editor, effects) = page.run(editor("a"), inputs);
    assert_eq!(effects, [EditorEffect::Discard(id(1))]);
    assert_eq!((editor.draft(), editor.refused()), ("bc", None));
    let (_, effects) = page.step(editor, EditorInput::SaveRequested);
    assert_eq!(effects, [EditorEffect::StopTimer, send(3, "bc")]);
}

#[test]
fn a_refused_text_gives_way_to_later_text_on_its_way() {
    let mut page = TestPage::new("a");
    let (editor, _) = page.run(editor("a"), [typed("b"), EditorInput::SaveRequested]);
    page.recorded = Some("b".into());
    let inputs = [typed("c"), EditorInput::SaveRequested];
    let (editor, effects) = page.run(editor, inputs);
    assert_eq!(effects, [EditorEffect::StopTimer, send(3, "c")]);
    page.recorded = Some("c".into());
    let decide = Some(SaveRecovery::Decide);
    let (editor, effects) = page.step(editor, refused(1, "b", decide));
    assert_eq!(effects, [EditorEffect::Discard(id(1))]);
    assert_eq!((editor.saved(), editor.recovery()), (&Saved::Saving, None));
    page.recorded = Some("theirs".into());
    let (editor, effects) = page.step(editor, refused(3, "c", decide));
    assert_eq!(effects, []);
    assert_eq!((editor.refused(), editor.recovery()), (Some((id(3), "c")), decide));
}

#[test]
fn a_text_that_the_server_failed_on_is_sent_again_under_its_id() {
    let mut page = TestPage::new("a");
    let again = Some(SaveRecovery::Again);
    let inputs = [typed("b"), EditorInput::SaveRequested, refused(1, "b", again)];
    let (editor, _) = page.run(editor("a"), inputs);
    assert_eq!(editor.recovery(), again);
    let (_, effects) = page.step(editor.clone(), EditorInput::SaveRequested);
    assert_eq!(effects, [EditorEffect::StopTimer, send(1, "b")]);
    // The outbox may have done so by itself.
    page.recorded = Some("b".into());
    let (editor, _) = page.step(editor, recorded(1, "b"));
    assert_eq!((editor.saved(), editor.recovery(), editor.refused()), (&Saved::Saved, None, None));
}

#[test]
fn an_invalid_text_is_not_sent_and_stays_stored() {
    let (editor, effects) =
        TestPage::new("a").run(editor("a"), [typed("invalid"), EditorInput::Left]);
    assert_eq!(effects, [EditorEffect::StopTimer]);
    assert_eq!((editor.saved(), editor.draft()), (&Saved::Failed("Not valid.".into()), "invalid"));
}

#[test]
fn a_form_that_is_removed_sends_its_text_or_keeps_it() {
    let removed = |inputs: Vec<EditorInput>, recorded: Option<&str>| {
        let mut page = TestPage::new("a");
        let (editor, _) = page.run(editor("a"), inputs);
        page.recorded = recorded.map(str::to_owned);
        let (_, effects) = page.step(editor, EditorInput::Removed);
        assert_eq!(effects[0], EditorEffect::StopTimer);
        effects[1..].to_vec()
    };
    assert_eq!(removed(vec![], Some("a")), []);
    assert_eq!(removed(vec![typed("b")], Some("a")), [send(1, "b")]);
    assert_eq!(removed(vec![typed("b")], Some("b")), [EditorEffect::Discard(id(1))]);
    assert_eq!(removed(vec![typed("b")], None), [EditorEffect::Discard(id(1))]);
    let keep = |why: &str, recovery| {
        let (text, entry) = ("b".to_owned(), Some(id(1)));
        EditorEffect::Keep(Unsaved { text, why: why.into(), recovery, entry })
    };
    let decide = Some(SaveRecovery::Decide);
    assert_eq!(removed(vec![typed("b")], Some("theirs")), [keep("Ada was faster.", decide)]);
    let failed = vec![typed("b"), EditorInput::SaveRequested, refused(1, "b", None)];
    assert_eq!(removed(failed, Some("a")), [keep("No.", None)]);
}

#[test]
fn a_refused_draft_of_an_earlier_page_is_shown_and_watched() {
    let recovery = Some(SaveRecovery::Decide);
    let unsaved = Unsaved { text: "mine".into(), why: "No.".into(), recovery, entry: Some(id(9)) };
    let (editor, effects) = TestPage::new("a").step(editor("a"), EditorInput::Found(unsaved));
    assert_eq!(effects, [EditorEffect::Watch { entry: id(9), text: "mine".into() }]);
    assert_eq!((editor.draft(), editor.recovery()), ("mine", recovery));
    assert!(editor.is_unsaved());
}

#[test]
fn a_choice_is_sent_at_once_or_after_a_moment() {
    let mut page = TestPage::new("");
    let person = EditorState::new(ValueKind::Person, String::new());
    assert_eq!(
        page.step(person, typed("4")).1,
        [store(1, "4"), EditorEffect::StopTimer, send(1, "4")]
    );
    let condition = EditorState::new(ValueKind::Condition, String::new());
    let (_, effects) = page.step(condition, typed("good"));
    assert_eq!(effects, [store(2, "good"), EditorEffect::StartTimer(CHOICE_PAUSE)]);
    let line = EditorState::new(ValueKind::Line, String::new());
    assert_eq!(page.step(line, typed("x")).1, [store(3, "x"), EditorEffect::StopTimer]);
}

#[derive(Clone, Debug)]
enum Happening {
    Typed(u8),
    Save,
    Left,
    Restored,
    Decided(Decision),
    CaughtUp(bool),
    /// Another person records a text.
    Others(u8),
    /// The server answers the oldest save: it is recorded, refused, or it failed.
    Answer(u8),
}

fn happening() -> impl Strategy<Value = Happening> {
    let decision = prop_oneof![Just(Decision::Mine), Just(Decision::Theirs), Just(Decision::Both)];
    prop_oneof![
        6 => (0..5_u8).prop_map(Happening::Typed),
        3 => Just(Happening::Save),
        2 => Just(Happening::Left),
        1 => Just(Happening::Restored),
        2 => decision.prop_map(Happening::Decided),
        2 => any::<bool>().prop_map(Happening::CaughtUp),
        2 => (0..4_u8).prop_map(Happening::Others),
        4 => (0..3_u8).prop_map(Happening::Answer),
    ]
}

/// An editor with its outbox and server.
struct World {
    page: TestPage,
    editor: EditorState,
    /// Texts in the outbox by entry: drafts and refused texts.
    outbox: BTreeMap<Uuid, String>,
    /// Saves without an answer, oldest first.
    sending: Vec<(Uuid, String)>,
    on_server: String,
}

impl World {
    fn step(&mut self, input: EditorInput) {
        let (editor, effects) = self.page.step(self.editor.clone(), input);
        self.editor = editor;
        for effect in effects {
            match effect {
                EditorEffect::Store { entry, text } => {
                    let is_sent = self.sending.iter().any(|(sent, _)| *sent == entry);
                    assert!(!is_sent, "a text on its way was altered");
                    self.outbox.insert(entry, text);
                }
                EditorEffect::Discard(entry) => drop(self.outbox.remove(&entry)),
                EditorEffect::Send { entry, text, .. } => {
                    assert_eq!(self.page.recorded.as_ref(), Some(&self.on_page()));
                    self.outbox.remove(&entry);
                    self.sending.push((entry, text));
                    self.page.recorded = Some(self.on_page());
                }
                EditorEffect::Keep(_) | EditorEffect::Watch { .. } => panic!("{effect:?}"),
                EditorEffect::StartTimer(_) | EditorEffect::StopTimer | EditorEffect::CatchUp => {}
            }
        }
    }

    /// The recorded text with the saves on their way applied.
    fn on_page(&self) -> String {
        self.sending.last().map_or(&self.on_server, |(_, text)| text).clone()
    }

    fn answer(&mut self, how: u8) {
        if self.sending.is_empty() {
            return;
        }
        let (entry, sent) = self.sending.remove(0);
        let refusal = match how {
            0 => {
                self.on_server.clone_from(&sent);
                None
            }
            1 => Some(("No.".to_owned(), Some(SaveRecovery::Decide))),
            _ => Some(("Later.".to_owned(), Some(SaveRecovery::Again))),
        };
        if refusal.is_some() {
            self.outbox.insert(entry, sent.clone());
        }
        self.page.recorded = Some(self.on_page());
        self.step(EditorInput::Answered { entry, sent, refusal });
        self.step(EditorInput::Recorded);
    }
}

proptest! {
    #[test]
    fn typed_text_is_stored_or_on_its_way_until_it_is_recorded_or_discarded(
        happenings in proptest::collection::vec(happening(), 0..60)
    ) {
        let mut world = World {
            page: TestPage::new("0"),
            editor: editor("0"),
            outbox: BTreeMap::new(),
            sending: Vec::new(),
            on_server: "0".into(),
        };
        for happening in happenings {
            match happening {
                Happening::Typed(4) => world.step(typed("invalid")),
                Happening::Typed(text) => world.step(typed(&text.to_string())),
                Happening::Save => world.step(EditorInput::SaveRequested),
                Happening::Left => world.step(EditorInput::Left),
                Happening::Restored => world.step(EditorInput::Restored),
                Happening::Decided(decision) => world.step(EditorInput::Decided(decision)),
                Happening::CaughtUp(through) => {
                    let result = if through { Ok(()) } else { Err("Offline.".to_owned()) };
                    world.step(EditorInput::CaughtUp(result));
                }
                Happening::Others(text) => {
                    world.on_server = text.to_string();
                    world.page.recorded = Some(world.on_page());
                    world.step(EditorInput::Recorded);
                }
                Happening::Answer(how) => world.answer(how),
            }
            let draft = world.editor.draft().to_owned();
            if world.editor.is_unsaved() && draft != world.on_page() {
                let is_stored = world.outbox.values().any(|text| *text == draft);
                prop_assert!(is_stored, "{draft:?} is in no entry: {:?}", world.outbox);
            }
            prop_assert!(world.outbox.len() <= 1, "two entries of a field: {:?}", world.outbox);
        }

        // The person decides for their text, and the server records everything.
        world.step(typed("final"));
        for _ in 0..4 {
            while !world.sending.is_empty() {
                world.answer(0);
            }
            world.step(EditorInput::SaveRequested);
            world.step(EditorInput::Decided(Decision::Mine));
            world.step(EditorInput::CaughtUp(Ok(())));
        }
        while !world.sending.is_empty() {
            world.answer(0);
        }
        prop_assert_eq!(&world.on_server, "final");
        prop_assert_eq!((world.editor.draft(), world.editor.is_unsaved()), ("final", false));
        prop_assert_eq!(world.editor.recovery(), None);
        prop_assert!(world.outbox.is_empty(), "{:?}", world.outbox);
    }
}
