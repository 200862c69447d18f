//! Generator of plausible changes from a fixed seed.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    change::{Action, Change, Data, MutationKind, Record, Related, RelatedModel},
    id::{ChangeId, InspectionId, SectionId, UserId},
    inspection::{Condition, Field, Status, Value, Values},
};
use uuid::Uuid;

/// Number of inspections.
pub(crate) const INSPECTIONS: i64 = 8_000;
/// Number of people.
pub(crate) const USERS: u64 = 60;
/// Number of days over which the changes are spread.
pub(crate) const DAYS: u64 = 700;

const COMMON: [&str; 48] = [
    "roof",
    "slates",
    "loose",
    "gutter",
    "leak",
    "wall",
    "damp",
    "crack",
    "window",
    "frame",
    "door",
    "lintel",
    "stairs",
    "rail",
    "cellar",
    "floor",
    "joist",
    "beam",
    "rot",
    "chimney",
    "flue",
    "boiler",
    "pipe",
    "valve",
    "wiring",
    "socket",
    "panel",
    "lamp",
    "insulation",
    "plaster",
    "ceiling",
    "tile",
    "grout",
    "drain",
    "trap",
    "fence",
    "gate",
    "paving",
    "render",
    "brick",
    "mortar",
    "pointing",
    "flashing",
    "ridge",
    "hip",
    "valley",
    "soffit",
    "fascia",
];

/// Pseudo-random numbers with a fixed sequence (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Returns a number below `end`, with small numbers much more likely.
    fn mostly_small(&mut self, end: u64) -> u64 {
        let (a, b, c) = (self.below(end), self.below(end), self.below(end));
        a.min(b).min(c)
    }

    fn words(&mut self, number: u64) -> String {
        let mut words = Vec::new();
        for _ in 0..number {
            // One word in twenty is rare.
            if self.below(20) == 0 {
                words.push(format!("{}{}", self.word(), self.below(400)));
            } else {
                words.push(self.word().to_owned());
            }
        }
        words.join(" ")
    }

    fn word(&mut self) -> &'static str {
        COMMON[usize::try_from(self.mostly_small(COMMON.len() as u64)).unwrap()]
    }
}

/// Iterator over generated changes, oldest first.
pub(crate) struct History {
    dice: Dice,
    next: i64,
    changes: i64,
    pub(crate) names: Vec<String>,
    request: Request,
}

/// The changes of one request.
struct Request {
    id: Uuid,
    user: u64,
    left: i64,
    /// Whether each of its changes is of another inspection.
    many: bool,
    inspection: i64,
    status: Status,
}

impl History {
    pub(crate) fn new(changes: i64) -> Self {
        let mut dice = Dice(20_260_302);
        let names = (0..INSPECTIONS).map(|number| {
            format!(
                "{} {} {number}",
                capital(dice.word()),
                ["House", "Court", "Mill"][number as usize % 3]
            )
        });
        let names = names.collect();
        let request = Request {
            id: Uuid::nil(),
            user: 0,
            left: 0,
            many: false,
            inspection: 1,
            status: Status::Review,
        };
        Self { dice, next: 1, changes, names, request }
    }

    pub(crate) fn at(&self, id: i64) -> DateTime<Utc> {
        let start: DateTime<Utc> = "2024-06-01T06:00:00Z".parse().unwrap();
        let seconds = i64::try_from(DAYS).unwrap() * 86_400 * id / self.changes;
        start + TimeDelta::seconds(seconds)
    }

    fn begin_request(&mut self) {
        let dice = &mut self.dice;
        let (left, many) = match dice.below(10_000) {
            0 => (1_000 + i64::try_from(dice.below(7_000)).unwrap(), true),
            1..=7_999 => (1, false),
            _ => (2 + i64::try_from(dice.below(6)).unwrap(), false),
        };
        self.request = Request {
            id: Uuid::from_u64_pair(dice.next(), dice.next()),
            user: dice.mostly_small(USERS),
            left,
            many,
            inspection: 1 + i64::try_from(dice.below(INSPECTIONS as u64)).unwrap(),
            status: [Status::Review, Status::Complete][usize::try_from(dice.below(2)).unwrap()],
        };
    }

