//! Tests of the dashboard's state: order of actions, their undo, and entries that stay away.

use super::*;
use crate::ui::Toasts;
use domain::id::InspectionId;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Id of the field that a test sends a text from.
const FIELD: &str = "note-1";

fn unreviewed() -> ChangeFilter {
    ChangeFilter { states: vec![ReviewState::Unreviewed], ..ChangeFilter::default() }
}

fn entry(id: i64) -> EntryKey {
    EntryKey::Inspection(InspectionId(id))
}

fn pair(name: &str, value: impl ToString) -> (String, String) {
    (name.into(), value.to_string())
}

/// A form that marks an entry as reviewed.
fn review(id: i64) -> Form {
    vec![pair("do", "reviewed"), pair("entry", entry(id))]
}

fn undo_of(id: i64) -> Form {
    vec![pair("do", "undo"), pair("review", id)]
}

fn done(undo: Option<Form>) -> Result<Outcome, AppError> {
    Ok(Outcome { says: "Done.".into(), undo, ..Outcome::default() })
}

fn shown(round: u32, entries: &[i64]) -> DashboardInput {
    DashboardInput::PageShown {
        query: unreviewed().to_query(),
        round,
        newest: Some(ChangeId(9)),
        entries: entries.iter().map(|id| entry(*id)).collect(),
    }
}

fn click(id: i64) -> DashboardInput {
    let submit = Some(SubmitOrigin::default());
    DashboardInput::Acted { form: review(id), submit, now: 0.0 }
}

fn answered(result: Result<Outcome, AppError>) -> DashboardInput {
    DashboardInput::Answered { result, now: 0.0 }
}

/// Processes the inputs and returns the effects of the last.
fn run(
    model: DashboardModel,
    inputs: impl IntoIterator<Item = DashboardInput>,
) -> (DashboardModel, Vec<DashboardEffect>) {
    let mut last = (model, Vec::new());
    for input in inputs {
        last = last.0.step(input);
    }
    last
}

/// A page of unreviewed entries 1, 2 and 3, from request 1.
fn open() -> DashboardModel {
    let inputs = [
        DashboardInput::Filtered(unreviewed()),
        DashboardInput::PageRequested,
        shown(1, &[1, 2, 3]),
    ];
    run(DashboardModel::default(), inputs).0
}

fn sent(effects: &[DashboardEffect]) -> Vec<Form> {
    let sent = effects.iter().filter_map(|effect| match effect {
        DashboardEffect::Send { form, .. } => Some(form.clone()),
        _ => None,
    });
    sent.collect()
}

fn leaving(model: &DashboardModel) -> Vec<EntryKey> {
    model.leaving().collect()
}

#[test]
fn a_single_entry_leaves_at_once_and_comes_back_when_the_server_refuses() {
    let (model, effects) = open().step(click(2));
    assert_eq!(effects[0], DashboardEffect::PassFocus { going: vec![entry(2)], at_once: true });
    assert_eq!((leaving(&model), sent(&effects)), (vec![entry(2)], vec![review(2)]));
    let (model, effects) = model.step(answered(Err(AppError::Internal)));
    assert_eq!(leaving(&model), []);
    assert!(effects.contains(&DashboardEffect::Say(Some(Err(AppError::Internal)))));
    assert_eq!(effects.last(), Some(&DashboardEffect::Refresh));
}

#[test]
fn a_selection_leaves_with_the_answer() {
    let mut form = review(1);
    form.push(pair("entry", entry(3)));
    let submit = Some(SubmitOrigin { is_selection: true, field: None });
    let (model, _) = open().step(DashboardInput::Acted { form, submit, now: 0.0 });
    assert_eq!(leaving(&model), []);
    let (model, effects) = model.step(answered(done(None)));
    assert_eq!(leaving(&model), [entry(1), entry(3)]);
    let expected = DashboardEffect::FormAnswered { act: 1, arrived: true, through: true };
    assert_eq!(effects[..2], [expected, DashboardEffect::DeselectAll]);
}

