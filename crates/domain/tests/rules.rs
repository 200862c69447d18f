//! Tests of rules: actions, status changes, permissions, and field values.

use domain::{
    change::{Action, Mutation, Refusal},
    id::{InspectionId, PhotoId, ReportId, SectionId, UserId},
    inspection::{
        Equipment, Field, Inspection, Invalid, Photo, Report, Section, Status, Target, Value,
        Values, check,
    },
    people::{Actor, Denied, Person, Role, initials},
    permission::{may, may_correct, may_perform, may_see},
};

#[test]
fn the_ten_actions_keep_their_slugs_and_labels() {
    let names = Action::ALL.map(|action| (action.slug(), action.label()));
    assert_eq!(
        names,
        [
            ("create-pdf", "Create PDF"),
            ("download-pdf", "View / Download PDF"),
            ("status-review", "Ready for review"),
            ("status-complete", "Completed"),
            ("status-draft", "Revert to Draft"),
            ("edit", "Edit"),
            ("add-photo", "Attached Photo"),
            ("remove", "Remove"),
            ("add-section", "Add Section"),
            ("remove-section", "Remove Section"),
        ]
    );
    for action in Action::ALL {
        assert_eq!(action.slug().parse(), Ok(action));
    }
}

#[test]
fn an_inspection_moves_by_four_steps_and_no_others() {
    let steps: Vec<_> = Status::ALL
        .into_iter()
        .flat_map(|from| Status::ALL.map(|to| (from, to)))
        .filter_map(|(from, to)| Some((from, to, from.step(to)?)))
        .collect();
    assert_eq!(
        steps,
        [
            (Status::Draft, Status::Review, Action::StatusReview),
            (Status::Review, Status::Draft, Action::StatusDraft),
            (Status::Review, Status::Complete, Action::StatusComplete),
            (Status::Complete, Status::Draft, Action::StatusDraft),
        ]
    );
}

#[test]
fn a_step_that_is_not_there_is_refused_in_words() {
    let draft = Inspection::blank(InspectionId(1));
    let refused =
        draft.plan(&Mutation::SetStatus { to: Status::Complete, reason: None }).unwrap_err();
    assert_eq!(refused, Refusal::Transition { from: Status::Draft, to: Status::Complete });
    assert!(refused.to_string().contains("ready for review first"), "{refused}");
}

#[test]
fn going_back_to_draft_wants_a_reason() {
    let done = Inspection { status: Status::Complete, ..Inspection::default() };
    let without = Mutation::SetStatus { to: Status::Draft, reason: Some("  ".into()) };
    assert_eq!(done.plan(&without), Err(Refusal::ReasonNeeded));
    let with = Mutation::SetStatus { to: Status::Draft, reason: Some(" The roof. ".into()) };
    let record = done.plan(&with).expect("holds").expect("changes");
    assert_eq!(record.data.reason.as_deref(), Some("The roof."));
    assert_eq!(record.fields, [Field::Status]);
    assert_eq!(record.sentence(), "reverted it to draft: The roof.");
}

fn actor(id: i64, role: Role) -> Actor {
    Actor { id: UserId(id), name: "Someone".into(), role }
}

fn of(inspector: i64, status: Status) -> Inspection {
    let inspector = Some(Person { id: UserId(inspector), name: "Someone".into() });
    Inspection { inspector, status, ..Inspection::default() }
}

#[test]
fn the_owner_may_do_all_to_a_draft_but_approve_it() {
    for action in Action::ALL {
        if action == Action::StatusComplete {
            let own = of(1, Status::Review);
            assert_eq!(may(&actor(1, Role::Inspector), action, &own), Err(Denied::OwnWork));
            assert_eq!(may(&actor(1, Role::Admin), action, &own), Ok(()));
            continue;
        }
        assert_eq!(may(&actor(1, Role::Inspector), action, &of(1, Status::Draft)), Ok(()));
    }
}

#[test]
fn contents_are_fixed_once_past_draft_even_for_an_admin() {
    for status in [Status::Review, Status::Complete] {
        for role in [Role::Inspector, Role::Admin] {
            for action in [Action::Edit, Action::AddPhoto, Action::Remove, Action::RemoveSection] {
                assert_eq!(may(&actor(1, role), action, &of(1, status)), Err(Denied::Locked));
            }
        }
    }
}

#[test]
fn another_inspectors_inspection_is_out_of_sight() {
    let (stranger, theirs) = (actor(2, Role::Inspector), of(1, Status::Draft));
    assert!(!may_see(&stranger, &theirs));
    for action in Action::ALL {
        assert_eq!(may(&stranger, action, &theirs), Err(Denied::NotYours));
    }
}

