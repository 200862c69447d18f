//! Generator of random histories of an inspection.

use chrono::{DateTime, NaiveDate};
use domain::{
    change::{Action, Change, Mutation, Record},
    id::{ChangeId, EquipmentId, InspectionId, PhotoId, ReportId, SectionId, UserId},
    inspection::{
        Condition, Equipment, Field, Inspection, Photo, Report, Section, Status, Target, Value,
        Values,
    },
    revert::RevertPlan,
};
use proptest::prelude::*;
use uuid::Uuid;

/// A mutation to attempt. Objects are picked by index, so that some exist and some do not.
#[derive(Clone, Debug)]
pub(crate) enum Try {
    Edit(Vec<(Field, Value)>),
    Correct(Vec<(Field, Value)>, String),
    EditSection(usize, Vec<(Field, Value)>),
    EditEquipment(usize, Vec<(Field, Value)>),
    EditPhoto(usize, Vec<(Field, Value)>),
    Status(Status, Option<String>),
    AddSection(String, Condition, Option<i64>),
    RemoveSection(usize),
    RestoreSection(usize),
    AddEquipment(String),
    RemoveEquipment(usize),
    AddPhoto(String, Option<usize>),
    RemovePhoto(usize),
    MovePhoto(usize, usize),
    ChooseCover(usize),
    Report,
    Download(usize),
    RemoveAll,
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-zé \n\"{}:é✓]{0,12}", "[A-Z][a-z]{1,8}"]
}

fn condition() -> impl Strategy<Value = Condition> {
    prop::sample::select(Condition::ALL.to_vec())
}

fn status() -> impl Strategy<Value = Status> {
    prop::sample::select(Status::ALL.to_vec())
}

/// Generates any of these fields with a value of its type.
fn field(fields: &'static [Field]) -> impl Strategy<Value = (Field, Value)> {
    (
        prop::sample::select(fields),
        text(),
        condition(),
        status(),
        prop::option::of(0i32..40_000),
        -1i64..6,
    )
        .prop_map(|(field, text, condition, status, day, number)| {
            let value = match field.kind() {
                domain::inspection::ValueKind::Line | domain::inspection::ValueKind::Prose => {
                    Value::Text(text)
                }
                domain::inspection::ValueKind::Date => {
                    Value::Date(day.and_then(NaiveDate::from_epoch_days))
                }
                domain::inspection::ValueKind::Status => Value::Status(status),
                domain::inspection::ValueKind::Condition => Value::Condition(condition),
                domain::inspection::ValueKind::Person => Value::Person(
                    (number > 0)
                        .then_some(domain::people::Person { id: UserId(number), name: text }),
                ),
                domain::inspection::ValueKind::Number => Value::Number(number),
                domain::inspection::ValueKind::Section => {
                    Value::Section((number > 0).then_some(SectionId(number)))
                }
            };
            (field, value)
        })
}

fn editable(fields: &'static [Field]) -> impl Strategy<Value = Vec<(Field, Value)>> {
    prop_oneof![
        9 => prop::collection::vec(field(fields), 1..3),
        1 => prop::collection::vec(field(Field::ALL), 1..3),
    ]
}