    fn record(&mut self) -> Record {
        let status = self.request.status;
        let dice = &mut self.dice;
        if self.request.many {
            let before = if status == Status::Complete { Status::Review } else { Status::Draft };
            return step(before, status, None);
        }
        let section = SectionId(i64::try_from(dice.below(1_000)).unwrap());
        let related = |model, text: &str| Some(Related { model, text: text.into() });
        let title = dice.word();
        let edit = |field, before, after| Record {
            action: Action::Edit,
            kind: MutationKind::Edit,
            fields: vec![field],
            related: related(RelatedModel::Section(section), title),
            data: Data {
                before: Values::new().with(field, before),
                after: Values::new().with(field, after),
                ..Data::default()
            },
        };
        match dice.below(1_000) {
            0..=399 => {
                let (before, after) = (dice.words(6), dice.words(9));
                edit(Field::Notes, Value::text(before), Value::text(after))
            }
            400..=599 => {
                let one = |dice: &mut Dice| Condition::ALL[usize::try_from(dice.below(5)).unwrap()];
                let (before, after) = (one(dice), one(dice));
                edit(Field::Condition, Value::Condition(before), Value::Condition(after))
            }
            600..=799 => {
                let name = format!("IMG_{}.jpg", dice.below(100_000));
                let caption = dice.words(3);
                let after = Values::new()
                    .with(Field::Name, Value::text(name.as_str()))
                    .with(Field::Caption, Value::text(caption))
                    .with(Field::Sha256, Value::text(format!("{:016x}", dice.next()).repeat(4)));
                Record {
                    action: Action::AddPhoto,
                    kind: MutationKind::AddPhoto,
                    fields: Vec::new(),
                    related: related(RelatedModel::Photo(domain::id::PhotoId(section.0)), &name),
                    data: Data { after, ..Data::default() },
                }
            }
            800..=879 => Record {
                action: Action::AddSection,
                kind: MutationKind::AddSection,
                fields: Vec::new(),
                related: related(RelatedModel::Section(section), title),
                data: Data {
                    after: Values::new().with(Field::Title, Value::text(title)),
                    ..Data::default()
                },
            },
            880..=909 => step(Status::Draft, Status::Review, None),
            910..=929 => step(Status::Review, Status::Complete, None),
            930..=939 => {
                let reason = dice.words(5);
                step(Status::Review, Status::Draft, Some(reason))
            }
            940..=979 => {
                let serial = format!("SN{:06}", dice.below(1_000_000));
                let id = domain::id::EquipmentId(section.0);
                Record {
                    related: related(RelatedModel::Equipment(id), "Boiler"),
                    ..edit(Field::Serial, Value::text(""), Value::text(serial))
                }
            }
            980..=997 => Record {
                action: Action::DownloadPdf,
                kind: MutationKind::DownloadReport,
                fields: Vec::new(),
                related: related(
                    RelatedModel::Report(domain::id::ReportId(section.0)),
                    "report.pdf",
                ),
                data: Data::default(),
            },
            _ => Record {
                action: Action::Remove,
                kind: MutationKind::Remove,
                fields: Vec::new(),
                related: related(RelatedModel::Photo(domain::id::PhotoId(section.0)), "IMG_1.jpg"),
                data: Data::default(),
            },
        }
    }
}

impl Iterator for History {
    type Item = Change;

    fn next(&mut self) -> Option<Change> {
        if self.next > self.changes {
            return None;
        }
        if self.request.left == 0 {
            self.begin_request();
        }
        self.request.left -= 1;
        if self.request.many {
            self.request.inspection = self.request.inspection % INSPECTIONS + 1;
        }
        let id = self.next;
        self.next += 1;
        let record = self.record();
        let inspection = self.request.inspection;
        Some(Change {
            id: ChangeId(id),
            inspection_id: InspectionId(inspection),
            created_at: self.at(id),
            user_id: Some(UserId(i64::try_from(self.request.user).unwrap() + 1)),
            user_name: person(self.request.user),
            request_id: self.request.id,
            ordinal: self.request.left + 1,
            record,
        })
    }
}

fn step(before: Status, after: Status, reason: Option<String>) -> Record {
    Record {
        action: match after {
            Status::Draft => Action::StatusDraft,
            Status::Review => Action::StatusReview,
            Status::Complete => Action::StatusComplete,
        },
        kind: MutationKind::SetStatus,
        fields: vec![Field::Status],
        related: None,
        data: Data {
            before: Values::new().with(Field::Status, Value::Status(before)),
            after: Values::new().with(Field::Status, Value::Status(after)),
            reason,
            ..Data::default()
        },
    }
}

/// Returns 32 pseudo-random bytes in hexadecimal.
pub(crate) fn hash(id: i64) -> String {
    let mut dice = Dice(id.unsigned_abs());
    (0..4).map(|_| format!("{:016x}", dice.next())).collect()
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

pub(crate) fn person(number: u64) -> String {
    let word = COMMON[usize::try_from(number).unwrap() % COMMON.len()];
    format!("{} Example{number}", capital(word))
}