#[test]
fn a_reviewer_judges_and_reads_but_does_not_edit() {
    let allowed: Vec<_> = Action::ALL
        .into_iter()
        .filter(|action| may(&actor(2, Role::Reviewer), *action, &of(1, Status::Draft)).is_ok())
        .collect();
    assert_eq!(
        allowed,
        [Action::CreatePdf, Action::DownloadPdf, Action::StatusComplete, Action::StatusDraft]
    );
}

#[test]
fn nothing_happens_to_a_removed_inspection() {
    let gone = Inspection { removed: true, ..of(1, Status::Draft) };
    for action in Action::ALL {
        assert_eq!(may(&actor(1, Role::Admin), action, &gone), Err(Denied::Removed));
    }
}

#[test]
fn an_admin_corrects_in_any_status_and_says_why() {
    let inspection = Inspection { status: Status::Complete, ..Inspection::default() };
    let gone = Inspection { removed: true, ..inspection.clone() };
    assert_eq!(may_correct(&actor(1, Role::Admin), &inspection), Ok(()));
    assert_eq!(may_correct(&actor(1, Role::Reviewer), &inspection), Err(Denied::Role));
    assert_eq!(may_correct(&actor(1, Role::Inspector), &inspection), Err(Denied::Role));
    assert_eq!(may_correct(&actor(1, Role::Admin), &gone), Err(Denied::Removed));

    let correct = |reason: &str| {
        let values = Values::new().with(Field::Client, Value::text("Harbour Trust"));
        inspection.plan(&Mutation::Correct { values, reason: reason.into() })
    };
    assert_eq!(correct("  "), Err(Refusal::CorrectionReasonNeeded));
    assert!(matches!(correct(&"x".repeat(2_001)), Err(Refusal::Invalid(_))));
    let record = correct(" The contract says so. ").expect("it may").expect("it changes something");
    assert_eq!(record.action, Action::Edit);
    assert_eq!(record.data.reason.as_deref(), Some("The contract says so."));
    assert_eq!(
        record.sentence(),
        "corrected it, set the client to Harbour Trust: The contract says so."
    );
    let values = Values::new().with(Field::Client, Value::text("Harbour Trust"));
    let reason = "The contract says so.".into();
    assert_eq!(record.mutation(), Ok(Mutation::Correct { values, reason }));
}

#[test]
fn a_new_inspection_starts_as_a_draft_with_a_name() {
    let blank = Inspection::blank(InspectionId(1));
    let nameless = Mutation::Create { values: Values::new() };
    let Err(Refusal::Invalid(Invalid { fields })) = blank.plan(&nameless) else {
        panic!("a name is needed");
    };
    assert_eq!(fields.into_keys().collect::<Vec<_>>(), [Field::Name]);

    let finished = Values::new()
        .with(Field::Name, Value::text("Mill"))
        .with(Field::Status, Value::Status(Status::Complete));
    assert!(matches!(blank.plan(&Mutation::Create { values: finished }), Err(Refusal::Invalid(_))));
}

#[test]
fn values_are_tidied_and_bounded() {
    let line = check(Field::Title, Value::text("  Flat \n roof ")).expect("holds");
    assert_eq!(line, Value::text("Flat roof"));
    let prose = check(Field::Notes, Value::text("a\r\n\r\nb  \n")).expect("holds");
    assert_eq!(prose, Value::text("a\n\nb"));
    assert!(check(Field::Title, Value::text(" ")).is_err());
    assert!(check(Field::Title, Value::text("x".repeat(201))).is_err());
    assert!(check(Field::Notes, Value::text("x".repeat(20_001))).is_err());
    assert_eq!(check(Field::Notes, Value::text("bell\u{7}")), Ok(Value::text("bell")));
    assert!(check(Field::Title, Value::Number(1)).is_err());
}

#[test]
fn fields_that_are_not_edited_by_hand_are_refused() {
    let inspection = Inspection {
        sections: vec![Section { id: SectionId(5), ..Section::default() }],
        photos: vec![Photo { id: domain::id::PhotoId(6), ..Photo::default() }],
        ..Inspection::default()
    };
    for (target, field, value) in [
        (Target::Inspection, Field::Status, Value::Status(Status::Complete)),
        (Target::Inspection, Field::Reference, Value::text("BI-1999-0001")),
        (Target::Section(SectionId(5)), Field::Name, Value::text("x")),
        (Target::Photo(domain::id::PhotoId(6)), Field::Sha256, Value::text("x")),
        (
            Target::Photo(domain::id::PhotoId(6)),
            Field::Section,
            Value::Section(Some(SectionId(77))),
        ),
    ] {
        let edit = Mutation::Edit { target, values: Values::new().with(field, value) };
        let refused = inspection.plan(&edit);
        assert!(matches!(refused, Err(Refusal::Invalid(_))), "{field}: {refused:?}");
    }
}