pub(crate) fn attempt() -> impl Strategy<Value = Try> {
    let which = 0usize..5;
    prop_oneof![
        4 => editable(Inspection::EDITABLE).prop_map(Try::Edit),
        2 => (editable(Inspection::EDITABLE), text()).prop_map(|(v, why)| Try::Correct(v, why)),
        4 => (which.clone(), editable(Section::EDITABLE)).prop_map(|(at, v)| Try::EditSection(at, v)),
        2 => (which.clone(), editable(Equipment::FIELDS))
            .prop_map(|(at, v)| Try::EditEquipment(at, v)),
        2 => (which.clone(), editable(Photo::EDITABLE)).prop_map(|(at, v)| Try::EditPhoto(at, v)),
        2 => (status(), prop::option::of(text())).prop_map(|(to, why)| Try::Status(to, why)),
        4 => (text(), condition(), prop::option::of(-1i64..6))
            .prop_map(|(title, condition, at)| Try::AddSection(title, condition, at)),
        2 => which.clone().prop_map(Try::RemoveSection),
        2 => which.clone().prop_map(Try::RestoreSection),
        2 => text().prop_map(Try::AddEquipment),
        1 => which.clone().prop_map(Try::RemoveEquipment),
        3 => (text(), prop::option::of(which.clone()))
            .prop_map(|(name, section)| Try::AddPhoto(name, section)),
        1 => which.clone().prop_map(Try::RemovePhoto),
        2 => (which.clone(), which.clone()).prop_map(|(at, place)| Try::MovePhoto(at, place)),
        1 => which.clone().prop_map(Try::ChooseCover),
        2 => Just(Try::Report),
        1 => which.prop_map(Try::Download),
        1 => Just(Try::RemoveAll),
    ]
}

/// Returns the mutation of an attempt in this state and history.
pub(crate) fn mutation(attempt: &Try, state: &Inspection, history: &[Change]) -> Mutation {
    fn pick<T>(things: &[T], at: usize) -> Option<&T> {
        things.get(at)
    }
    let section = |at| pick(&state.sections, at).map_or(SectionId(9_999), |it| it.id);
    let equipment = |at| pick(&state.equipment, at).map_or(EquipmentId(9_999), |it| it.id);
    let photo = |at| pick(&state.photos, at).map_or(PhotoId(9_999), |it| it.id);
    let values = |pairs: &Vec<(Field, Value)>| pairs.iter().cloned().collect::<Values>();
    match attempt {
        Try::Edit(pairs) => Mutation::Edit { target: Target::Inspection, values: values(pairs) },
        Try::Correct(pairs, reason) => {
            Mutation::Correct { values: values(pairs), reason: reason.clone() }
        }
        Try::EditSection(at, pairs) => {
            Mutation::Edit { target: Target::Section(section(*at)), values: values(pairs) }
        }
        Try::EditEquipment(at, pairs) => {
            Mutation::Edit { target: Target::Equipment(equipment(*at)), values: values(pairs) }
        }
        Try::EditPhoto(at, pairs) => {
            Mutation::Edit { target: Target::Photo(photo(*at)), values: values(pairs) }
        }
        Try::Status(to, reason) => Mutation::SetStatus { to: *to, reason: reason.clone() },
        Try::AddSection(title, condition, position) => Mutation::AddSection {
            section: Section { title: title.clone(), condition: *condition, ..Section::default() },
            position: *position,
            photos: Vec::new(),
        },
        Try::RemoveSection(at) => Mutation::RemoveSection { section: section(*at) },
        Try::RestoreSection(at) => {
            let removals =
                || history.iter().filter(|change| change.record.action == Action::RemoveSection);
            let Some(removal) = removals().nth(*at).or_else(|| removals().next_back()) else {
                return Mutation::RemoveSection { section: SectionId(9_999) };
            };
            let Ok(Mutation::RemoveSection { section }) = removal.record.mutation() else {
                panic!("a removal reads as one");
            };
            let data = &removal.record.data;
            let position = match data.before.get(Field::Position) {
                Some(Value::Number(position)) => Some(*position),
                _ => None,
            };
            Mutation::AddSection {
                section: Section::from_values(section, &data.before),
                position,
                photos: data.photos.iter().map(|(id, it)| Photo::from_values(*id, it)).collect(),
            }
        }
        Try::AddEquipment(kind) => Mutation::AddEquipment {
            equipment: Equipment { kind: kind.clone(), ..Equipment::default() },
        },
        Try::RemoveEquipment(at) => Mutation::Remove { target: Target::Equipment(equipment(*at)) },
        Try::AddPhoto(name, at) => Mutation::AddPhoto {
            photo: Photo {
                name: name.clone(),
                section: at.map(section),
                sha256: "00".repeat(32),
                ..Photo::default()
            },
        },
        Try::RemovePhoto(at) => Mutation::Remove { target: Target::Photo(photo(*at)) },
        Try::MovePhoto(at, place) => {
            let moves = state.photo_moves(photo(*at), *place);
            // A photo that is already there is set to its present rank.
            let stays = || {
                edit_photo(photo(*at), Field::Rank, state.photo(photo(*at)).map_or(0, |it| it.rank))
            };
            moves.into_iter().next().unwrap_or_else(stays)
        }
        Try::ChooseCover(at) => edit_photo(photo(*at), Field::Cover, state.next_cover()),
        Try::Report => Mutation::CreateReport {
            report: Report { shows: state.head, pages: 3, ..Report::default() },
        },
        Try::Download(at) => Mutation::DownloadReport {
            report: pick(&state.reports, *at).map_or(ReportId(9_999), |it| it.id),
        },
        Try::RemoveAll => Mutation::Remove { target: Target::Inspection },
    }
}

