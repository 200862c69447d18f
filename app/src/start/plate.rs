//! What is on somebody's plate, and in which order.

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{Actor, ChangeRow, InspectionRow};
use serde::{Deserialize, Serialize};

/// How many days ahead a visit is due soon.
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
    pub(super) review: Vec<InspectionRow>,
    /// How many wait in all.
    pub(super) in_review: i64,
    /// What happened last, for those who review.
    pub(super) latest: Vec<ChangeRow>,
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
}

impl Drafts {
    /// Sorts somebody's drafts by what they ask for; `back` says why an inspection was sent back, the
    /// latest first.
    #[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "sorted on the server"))]
    pub(super) fn sorted(
        rows: Vec<InspectionRow>,
        back: Vec<ChangeRow>,
        viewer: &Actor,
        today: NaiveDate,
    ) -> Self {
        let mut drafts = Self::default();
        for row in rows {
            let step = back.iter().find(|step| step.change.inspection_id == row.id);
            let step = step.filter(|step| step.change.user_id != Some(viewer.id));
            if let Some(step) = step {
                drafts.sent_back.push(SentBack {
                    row,
                    who: step.change.user_name.clone(),
                    reason: step.change.record.data.reason.clone().unwrap_or_default(),
                    at: step.change.created_at,
                });
            } else if row.scheduled_on.is_some_and(|on| on <= today + SOON) {
                drafts.due.push(row);
            } else {
                drafts.others.push(row);
            }
        }
        drafts.sent_back.sort_by_key(|sent| std::cmp::Reverse(sent.at));
        drafts.due.sort_by_key(|row| row.scheduled_on);
        drafts
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
    use domain::{Action, Change, ChangeId, Data, InspectionId, Record, Role, Status, UserId};
    use uuid::Uuid;

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
            sections: 0,
            hazards: 0,
            changed_at: DateTime::default(),
            changed_by: String::new(),
        }
    }

    fn sent_back(inspection: i64, by: i64, reason: &str) -> ChangeRow {
        let change = Change {
            id: ChangeId(1),
            inspection_id: InspectionId(inspection),
            created_at: DateTime::default(),
            user_id: Some(UserId(by)),
            user_name: "Rita".into(),
            request_id: Uuid::nil(),
            record: Record {
                action: Action::StatusDraft,
                fields: Vec::new(),
                related: None,
                data: Data { reason: Some(reason.into()), ..Data::default() },
            },
        };
        ChangeRow {
            change,
            reference: String::new(),
            name: String::new(),
            status: Status::Draft,
            head: ChangeId(1),
            removed: false,
            inspector: None,
            review: None,
            comments: 0,
        }
    }

    #[test]
    fn each_draft_stands_once_where_it_is_most_urgent() {
        let viewer = Actor { id: UserId(1), name: "Ida".into(), role: Role::Inspector };
        let rows = vec![
            row(1, None),
            row(2, Some("2026-03-09")),
            row(3, Some("2026-03-01")),
            row(4, Some("2026-05-01")),
            row(5, Some("2026-03-05")),
            row(6, None),
        ];
        let back = vec![
            sent_back(5, 2, "Say which beam."),
            sent_back(5, 2, "Too short."),
            sent_back(6, 1, "My own mistake."),
        ];
        let drafts = Drafts::sorted(rows, back, &viewer, day("2026-03-05"));
        let ids = |rows: &[InspectionRow]| rows.iter().map(|row| row.id.0).collect::<Vec<_>>();
        assert_eq!(ids(&drafts.due), [3, 2]);
        assert_eq!(ids(&drafts.others), [1, 4, 6]);
        let [back] = &drafts.sent_back[..] else { panic!("not sent back once") };
        assert_eq!((back.row.id.0, back.reason.as_str()), (5, "Say which beam."));
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