#[test]
fn an_entry_stays_where_it_matches_the_filter_afterwards() {
    let all = DashboardInput::Filtered(ChangeFilter::default());
    let (model, effects) = run(open(), [all, click(2)]);
    assert_eq!(effects[0], DashboardEffect::PassFocus { going: vec![], at_once: true });
    assert_eq!(leaving(&model), []);
}

#[test]
fn an_entry_that_left_does_not_come_back_with_a_page_requested_before() {
    let requested = || DashboardInput::PageRequested;
    let inputs = [click(2), requested(), answered(done(None)), shown(2, &[1, 2, 3])];
    let (model, _) = run(open(), inputs);
    assert_eq!(leaving(&model), [entry(2)]);
    // The page requested afterwards decides.
    let (model, _) = run(model, [requested(), shown(3, &[1, 3])]);
    assert_eq!(leaving(&model), []);
}

#[test]
fn actions_are_sent_one_at_a_time_in_their_order() {
    let (model, effects) = run(open(), [click(1), click(2)]);
    assert_eq!(sent(&effects), [] as [Form; 0]);
    assert_eq!(leaving(&model), [entry(1), entry(2)]);
    let (model, effects) = model.step(answered(Err(AppError::Offline)));
    assert_eq!(sent(&effects), [review(2)], "a failed action does not stop the next");
    assert_eq!(leaving(&model), [entry(2)]);
    let (_, effects) = model.step(answered(done(None)));
    assert_eq!(sent(&effects), [] as [Form; 0]);
}

#[test]
fn a_failed_repetition_does_not_bring_back_an_entry_that_left() {
    let inputs = [click(1), click(1), answered(done(None)), answered(Err(AppError::Internal))];
    assert_eq!(leaving(&run(open(), inputs).0), [entry(1)]);
}

#[test]
fn undo_waits_for_the_running_action_and_applies_to_it() {
    let undo = DashboardInput::UndoRequested { now: 0.0 };
    let (model, effects) = run(open(), [click(1), undo.clone()]);
    assert_eq!(effects, []);
    let (model, effects) = model.step(answered(done(Some(undo_of(1)))));
    assert_eq!(sent(&effects), [undo_of(1)]);
    let (model, _) = model.step(answered(done(None)));
    assert_eq!(leaving(&model), [], "the entry comes back");
    let (_, effects) = model.step(undo);
    assert_eq!(effects, [DashboardEffect::Toast("Nothing to undo.".into())]);
}

#[test]
fn an_undo_brings_back_the_entries_of_its_action_alone() {
    let inputs = [
        click(1),
        answered(done(Some(undo_of(1)))),
        click(2),
        answered(done(Some(undo_of(2)))),
        DashboardInput::UndoRequested { now: 0.0 },
        answered(done(None)),
    ];
    assert_eq!(leaving(&run(open(), inputs).0), [entry(1)]);
}

#[test]
fn an_undo_that_fails_is_offered_again_and_one_expires_after_its_toast() {
    let undo = |now: f64| DashboardInput::UndoRequested { now };
    let (model, effects) = run(open(), [click(1), answered(done(Some(undo_of(1)))), undo(1.0)]);
    assert_eq!(sent(&effects), [undo_of(1)]);
    let failed = DashboardInput::Answered { result: Err(AppError::Offline), now: 2.0 };
    let (model, _) = model.step(failed);
    let late = 3.0 + Toasts::STAY.as_secs_f64() * 1_000.0;
    assert_eq!(sent(&model.clone().step(undo(3.0)).1), [undo_of(1)]);
    assert_eq!(sent(&model.step(undo(late)).1), [] as [Form; 0]);
}

#[test]
fn the_toast_says_how_many_more_can_be_undone() {
    let inputs =
        [click(1), answered(done(Some(undo_of(1)))), click(2), answered(done(Some(undo_of(2))))];
    let (model, effects) = run(open(), inputs);
    let says = "Done. 1 more can be undone.".to_owned();
    assert!(effects.contains(&DashboardEffect::ToastUndo { says, form: undo_of(2) }));
    // A comment cannot be undone, so the toast with the button stays.
    let (model, effects) = run(model, [click(3), answered(done(None))]);
    assert!(effects.contains(&DashboardEffect::ToastBesides("Done.".into())));
    let chosen = DashboardInput::UndoChosen { form: undo_of(2), now: 0.0 };
    let (_, effects) = run(model, [chosen, answered(done(None))]);
    let says = "Done. 1 more can be undone.".to_owned();
    assert!(effects.contains(&DashboardEffect::ToastUndo { says, form: undo_of(1) }));
}