fn edit_photo(id: PhotoId, field: Field, number: i64) -> Mutation {
    let values = Values::new().with(field, Value::Number(number));
    Mutation::Edit { target: Target::Photo(id), values }
}

pub(crate) fn change(id: i64, record: Record) -> Change {
    Change {
        id: ChangeId(id),
        inspection_id: InspectionId(1),
        created_at: DateTime::from_timestamp_micros(id).expect("in range"),
        user_id: Some(UserId(1)),
        user_name: "Someone".into(),
        // Some consecutive changes belong to one request.
        request_id: Uuid::from_u128(u128::from(id.unsigned_abs()) / 3),
        ordinal: id % 3 + 1,
        record,
    }
}

pub(crate) fn created() -> (Inspection, Vec<Change>) {
    let values = Values::new()
        .with(Field::Reference, Value::text("BI-2026-0001"))
        .with(Field::Name, Value::text("Mill"));
    let mut state = Inspection::blank(InspectionId(1));
    let record = state.plan(&Mutation::Create { values }).expect("holds").expect("changes");
    let first = change(1, record);
    state.replay(&first).expect("reads");
    (state, vec![first])
}

/// An inspection with its changes and its state after each of them.
#[derive(Clone, Debug)]
pub(crate) struct History {
    pub(crate) changes: Vec<Change>,
    pub(crate) states: Vec<Inspection>,
}

impl History {
    pub(crate) fn now(&self) -> &Inspection {
        self.states.last().expect("it was created")
    }

    /// Appends a change with this record.
    pub(crate) fn record(&mut self, record: Record) {
        let mut state = self.now().clone();
        let change = change(state.head.0 + 1, record);
        state.replay(&change).expect("reads");
        self.changes.push(change);
        self.states.push(state);
    }

    /// Appends the steps of a plan, all of one request.
    pub(crate) fn follow(&mut self, plan: RevertPlan) {
        let end = plan.end.clone();
        let first = self.changes.len();
        for record in plan.steps {
            self.record(record);
        }
        for change in &mut self.changes[first..] {
            change.request_id = Uuid::from_u128(u128::MAX - first as u128);
        }
        assert_eq!(summarize(self.now()), summarize(&end), "a way leads where it says");
    }
}

/// Generates histories of up to 40 attempts, some of which succeed.
pub(crate) fn histories() -> impl Strategy<Value = History> {
    prop::collection::vec(attempt(), 0..40).prop_map(|attempts| {
        let (state, changes) = created();
        let mut history = History { changes, states: vec![state] };
        for attempt in &attempts {
            let state = history.now().clone();
            if state.removed {
                break;
            }
            let asked = mutation(attempt, &state, &history.changes);
            let asked = asked.assign(ChangeId(state.head.0 + 1));
            if let Ok(Some(record)) = state.plan(&asked) {
                history.record(record);
            }
        }
        history
    })
}

/// Returns the part of a state that undoing and restoring give back: all but its version and its
/// reports.
pub(crate) fn summarize(state: &Inspection) -> Inspection {
    Inspection { head: ChangeId(0), altered: ChangeId(0), reports: Vec::new(), ..state.clone() }
}
