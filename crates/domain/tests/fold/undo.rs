//! Tests of undoing changes.

use crate::histories::{History, histories, summarize};
use domain::{
    change::{Action, Change, Mutation, Refusal},
    id::{PhotoId, SectionId, UserId},
    inspection::{Field, Photo, Section, Status, Target, Value, Values},
    people::{Actor, Denied, Role},
    revert::{Choice, Choices, KeptBecause, SkipReason, Undo},
};
use proptest::prelude::*;

/// Plans to undo those of the changes from `first` on that `undone` selects, with these `choices`.
fn undo(
    history: &History,
    first: usize,
    undone: impl Fn(&Change) -> bool,
    choices: &Choices,
) -> Undo {
    history.now().undo(&history.changes[first..], undone, choices).expect("holds")
}

/// Plans to undo them with the decision to undo all conflicts.
fn undo_all(history: &History, first: usize, undone: impl Fn(&Change) -> bool + Copy) -> Undo {
    let mut choices = Choices::new();
    loop {
        let planned = undo(history, first, undone, &choices);
        let places = planned.conflicts.iter().map(|conflict| (conflict.place, Choice::Back));
        let decided = choices.len();
        choices.extend(places);
        if choices.len() == decided {
            return planned;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// The beginning is empty: the inspection is removed and has no contents, and its own fields
    /// are as at its creation. Reports stay, because they cannot be undone.
    #[test]
    fn undoing_everything_in_reverse_order_gives_the_empty_beginning(history in histories()) {
        let mut history = history;
        let all = history.changes.clone();
        for (at, change) in all.iter().enumerate().rev() {
            let before = at.checked_sub(1).map(|at| history.states[at].clone());
            let planned = undo(&history, at, |it| it.id == change.id, &Choices::new());
            prop_assert_eq!(&planned.conflicts, &[]);
            if change.record.action.alters() {
                prop_assert_eq!(&planned.skipped, &[]);
                let undoes = planned.plan.steps.iter().map(|it| it.data.undoes);
                prop_assert_eq!(undoes.collect::<Vec<_>>(), [Some(change.id)]);
            } else {
                prop_assert_eq!(planned.skipped[0].why, SkipReason::Report);
            }
            history.follow(planned.plan);
            if let Some(before) = before {
                prop_assert_eq!(summarize(history.now()), summarize(&before));
            }
        }
        let (started, mut end) = (summarize(&history.states[0]), summarize(history.now()));
        prop_assert!(end.removed && end.sections.is_empty());
        prop_assert!(end.equipment.is_empty() && end.photos.is_empty());
        end.removed = false;
        prop_assert_eq!(end, started);
    }

    /// Undoing everything in one step has the same result.
    #[test]
    fn undoing_everything_at_once_gives_the_empty_beginning(history in histories()) {
        let mut history = history;
        let planned = undo(&history, 0, |_| true, &Choices::new());
        prop_assert_eq!(&planned.conflicts, &[]);
        history.follow(planned.plan);
        let end = history.now();
        prop_assert!(end.removed && end.sections.is_empty() && end.photos.is_empty());
    }

    /// Undoing an undo restores the state before it, whatever was undone and touched since.
    #[test]
    fn undoing_an_undo_gives_the_state_before_it(
        history in histories(),
        which in any::<prop::sample::Index>(),
        whole_request in any::<bool>(),
        all_back in any::<bool>(),
    ) {
        let mut history = history;
        let change = which.get(&history.changes).clone();
        let undone = |it: &Change| match whole_request {
            true => it.request_id == change.request_id,
            false => it.id == change.id,
        };
        let first = history.changes.iter().position(undone).expect("it is there");
        let before = history.now().clone();
        let planned = match all_back {
            true => undo_all(&history, first, undone),
            false => undo(&history, first, undone, &Choices::new()),
        };
        for conflict in &planned.conflicts {
            prop_assert!(!conflict.since.is_empty(), "something touched {:?}", conflict.place);
        }
        let after = history.changes.len();
        history.follow(planned.plan);

        let again = undo(&history, after, |_| true, &Choices::new());
        prop_assert_eq!(&again.conflicts, &[]);
        prop_assert_eq!(&again.skipped, &[]);
        history.follow(again.plan);
        prop_assert_eq!(summarize(history.now()), summarize(&before));
    }

    /// Kept values do not change at all.
    #[test]
    fn nothing_touched_since_is_overwritten_unasked(
        history in histories(),
        which in any::<prop::sample::Index>(),
    ) {
        let change = which.get(&history.changes).clone();
        let first = history.changes.iter().position(|it| it.id == change.id).expect("there");
        let planned = undo(&history, first, |it| it.id == change.id, &Choices::new());
        let (now, end) = (history.now(), &planned.plan.end);
        for conflict in &planned.conflicts {
            match conflict.place.field {
                Some(field) => {
                    let target = conflict.place.target;
                    prop_assert_eq!(end.value(target, field), now.value(target, field));
                }
                None => prop_assert_eq!(summarize(end), summarize(now)),
            }
        }
    }
}

/// Returns a history of these mutations.
fn of(mutations: impl IntoIterator<Item = Mutation>) -> History {
    let (state, changes) = crate::histories::created();
    let mut history = History { changes, states: vec![state] };
    for mutation in mutations {
        let next = domain::id::ChangeId(history.now().head.0 + 1);
        let record = history.now().plan(&mutation.assign(next)).expect("holds").expect("changes");
        history.record(record);
    }
    history
}

fn set(target: Target, field: Field, value: Value) -> Mutation {
    Mutation::Edit { target, values: Values::new().with(field, value) }
}

fn roof() -> Mutation {
    let section = Section { title: "Roof".into(), ..Section::default() };
    Mutation::AddSection { section, position: None, photos: Vec::new() }
}

const ROOF: Target = Target::Section(SectionId(2));

#[test]
fn a_field_that_was_touched_since_is_decided_by_itself() {
    let both = Values::new()
        .with(Field::Title, Value::text("Roof, north"))
        .with(Field::Notes, Value::text("Slates loose."));
    let mut history = of([
        roof(),
        Mutation::Edit { target: ROOF, values: both },
        set(ROOF, Field::Notes, Value::text("Slates loose, gutter blocked.")),
    ]);
    let second = |it: &Change| it.id.0 == 3;
    let kept = undo(&history, 2, second, &Choices::new());
    let [conflict] = &kept.conflicts[..] else { panic!("{:?}", kept.conflicts) };
    assert_eq!(conflict.place.field, Some(Field::Notes));
    assert_eq!(conflict.now.get(Field::Notes), Some(&Value::text("Slates loose, gutter blocked.")));
    assert_eq!(conflict.back.get(Field::Notes), Some(&Value::text("")));
    assert_eq!(conflict.since.iter().map(|it| it.id.0).collect::<Vec<_>>(), [4]);
    let section = kept.plan.end.section(SectionId(2)).expect("it is there");
    assert_eq!((section.title.as_str(), section.notes.len()), ("Roof", 29));

    let back = undo(&history, 2, second, &Choices::from([(conflict.place, Choice::Back)]));
    history.follow(back.plan);
    assert_eq!(history.now().section(SectionId(2)).map(|it| it.notes.as_str()), Some(""));
    assert_eq!(
        history.changes.last().map(|it| it.record.sentence()).as_deref(),
        Some("undid an earlier change: edited the title and notes of Roof, north")
    );
}

#[test]
fn what_was_added_and_worked_on_since_stays_unless_told_otherwise() {
    let history = of([roof(), set(ROOF, Field::Notes, Value::text("Slates loose."))]);
    let planned = undo(&history, 1, |it| it.id.0 == 2, &Choices::new());
    assert!(planned.plan.steps.is_empty());
    let place = planned.conflicts[0].place;
    assert_eq!((place.target, place.field), (ROOF, None));
    let planned = undo(&history, 1, |it| it.id.0 == 2, &Choices::from([(place, Choice::Back)]));
    assert_eq!(planned.plan.steps[0].action, Action::RemoveSection);
    assert!(planned.plan.end.sections.is_empty());
}

#[test]
fn a_photo_that_was_edited_in_a_section_is_said_before_the_section_goes() {
    let photo = Photo { section: Some(SectionId(2)), name: "roof.jpg".into(), ..Photo::default() };
    let mut history = of([
        roof(),
        Mutation::AddPhoto { photo },
        Mutation::RemoveSection { section: SectionId(2) },
    ]);
    let back = undo(&history, 3, |it| it.id.0 == 4, &Choices::new());
    history.follow(back.plan);
    let caption = set(Target::Photo(PhotoId(3)), Field::Caption, Value::text("Loose slates"));
    let record = history.now().plan(&caption).expect("holds").expect("changes");
    history.record(record);

    let planned = undo(&history, 4, |it| it.id.0 == 5, &Choices::new());
    let [conflict] = &planned.conflicts[..] else { panic!("{:?}", planned.conflicts) };
    assert_eq!((conflict.place.target, conflict.place.field), (ROOF, None));
    assert_eq!(conflict.since.iter().map(|it| it.id.0).collect::<Vec<_>>(), [6]);

    // It is not removed either if the person has not seen the edit.
    let choices = Choices::from([(conflict.place, Choice::Back)]);
    let planned = undo(&history, 4, |it| it.id.0 == 5, &choices);
    let unseen = planned.touched_by(&history.changes[4..], &history.changes[5..]);
    assert_eq!(unseen.iter().map(|it| it.id.0).collect::<Vec<_>>(), [6]);
}

#[test]
fn an_edit_of_what_is_gone_waits_for_it() {
    let mutations = [
        roof(),
        set(ROOF, Field::Notes, Value::text("Slates loose.")),
        Mutation::RemoveSection { section: SectionId(2) },
    ];
    let planned = undo(&of(mutations), 2, |it| it.id.0 == 3, &Choices::new());
    assert_eq!(planned.skipped.iter().map(|it| it.why).collect::<Vec<_>>(), [SkipReason::Gone]);
    assert!(planned.plan.steps.is_empty() && planned.conflicts.is_empty());
}

#[test]
fn undoing_completed_leads_back_to_review() {
    let step = |to| Mutation::SetStatus { to, reason: None };
    let history = of([step(Status::Review), step(Status::Complete)]);
    let planned = undo(&history, 2, |it| it.id.0 == 3, &Choices::new());
    assert_eq!(planned.plan.steps[0].action, Action::StatusReview);
    assert_eq!(planned.plan.end.status, Status::Review);
    assert_eq!(planned.plan.allowed(&someone(Role::Reviewer), history.now()), Ok(()));
    let both = undo(&history, 1, |_| true, &Choices::new());
    assert_eq!(both.plan.end.status, Status::Draft);
    let said = both.plan.steps[1].data.reason.as_deref();
    assert_eq!(said, Some("Undid “marked it ready for review”."));
    assert!(history.now().plan(&step(Status::Review)).is_err(), "an ordinary step may not");
}

fn someone(role: Role) -> Actor {
    Actor { id: UserId(9), name: "Rae".into(), role }
}

fn correct(client: &str) -> Mutation {
    let values = Values::new().with(Field::Client, Value::text(client));
    Mutation::Correct { values, reason: "The contract says so.".into() }
}

#[test]
fn a_correction_past_draft_is_undone_by_one_and_so_is_that() {
    let ready = Mutation::SetStatus { to: Status::Review, reason: None };
    let mut history = of([ready, correct("Harbour Trust")]);
    let planned = undo(&history, 2, |it| it.id.0 == 3, &Choices::new());
    let [step] = &planned.plan.steps[..] else { panic!("{:?}", planned.plan.steps) };
    assert!(matches!(step.mutation(), Ok(Mutation::Correct { .. })));
    let said = "Undid “corrected it, set the client to Harbour Trust: The contract says so.”.";
    assert_eq!(step.data.reason.as_deref(), Some(said));
    assert_eq!(step.sentence(), "undid an earlier change: cleared the client");
    let judged = |role| planned.plan.allowed(&someone(role), history.now());
    assert_eq!(judged(Role::Admin), Ok(()));
    assert_eq!(judged(Role::Reviewer), Err(Denied::Role));
    history.follow(planned.plan.clone());
    assert_eq!(history.now().client, "");

    let again = undo(&history, 3, |it| it.id.0 == 4, &Choices::new());
    assert_eq!(again.plan.allowed(&someone(Role::Admin), history.now()), Ok(()));
    history.follow(again.plan);
    assert_eq!(history.now().client, "Harbour Trust");
}

#[test]
fn in_a_draft_an_edit_undoes_a_correction() {
    let history = of([correct("Harbour Trust")]);
    let planned = undo(&history, 1, |it| it.id.0 == 2, &Choices::new());
    assert!(matches!(planned.plan.steps[0].mutation(), Ok(Mutation::Edit { .. })));
    assert_eq!(planned.plan.steps[0].data.reason, None);
}

#[test]
fn one_of_many_is_undone_whole_or_stays_as_it_is() {
    let client = |name| set(Target::Inspection, Field::Client, Value::text(name));
    let at_once = |history: &History, role| {
        let planned = undo(history, 1, |it| it.id.0 == 2, &Choices::new());
        planned.at_once(&someone(role), history.now())
    };
    let edited = of([client("Harbour Trust")]);
    let plan = at_once(&edited, Role::Admin).expect("it may");
    assert_eq!(plan.end.client, "");
    let denied = |why| Err(KeptBecause::Refused(Refusal::Denied(why)));
    assert_eq!(at_once(&edited, Role::Reviewer), denied(Denied::Role));

    let touched = of([client("Harbour Trust"), client("Seaside Trust")]);
    assert_eq!(at_once(&touched, Role::Admin), Err(KeptBecause::Undecided(1)));
    let set_back = of([client("Harbour Trust"), client("")]);
    assert_eq!(at_once(&set_back, Role::Admin), Err(KeptBecause::Left(SkipReason::Already)));
    let locked =
        of([client("Harbour Trust"), Mutation::SetStatus { to: Status::Review, reason: None }]);
    assert_eq!(at_once(&locked, Role::Admin), denied(Denied::Locked));
}