#[test]
fn an_error_about_a_text_is_shown_at_its_field_and_the_end_of_the_session_above() {
    let failed = |error: AppError| {
        let submit = Some(SubmitOrigin { field: Some(FIELD.into()), is_selection: false });
        let acted = DashboardInput::Acted { form: review(1), submit, now: 0.0 };
        run(open(), [acted, answered(Err(error))]).1
    };
    let at_field = DashboardEffect::ShowFieldError(Some((FIELD.into(), AppError::Offline)));
    let effects = failed(AppError::Offline);
    assert_eq!(
        effects[0],
        DashboardEffect::FormAnswered { act: 1, arrived: false, through: false }
    );
    assert!(effects.contains(&at_field));
    assert!(
        failed(AppError::SignInNeeded)
            .contains(&DashboardEffect::Say(Some(Err(AppError::SignInNeeded))))
    );
}

#[test]
fn several_announcements_cause_one_reload_and_reloads_are_a_second_apart() {
    let announced = |newest, now| DashboardInput::Announced { newest, now };
    let (model, effects) = open().step(announced(Some(ChangeId(9)), 10_000.0));
    assert_eq!(effects, [], "the page shows it already");
    let (model, effects) = model.step(announced(Some(ChangeId(10)), 10_000.0));
    assert_eq!(effects, [DashboardEffect::RefreshAfter(TOGETHER)]);
    let (model, effects) = model.step(announced(None, 10_001.0));
    assert_eq!(effects, []);
    let (model, effects) = model.step(DashboardInput::ReloadDue { now: 10_150.0 });
    assert_eq!(effects, [DashboardEffect::Refresh]);
    let (model, effects) = model.step(announced(None, 10_350.0));
    assert_eq!(effects, [DashboardEffect::RefreshAfter(Duration::from_millis(800))]);
    // The clock was set back.
    let (model, _) = model.step(DashboardInput::ReloadDue { now: 11_150.0 });
    let (_, effects) = model.step(announced(None, 5.0));
    assert_eq!(effects, [DashboardEffect::RefreshAfter(APART)]);
}

#[test]
fn news_that_arrive_while_an_action_runs_keep_the_page_pinned_until_they_are_asked_for() {
    let query = unreviewed().to_query();
    let announced = DashboardInput::Announced { newest: None, now: 10_000.0 };
    let due = DashboardInput::ReloadDue { now: 10_150.0 };
    let inputs = [click(1), announced, due, DashboardInput::PageRequested, shown(2, &[1, 2, 3])];
    let (model, _) = run(open(), inputs);
    assert_eq!(model.last_of(&query), Some(ChangeId(9)));
    assert_eq!(leaving(&model), [entry(1)], "the action is not answered yet");
    let (model, effects) = model.step(DashboardInput::NewsRequested);
    assert_eq!(model.last_of(&query), None);
    assert_eq!(effects.last(), Some(&DashboardEffect::Refresh));
}

#[test]
fn another_filter_resets_the_selection_and_is_not_pinned() {
    let (_, effects) = open().step(DashboardInput::Filtered(unreviewed()));
    assert_eq!(effects, []);
    let flagged = ChangeFilter { states: vec![ReviewState::Flagged], ..ChangeFilter::default() };
    let (model, effects) = open().step(DashboardInput::Filtered(flagged.clone()));
    assert_eq!(effects, [DashboardEffect::DeselectAll, DashboardEffect::Say(None)]);
    assert_eq!(model.last_of(&flagged.to_query()), None);
}

#[derive(Clone, Debug)]
enum Happening {
    Click(i64),
    Undo,
    /// The server answers the running action: it does it, refuses it, or the answer is lost.
    Answer(u8),
    /// The page that was requested last arrives.
    Page,
    Refresh,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => (0..5_i64).prop_map(Happening::Click),
        1 => Just(Happening::Undo),
        4 => (0..3_u8).prop_map(Happening::Answer),
        3 => Just(Happening::Page),
        1 => Just(Happening::Refresh),
    ]
}

