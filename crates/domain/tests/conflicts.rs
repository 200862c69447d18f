//! Tests of conflicts between a mutation and changes recorded since its base state.

use chrono::DateTime;
use domain::{
    change::{Action, Change, Conflict, Mutation, conflict},
    id::{ChangeId, InspectionId, PhotoId, SectionId, UserId},
    inspection::{Field, Inspection, Photo, Section, Status, Target, Value, Values},
};
use uuid::Uuid;

const ROOF: Target = Target::Section(SectionId(2));
const STAIRS: Target = Target::Section(SectionId(3));

/// An inspection, with the changes made while somebody looks at an older state.
struct Story {
    now: Inspection,
    since: Vec<Change>,
}

impl Story {
    fn new() -> Self {
        let section = |id, title: &str| Section { id, title: title.into(), ..Section::default() };
        let now = Inspection {
            reference: "BI-2026-0001".into(),
            name: "Mill".into(),
            sections: vec![section(SectionId(2), "Roof"), section(SectionId(3), "Stairs")],
            photos: vec![Photo {
                id: PhotoId(5),
                section: Some(SectionId(2)),
                name: "ridge.jpg".into(),
                ..Photo::default()
            }],
            status: Status::Draft,
            head: ChangeId(10),
            ..Inspection::blank(InspectionId(1))
        };
        Self { now, since: Vec::new() }
    }

    /// Applies a mutation by a user.
    fn then(mut self, user: i64, mutation: &Mutation) -> Self {
        let id = ChangeId(self.now.head.0 + 1);
        let record = self.now.plan(&mutation.clone().assign(id)).expect("holds").expect("changes");
        let change = Change {
            id,
            inspection_id: self.now.id,
            created_at: DateTime::from_timestamp(id.0, 0).expect("a moment"),
            user_id: Some(UserId(user)),
            user_name: if user == 1 { "Ada" } else { "Ines" }.into(),
            request_id: Uuid::nil(),
            ordinal: 1,
            record,
        };
        self.now.replay(&change).expect("can be replayed");
        self.since.push(change);
        self
    }

    /// Returns the conflict of a mutation by Ines, user 2, that is based on the initial state.
    fn conflict(&self, mutation: &Mutation) -> Option<Conflict> {
        conflict(mutation, UserId(2), &self.now, ChangeId(10), &self.since)
    }
}

fn edit(target: Target, field: Field, value: Value) -> Mutation {
    Mutation::Edit { target, values: Values::new().with(field, value) }
}

fn notes(target: Target, text: &str) -> Mutation {
    edit(target, Field::Notes, Value::text(text))
}

fn add_section(title: &str) -> Mutation {
    let section = Section { title: title.into(), ..Section::default() };
    Mutation::AddSection { section, position: None, photos: Vec::new() }
}

fn step(to: Status) -> Mutation {
    Mutation::SetStatus { to, reason: Some("Look again.".into()) }
}

#[test]
fn what_others_did_elsewhere_stands_in_nobodys_way() {
    let story = Story::new()
        .then(1, &add_section("Facade"))
        .then(1, &notes(STAIRS, "Loose rail."))
        .then(1, &edit(ROOF, Field::Title, Value::text("Main roof")))
        .then(1, &edit(STAIRS, Field::Position, Value::Number(1)));
    for mine in [
        notes(ROOF, "Dry."),
        edit(Target::Inspection, Field::Name, Value::text("Old mill")),
        edit(Target::Photo(PhotoId(5)), Field::Caption, Value::text("Ridge")),
        add_section("Cellar"),
        step(Status::Review),
        Mutation::Remove { target: Target::Photo(PhotoId(5)) },
    ] {
        assert_eq!(story.conflict(&mine), None, "{mine:?}");
    }
}

#[test]
fn a_field_that_both_changed_comes_with_all_three_values() {
    let story = Story::new().then(1, &notes(ROOF, "Slates loose.")).then(1, &notes(ROOF, "Wet."));
    let conflict = story.conflict(&notes(ROOF, "Dry.  ")).unwrap();
    assert_eq!(conflict.since.len(), 2);
    let [field] = conflict.fields.as_slice() else { panic!("{conflict:?}") };
    let value = |text: &str| Values::new().with(Field::Notes, Value::text(text));
    assert_eq!((field.target, field.field), (ROOF, Field::Notes));
    assert_eq!(
        (&field.base, &field.theirs, &field.mine),
        (&value(""), &value("Wet."), &value("Dry."))
    );
    assert_eq!((field.by.as_str(), field.at.timestamp()), ("Ada", 12));
    assert!(conflict.to_string().starts_with("Ada changed the notes while you were editing."));
}

#[test]
fn nobody_decides_between_equal_values() {
    let same = Story::new().then(1, &notes(ROOF, "Dry."));
    assert_eq!(same.conflict(&notes(ROOF, "Dry. ")), None, "both wrote the same");
    let back = Story::new().then(1, &notes(ROOF, "Wet.")).then(1, &notes(ROOF, ""));
    assert_eq!(back.conflict(&notes(ROOF, "Dry.")), None, "it is what it was");
    let own = Story::new().then(2, &notes(ROOF, "Typed in another tab."));
    assert!(own.conflict(&notes(ROOF, "Dry.")).is_some(), "one's own text is text as well");
}

#[test]
fn what_was_removed_cannot_be_edited() {
    let section = Story::new().then(1, &Mutation::RemoveSection { section: SectionId(2) });
    for mine in
        [notes(ROOF, "Dry."), edit(Target::Photo(PhotoId(5)), Field::Caption, Value::text("Ridge"))]
    {
        let conflict = section.conflict(&mine).unwrap();
        assert_eq!((conflict.fields.len(), conflict.since.len()), (0, 1), "{mine:?}");
        assert!(conflict.to_string().starts_with("Ada removed the section Roof"), "{conflict}");
    }
    assert_eq!(section.conflict(&notes(STAIRS, "Dry.")), None);
    let all = Story::new().then(1, &Mutation::Remove { target: Target::Inspection });
    assert!(all.conflict(&notes(STAIRS, "Dry.")).is_some());
}

#[test]
fn whoever_approves_has_seen_what_they_approve() {
    let story = Story::new().then(1, &notes(ROOF, "Wet.")).then(1, &step(Status::Review));
    assert!(story.conflict(&step(Status::Complete)).is_some());
    assert!(story.conflict(&step(Status::Review)).is_some(), "somebody took that step");
    let seen = Story::new().then(2, &notes(ROOF, "Wet."));
    assert_eq!(seen.conflict(&step(Status::Complete)), None, "one's own edit was seen");
}

#[test]
fn nothing_is_removed_with_what_others_put_into_it_unseen() {
    let photo =
        Photo { section: Some(SectionId(2)), name: "gutter.jpg".into(), ..Photo::default() };
    for theirs in [notes(ROOF, "Wet."), Mutation::AddPhoto { photo }] {
        let story = Story::new().then(1, &theirs);
        let mine = Mutation::RemoveSection { section: SectionId(2) };
        assert!(story.conflict(&mine).is_some(), "{theirs:?}");
        assert_eq!(story.conflict(&Mutation::RemoveSection { section: SectionId(3) }), None);
        assert!(story.conflict(&Mutation::Remove { target: Target::Inspection }).is_some());
    }
}

#[test]
fn reading_a_report_stands_in_nobodys_way() {
    let mut story = Story::new().then(1, &notes(ROOF, "Wet."));
    story.since[0].record.action = Action::DownloadPdf;
    assert_eq!(story.conflict(&step(Status::Complete)), None);
}