#[test]
fn initials_stand_for_names() {
    assert_eq!(initials("Ada Lovelace"), "AL");
    assert_eq!(initials("Ada King of Lovelace"), "AL");
    assert_eq!(initials("  élodie "), "É");
    assert_eq!(initials(""), "");
}

/// Returns every kind of mutation, with an edit for each field of its target.
fn mutations() -> Vec<Mutation> {
    let id = SectionId(2);
    let mut all = vec![
        Mutation::SetStatus { to: Status::Review, reason: None },
        Mutation::SetStatus { to: Status::Complete, reason: None },
        Mutation::SetStatus { to: Status::Draft, reason: Some("The roof.".into()) },
        Mutation::AddSection { section: Section::default(), position: None, photos: Vec::new() },
        Mutation::RemoveSection { section: id },
        Mutation::AddEquipment { equipment: Equipment::default() },
        Mutation::AddPhoto { photo: Photo::default() },
        Mutation::Remove { target: Target::Photo(PhotoId(3)) },
        Mutation::Remove { target: Target::Inspection },
        Mutation::CreateReport { report: Report::default() },
        Mutation::DownloadReport { report: ReportId(4) },
    ];
    for target in [Target::Inspection, Target::Section(id), Target::Photo(PhotoId(3))] {
        for field in target.editable().iter().filter(|field| **field != Field::Inspector) {
            let values = Values::new().with(*field, Value::text("x"));
            all.push(Mutation::Edit { target, values });
        }
    }
    all
}

/// Compares the permissions with a second formulation of them: by role, by ownership, by status,
/// and by mutation and field.
#[test]
fn roles_and_mutations_and_fields_fit_the_table() {
    for (role, owns, status) in cases() {
        let actor = actor(1, role);
        let inspection = of(if owns { 1 } else { 2 }, status);
        let edits = role == Role::Admin || owns;
        for mutation in mutations() {
            let allowed = match &mutation {
                _ if role == Role::Inspector && !owns => false,
                Mutation::CreateReport { .. } | Mutation::DownloadReport { .. } => true,
                Mutation::SetStatus { to, .. } => match (status, to) {
                    (Status::Draft, Status::Review) => edits,
                    (Status::Review, Status::Complete) => role == Role::Admin || !owns,
                    // The plan refuses status changes that do not exist.
                    _ => true,
                },
                _ => edits && status == Status::Draft,
            };
            let may = may_perform(&actor, &mutation, &inspection);
            assert_eq!(may.is_ok(), allowed, "{role} {owns} {status}: {mutation:?} {may:?}");
        }
    }
}

fn cases() -> Vec<(Role, bool, Status)> {
    let mut cases = Vec::new();
    for role in [Role::Inspector, Role::Reviewer, Role::Admin] {
        for owns in [true, false] {
            cases.extend(Status::ALL.map(|status| (role, owns, status)));
        }
    }
    cases
}

/// Covers both edits and creation, for any chosen inspector.
#[test]
fn only_an_admin_names_another_inspector() {
    let person = |id| Value::Person(Some(Person { id: UserId(id), name: "Someone".into() }));
    for role in [Role::Inspector, Role::Reviewer, Role::Admin] {
        let actor = actor(1, role);
        for chosen in [person(1), person(2), person(3), Value::Person(None)] {
            let values = Values::new().with(Field::Inspector, chosen.clone());
            let start = Mutation::Create { values: values.clone() };
            let may = may_perform(&actor, &start, &Inspection::default());
            let allowed = match role {
                Role::Reviewer => false,
                Role::Inspector => chosen == person(1),
                Role::Admin => true,
            };
            assert_eq!(may.is_ok(), allowed, "{role} starts for {chosen:?}: {may:?}");

            let edit = Mutation::Edit { target: Target::Inspection, values };
            let may = may_perform(&actor, &edit, &of(1, Status::Draft));
            let allowed = role == Role::Admin || chosen == person(1);
            assert_eq!(may.is_ok(), allowed, "{role} gives it to {chosen:?}: {may:?}");
            if role == Role::Inspector && !allowed {
                assert_eq!(may, Err(Denied::Assignment));
            }
        }
    }
}