/// A dashboard with its server. The server computes a page when it is requested.
struct World {
    model: DashboardModel,
    /// Entries that match on the server.
    there: BTreeSet<i64>,
    page: Option<(u32, BTreeSet<i64>)>,
    running: Option<Form>,
    sent: Vec<Form>,
    /// Entries that the server is known to have removed.
    removed: BTreeSet<i64>,
}

impl World {
    fn step(&mut self, input: DashboardInput) {
        let (model, effects) = self.model.clone().step(input);
        self.model = model;
        for effect in effects {
            match effect {
                DashboardEffect::Send { form, .. } => {
                    assert_eq!(self.running, None, "two actions at once");
                    self.running = Some(form.clone());
                    self.sent.push(form);
                }
                DashboardEffect::Refresh => self.request(),
                _ => {}
            }
        }
    }

    fn request(&mut self) {
        self.step(DashboardInput::PageRequested);
        self.page = Some((self.model.round(), self.there.clone()));
    }

    fn answer(&mut self, how: u8) {
        let Some(form) = self.running.take() else { return };
        let about = |name: &str| form.iter().find(|(it, _)| it == name).map(|(_, it)| it.clone());
        let id = match about("review") {
            Some(review) => review.parse().unwrap(),
            None => (0..5).find(|id| about("entry") == Some(entry(*id).to_string())).unwrap(),
        };
        let undoes = about("review").is_some();
        if how != 1 {
            match undoes {
                true => drop(self.there.insert(id)),
                false => drop(self.there.remove(&id)),
            }
        }
        match (undoes, how) {
            (true, 0 | 2) => drop(self.removed.remove(&id)),
            (false, 0) => drop(self.removed.insert(id)),
            _ => {}
        }
        self.step(answered(match how {
            0 => done((!undoes).then(|| undo_of(id))),
            1 => Err(AppError::Internal),
            _ => Err(AppError::Offline),
        }));
    }

    fn show(&mut self) {
        if let Some((round, entries)) = self.page.take() {
            let entries: Vec<_> = entries.into_iter().collect();
            self.step(shown(round, &entries));
        }
    }

    fn visible(&self) -> BTreeSet<EntryKey> {
        let leaving: BTreeSet<_> = self.model.leaving().collect();
        self.model.shown.iter().copied().filter(|key| !leaving.contains(key)).collect()
    }
}

proptest! {
    #[test]
    fn actions_keep_their_order_and_what_was_removed_stays_away(
        happenings in proptest::collection::vec(happening(), 0..60)
    ) {
        let there: BTreeSet<_> = (0..5).collect();
        let mut world = World {
            model: DashboardModel::default(),
            there,
            page: None,
            running: None,
            sent: Vec::new(),
            removed: BTreeSet::new(),
        };
        world.step(DashboardInput::Filtered(unreviewed()));
        world.request();
        world.show();
        let mut clicked = Vec::new();
        for happening in happenings {
            match happening {
                Happening::Click(id) if world.visible().contains(&entry(id)) => {
                    clicked.push(review(id));
                    world.step(click(id));
                }
                Happening::Click(_) => {}
                Happening::Undo => world.step(DashboardInput::UndoRequested { now: 0.0 }),
                Happening::Answer(how) => world.answer(how),
                Happening::Page => world.show(),
                Happening::Refresh => world.request(),
            }
            for id in &world.removed {
                prop_assert!(!world.visible().contains(&entry(*id)), "{id} came back");
            }
        }
        while world.running.is_some() {
            world.answer(0);
        }
        let reviews = |form: &&Form| form.iter().any(|(name, _)| name == "entry");
        let sent: Vec<_> = world.sent.iter().filter(reviews).cloned().collect();
        prop_assert_eq!(sent, clicked, "each action is sent once, in its order");
        // The page that was requested last shows the server's entries.
        world.show();
        let expected: BTreeSet<_> = world.there.iter().map(|id| entry(*id)).collect();
        prop_assert_eq!(world.visible(), expected);
    }
}
