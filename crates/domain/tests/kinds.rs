//! The kinds of mutations: each record is read by its kind, and one that does not fit it is refused.

use domain::{
    change::{Action, Mutation, MutationKind, Record, Related, RelatedModel},
    id::{InspectionId, PhotoId, ReportId, SectionId},
    inspection::{
        Equipment, Field, Inspection, Photo, Report, Section, Status, Target, Value, Values,
    },
};

fn planned(inspection: &mut Inspection, mutation: Mutation) -> (Mutation, Record) {
    let record = inspection.plan(&mutation).expect("holds").expect("changes");
    inspection.apply(&record.mutation().expect("reads"));
    (mutation, record)
}

/// One mutation of each kind, in an order in which all of them may happen, with its record.
fn story() -> Vec<(Mutation, Record)> {
    let mut it = Inspection::blank(InspectionId(1));
    let name = |name: &str| Values::new().with(Field::Name, Value::text(name));
    let section = Section { id: SectionId(3), title: "Roof".into(), ..Section::default() };
    let equipment =
        Equipment { id: domain::id::EquipmentId(4), kind: "Lift".into(), ..Equipment::default() };
    let photo = Photo { id: PhotoId(5), name: "a.jpg".into(), ..Photo::default() };
    let report = Report { id: ReportId(6), name: "a.pdf".into(), ..Report::default() };
    let target = Target::Inspection;
    [
        Mutation::Create { values: name("Mill").with(Field::Reference, Value::text("BI-1")) },
        Mutation::Edit { target, values: name("Old mill") },
        Mutation::Correct { values: name("Mill house"), reason: "So it says.".into() },
        Mutation::AddSection { section, position: None, photos: Vec::new() },
        Mutation::AddEquipment { equipment },
        Mutation::AddPhoto { photo },
        Mutation::CreateReport { report },
        Mutation::DownloadReport { report: ReportId(6) },
        Mutation::SetStatus { to: Status::Review, reason: None },
        Mutation::SetStatus { to: Status::Draft, reason: Some("The roof.".into()) },
        Mutation::Remove { target: Target::Photo(PhotoId(5)) },
        Mutation::RemoveSection { section: SectionId(3) },
        Mutation::Remove { target },
        Mutation::BringBack,
    ]
    .map(|mutation| planned(&mut it, mutation))
    .to_vec()
}

#[test]
fn a_record_is_read_by_its_kind() {
    let story = story();
    for (mutation, record) in &story {
        assert_eq!(record.kind, mutation.kind());
        assert_eq!(record.mutation().expect("reads").kind(), record.kind);
        assert!(record.kind.actions().contains(&record.action), "{}", record.kind);
        assert_eq!(record.kind.slug().parse(), Ok(record.kind));
    }
    for kind in MutationKind::ALL {
        assert!(story.iter().any(|(_, record)| record.kind == *kind), "{kind} is in no story");
    }
}

#[test]
fn no_record_can_be_read_as_another_kind() {
    for (_, record) in story() {
        for kind in MutationKind::ALL.iter().copied().filter(|kind| *kind != record.kind) {
            let read = Record { kind, ..record.clone() }.mutation();
            // Records of an edit and a correction differ in the reason alone, and the status is edited by
            // a step.
            let problem = read.expect_err(&format!("{} read as {kind}", record.kind)).0;
            assert!(problem.contains(&format!("`{kind}`")), "{problem}");
        }
    }
}

#[test]
fn a_record_with_other_parts_than_its_kind_is_refused() {
    let section = RelatedModel::Section(SectionId(3));
    type Alteration = fn(&mut Record);
    let alter: [(&str, Alteration); 7] = [
        ("action", |record| record.action = Action::AddPhoto),
        ("both sides", |record| {
            let Record { data, .. } = record;
            (data.before, data.after) = match data.after.is_empty() {
                true => (Values::new(), data.before.clone()),
                false => (data.after.clone(), Values::new()),
            };
        }),
        ("no values", |record| record.data = domain::change::Data::default()),
        ("about a report", |record| {
            let model = RelatedModel::Report(ReportId(99));
            record.related = match record.related {
                Some(Related { model: RelatedModel::Report(_), .. }) => None,
                _ => Some(Related { model, text: String::new() }),
            };
        }),
        ("another field", |record| {
            record.data.after = record.data.after.clone().with(Field::Pages, Value::text("x"));
        }),
        ("photos", |record| {
            record
                .data
                .photos
                .insert(PhotoId(7), Values::new().with(Field::Pages, Value::Number(1)));
        }),
        ("a reason", |record| record.data.reason = Some("Because.".into())),
    ];
    for (_, record) in story() {
        for (words, alter) in alter {
            let mut altered = record.clone();
            alter(&mut altered);
            let same = altered == record;
            let may_say_why =
                matches!(record.kind, MutationKind::SetStatus | MutationKind::Correct);
            if same || (words == "a reason" && may_say_why) {
                continue;
            }
            if words == "action" && record.kind == MutationKind::AddPhoto {
                continue;
            }
            assert!(altered.mutation().is_err(), "{}: {words}", record.kind);
        }
    }
    let (_, mut edit) = story().swap_remove(1);
    edit.related = Some(Related { model: section, text: "Roof".into() });
    let problem = edit.mutation().expect_err("a section has no name").0;
    assert!(problem.contains("`inspection.Section:3` cannot have this value of `name`"));
}
