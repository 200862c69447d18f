//! Use case of the start page: the pending work of a person.

use crate::{ServiceError, error::During};
use chrono::{Days, NaiveDate};
use domain::{
    feed::ChangeFilter,
    people::{Actor, Role},
    permission::may_review_changes,
    view::{Drafts, InReview, SentBack, StartPageData},
};
use store::{Store, Waiting};

/// Maximum number of inspections in review that are shown.
const IN_REVIEW: i64 = 20;

/// Maximum number of a person's drafts that are shown.
const DRAFTS: i64 = 50;

/// Number of latest changes that are shown.
const LATEST: usize = 8;

/// Period within which a visit is due soon.
const SOON: Days = Days::new(7);

/// Loads the pending work of a person.
///
/// # Errors
/// The database fails.
pub async fn start_page_data(
    store: &Store,
    viewer: &Actor,
    today: NaiveDate,
) -> Result<StartPageData, ServiceError> {
    let operation = "load the start page";
    let drafts = match viewer.role {
        Role::Reviewer => Drafts::default(),
        _ => {
            let drafts = store.drafts(viewer.id, DRAFTS).await;
            let (rows, all) = drafts.during(operation, viewer.id)?;
            sorted(rows, all, viewer, today)
        }
    };
    let in_review = store.in_review(viewer, IN_REVIEW).await;
    let (review, in_review) = in_review.during(operation, viewer.id)?;
    let review = review.into_iter().map(waits).collect();
    let latest = match may_review_changes(viewer.role) {
        true => {
            let latest = store.latest_changes(&ChangeFilter::default(), LATEST).await;
            latest.during(operation, viewer.id)?
        }
        false => Vec::new(),
    };
    let first = viewer.role == Role::Admin && latest.is_empty();
    let alone = first && store.users().await.during(operation, viewer.id)?.len() == 1;
    let viewer = viewer.clone();
    Ok(StartPageData { viewer, today, drafts, review, in_review, latest, alone })
}

fn waits(Waiting { row, reached }: Waiting) -> InReview {
    let since = reached.map_or(row.changed_at, |step| step.at);
    InReview { row, since }
}

/// Sorts a person's drafts by urgency; `all` is their total number.
fn sorted(drafts: Vec<Waiting>, all: i64, viewer: &Actor, today: NaiveDate) -> Drafts {
    let more = usize::try_from(all).is_ok_and(|all| all > drafts.len());
    let mut sorted = Drafts { more, ..Drafts::default() };
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

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use domain::{
        id::{InspectionId, UserId},
        inspection::{InspectionRow, Status},
    };
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
        let drafts = sorted(drafts, 8, &viewer, day("2026-03-05"));
        let ids = |rows: &[InspectionRow]| rows.iter().map(|row| row.id.0).collect::<Vec<_>>();
        assert_eq!(ids(&drafts.due), [3, 2]);
        assert_eq!(ids(&drafts.others), [4, 6, 1]);
        let back: Vec<_> =
            drafts.sent_back.iter().map(|it| (it.row.id.0, it.reason.as_str())).collect();
        assert_eq!(back, [(7, "Which side?"), (5, "Say which beam.")]);
        assert!(drafts.more);
    }
}
