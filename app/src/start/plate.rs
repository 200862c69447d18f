//! What is on somebody's plate, and in which order.

#[cfg(feature = "ssr")]
use chrono::Days;
use chrono::{DateTime, NaiveDate, Utc};
use domain::{Actor, ChangeRow, InspectionRow};
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use store::Waiting;

/// How many days ahead a visit is due soon.
#[cfg(feature = "ssr")]
const SOON: Days = Days::new(7);

/// What is on somebody's plate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Plate {
    /// Whose plate it is.
    pub(super) viewer: Actor,
    /// The day it is, UTC.
    pub(super) today: NaiveDate,
    /// Their own drafts.
    pub(super) drafts: Drafts,
    /// What waits for a reviewer, longest first.
    pub(super) review: Vec<InReview>,
    /// How many wait in all.
    pub(super) in_review: i64,
    /// What happened last, for those who review.
    pub(super) latest: Vec<ChangeRow>,
    /// Whether nobody else has an account; asked for admins alone, while nothing has happened yet.
    pub(super) alone: bool,
}

/// An inspection that waits for a reviewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct InReview {
    /// The inspection.
    pub(super) row: InspectionRow,
    /// Since when.
    pub(super) since: DateTime<Utc>,
}

#[cfg(feature = "ssr")]
impl From<Waiting> for InReview {
    fn from(Waiting { row, reached }: Waiting) -> Self {
        let since = reached.map_or(row.changed_at, |step| step.at);
        Self { row, since }
    }
}

/// A draft that a reviewer sent back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SentBack {
    /// The inspection.
    pub(super) row: InspectionRow,
    /// Who sent it back.
    pub(super) who: String,
    /// Why.
    pub(super) reason: String,
    /// When.
    pub(super) at: DateTime<Utc>,
}

/// Somebody's drafts, each once: what came back before what is due, and that before the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Drafts {
    /// Sent back, the latest first.
    pub(super) sent_back: Vec<SentBack>,
    /// Overdue or due soon, the most urgent first.
    pub(super) due: Vec<InspectionRow>,
    /// All others, as they came.
    pub(super) others: Vec<InspectionRow>,
    /// Whether there are more than these.
    pub(super) more: bool,
}

impl Drafts {
    /// Sorts somebody's drafts by what they ask for; `all` is how many there are.
    #[cfg(feature = "ssr")]
    pub(super) fn sorted(drafts: Vec<Waiting>, all: i64, viewer: &Actor, today: NaiveDate) -> Self {
        let more = usize::try_from(all).is_ok_and(|all| all > drafts.len());
        let mut sorted = Self { more, ..Self::default() };
        for Waiting { row, reached } in drafts {
            if let Some(step) = reached.filter(|step| step.by != viewer.id) {
                let (who, reason, at) = (step.name, step.reason.unwrap_or_default(), step.at);
                sorted.sent_back.push(SentBack { row, who, reason, at });
            } else if row.scheduled_on.is_some_and(|on| on <= today + SOON) {
                sorted.due.push(row);
            } else {
                sorted.others.push(row);
            }
        }
        sorted.sent_back.sort_by_key(|sent| std::cmp::Reverse(sent.at));
        sorted.due.sort_by_key(|row| row.scheduled_on);
        sorted
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.sent_back.is_empty() && self.due.is_empty() && self.others.is_empty()
    }
}

/// How far off a visit is: "Today", "Tomorrow", "In 3 days", "2 days overdue".
pub(super) fn due(on: NaiveDate, today: NaiveDate) -> String {
    match (on - today).num_days() {
        0 => "Today".into(),
        1 => "Tomorrow".into(),
        -1 => "1 day overdue".into(),
        days if days < 0 => format!("{} days overdue", -days),
        days => format!("In {days} days"),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use domain::{InspectionId, Role, Status, UserId};
    use store::Reached;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn row(id: i64, scheduled_on: Option<&str>) -> InspectionRow {
        InspectionRow {
            id: InspectionId(id),
            reference: format!("BI-2026-{id:04}"),
            name: String::new(),
            address: String::new(),
            client: String::new(),
            status: Status::Draft,
            inspector: None,
            scheduled_on: scheduled_on.map(day),
            hazards: 0,
            changed_at: DateTime::default(),
        }
    }

    fn draft(row: InspectionRow) -> Waiting {
        Waiting { row, reached: None }
    }

    fn sent_back(row: InspectionRow, by: i64, hour: i64, reason: &str) -> Waiting {
        let at = DateTime::default() + chrono::TimeDelta::hours(hour);
        let (by, name, reason) = (UserId(by), "Rita".into(), Some(reason.into()));
        Waiting { row, reached: Some(Reached { by, name, reason, at }) }
    }

    #[test]
    fn each_draft_stands_once_where_it_is_most_urgent() {
        let viewer = Actor { id: UserId(1), name: "Ida".into(), role: Role::Inspector };
        let drafts = vec![
            sent_back(row(5, Some("2026-03-05")), 2, 1, "Say which beam."),
            sent_back(row(7, None), 3, 2, "Which side?"),
            draft(row(3, Some("2026-03-01"))),
            draft(row(2, Some("2026-03-09"))),
            draft(row(4, Some("2026-05-01"))),
            sent_back(row(6, None), 1, 3, "My own mistake."),
            draft(row(1, None)),
        ];
        let drafts = Drafts::sorted(drafts, 8, &viewer, day("2026-03-05"));
        let ids = |rows: &[InspectionRow]| rows.iter().map(|row| row.id.0).collect::<Vec<_>>();
        assert_eq!(ids(&drafts.due), [3, 2]);
        assert_eq!(ids(&drafts.others), [4, 6, 1]);
        let back: Vec<_> =
            drafts.sent_back.iter().map(|it| (it.row.id.0, it.reason.as_str())).collect();
        assert_eq!(back, [(7, "Which side?"), (5, "Say which beam.")]);
        assert!(drafts.more);
    }

    #[test]
    fn days_are_counted_as_people_do() {
        let today = day("2026-03-05");
        assert_eq!(due(today, today), "Today");
        assert_eq!(due(day("2026-03-06"), today), "Tomorrow");
        assert_eq!(due(day("2026-03-08"), today), "In 3 days");
        assert_eq!(due(day("2026-03-04"), today), "1 day overdue");
        assert_eq!(due(day("2026-02-28"), today), "5 days overdue");
    }
}
