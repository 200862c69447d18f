//! Use cases of undoing a request in all the inspections it changed.

use crate::{Missing, ServiceError, error::During, revert::in_words};
use chrono::{DateTime, Utc};
use domain::{
    change::{Record, Refusal},
    id::ChangeId,
    people::Actor,
    permission::may_review_changes,
    revert::{KeptBecause, SkipReason},
    view::{Alike, RequestView, Touched},
};
use std::collections::BTreeMap;
use store::{Store, UndoIn};
use uuid::Uuid;

/// Maximum number of inspections listed in one group.
const LISTED: usize = 500;

/// Maximum number of groups of revertible inspections that are listed.
const MAX_LISTED: usize = 20;

/// Previews undoing a request in the inspections that the viewer may see. `done` is a request that has just
/// undone it.
///
/// # Errors
/// The request does not exist for this viewer, or the database fails.
pub async fn preview(
    store: &Store,
    viewer: &Actor,
    request: Uuid,
    done: Option<Uuid>,
) -> Result<RequestView, ServiceError> {
    let operation = "preview undoing a request";
    let found = store.request_to_undo(viewer, request).await.during(operation, request)?;
    let found = found.ok_or(Missing::Request(request))?;
    let change = found.inspections.first().map(|it| it.change.clone());
    let change = change.ok_or(Missing::Request(request))?;
    let done = match done {
        Some(done) => Some((done, store.touched_by(done).await.during(operation, done)?)),
        None => None,
    };
    let inspections = found.inspections.len();
    let changes = found.inspections.iter().map(|it| it.changes).sum();
    let (mut possible, mut undecided, mut refused) =
        (Gathered::default(), Gathered::default(), Gathered::default());
    let mut already = 0;
    for it in found.inspections {
        match &it.steps {
            Ok(steps) => possible.add(describe(steps), it),
            Err(KeptBecause::Left(SkipReason::Already)) => already += 1,
            Err(stays @ KeptBecause::Undecided(_)) => undecided.add(stays.to_string(), it),
            Err(KeptBecause::Refused(Refusal::Denied(denied))) => {
                refused.add(in_words(*denied), it)
            }
            Err(stays) => refused.add(stays.to_string(), it),
        }
    }
    let above = match may_review_changes(viewer.role) {
        true => ("/changes", "Changes"),
        false => ("/inspections", "Inspections"),
    };
    Ok(RequestView {
        request,
        change,
        changes,
        inspections,
        possible: truncated(possible.most_first()),
        undecided: undecided.most_first(),
        refused: refused.most_first(),
        already,
        seen: found.seen,
        done,
        undoing: Uuid::now_v7(),
        above: (above.0.to_owned(), above.1.to_owned()),
    })
}

/// Undoes a request where possible, up to `seen`, the newest change that the person has seen.
///
/// # Errors
/// The person may not undo it, or the database fails.
pub async fn undo(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
    undoing: Uuid,
    of: Uuid,
    seen: ChangeId,
) -> Result<(), ServiceError> {
    let operation = "undo a request";
    let mut work = store.begin(actor, undoing, now).await.during(operation, of)?;
    work.undo_request(of, seen).await.during(operation, of)?;
    work.commit().await.during(operation, of)
}

/// Inspections grouped by a common sentence.
#[derive(Default)]
struct Gathered(BTreeMap<String, Alike>);

impl Gathered {
    fn add(&mut self, says: String, it: UndoIn) {
        let new = || Alike { says: says.clone(), count: 0, inspections: Vec::new() };
        let alike = self.0.entry(says.clone()).or_insert_with(new);
        alike.count += 1;
        if alike.inspections.len() < LISTED {
            let UndoIn { id, reference, name, change, .. } = it;
            alike.inspections.push(Touched { id, reference, name, change: change.id });
        }
    }

    fn most_first(self) -> Vec<Alike> {
        let mut all: Vec<_> = self.0.into_values().collect();
        all.sort_by_key(|alike| std::cmp::Reverse(alike.count));
        all
    }
}

/// Describes the steps in words.
fn describe(steps: &[Record]) -> String {
    steps.iter().map(Record::description).collect::<Vec<_>>().join("; ")
}

/// Merges the smallest groups into one, if there are more than [`MAX_LISTED`].
fn truncated(mut all: Vec<Alike>) -> Vec<Alike> {
    if all.len() <= MAX_LISTED {
        return all;
    }
    let rest = all.split_off(MAX_LISTED - 1);
    let count = rest.iter().map(|alike| alike.count).sum();
    let inspections = rest.into_iter().flat_map(|alike| alike.inspections).take(LISTED).collect();
    all.push(Alike { says: "set each back as it was before".into(), count, inspections });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(says: usize, count: usize) -> Alike {
        Alike { says: format!("outcome {says:02}"), count, inspections: Vec::new() }
    }

    #[test]
    fn many_outcomes_are_merged_into_one() {
        let few: Vec<_> = (0..MAX_LISTED).map(|number| alike(number, 2)).collect();
        assert_eq!(truncated(few.clone()), few);
        let many: Vec<_> = (0..100).map(|number| alike(number, 3)).collect();
        let truncated = truncated(many.clone());
        assert_eq!(truncated.len(), MAX_LISTED);
        assert_eq!(truncated[..MAX_LISTED - 1], many[..MAX_LISTED - 1]);
        assert_eq!(truncated.iter().map(|alike| alike.count).sum::<usize>(), 300);
    }
}
