//! Comments and status changes, which are performed once for each inspection.

use super::job::{Job, nothing_chosen};
use crate::{ServiceError, error::During};
use domain::{
    change::Mutation,
    feed::{ChangeFilter, EntryKey, check_comment},
    id::{ChangeId, InspectionId},
    inspection::Status,
    view::Outcome,
};
use std::collections::BTreeMap;
use store::ReviewTarget;

/// Maximum number of inspections for one action.
const MAX_INSPECTIONS: usize = 5_000;

/// Inspections, each with its reference and one of its changes.
type Inspections = Vec<(InspectionId, String, ChangeId)>;

impl Job<'_> {
    /// Adds a comment to each selected change. In a selected entry the newest change gets the comment; with
    /// all matching changes selected, the newest of each inspection does, so that its inspector reads it
    /// once.
    pub(super) async fn comment(&self) -> Result<Outcome, ServiceError> {
        let text = check_comment(self.form.text().unwrap_or_default());
        let text = text.map_err(|message| ServiceError::invalid("text", message))?;
        let all = self.form.means_all();
        let changes = if all {
            match self.all_inspections("Comment on").await? {
                Ok(found) => found.into_iter().map(|(_, _, newest)| newest).collect(),
                Err(question) => return Ok(question),
            }
        } else {
            match self.chosen()? {
                ReviewTarget::Entries { filter, keys, newest } => {
                    let found = self.newest_of(&filter, &keys, newest).await?;
                    match found.is_empty() {
                        true => {
                            let filter = in_any_state(&filter);
                            self.newest_of(&filter, &keys, newest).await?
                        }
                        false => found,
                    }
                }
                _ => self.changes()?,
            }
        };
        if changes.is_empty() {
            return Err(nothing_chosen());
        }
        let request = self.request()?;
        let added = self.store.comment(self.actor, request, &changes, &text, self.now).await;
        added.during("comment on changes", request)?;
        let says = match (changes.len(), all) {
            (1, _) => "Comment added.".into(),
            (number, true) => format!("Comment added to {number} inspections."),
            (number, false) => format!("Comment added to {number} changes."),
        };
        Ok(Outcome { says, ..Outcome::default() })
    }

    async fn newest_of(
        &self,
        filter: &ChangeFilter,
        keys: &[EntryKey],
        newest: ChangeId,
    ) -> Result<Vec<ChangeId>, ServiceError> {
        let found = self.store.newest_of_entries(filter, keys, newest).await;
        found.during("find the changes of entries", self.actor.id)
    }

    async fn inspections_of(&self, target: &ReviewTarget) -> Result<Inspections, ServiceError> {
        let found = self.store.inspections_of(target).await;
        found.during("find the inspections of changes", self.actor.id)
    }

    pub(super) async fn step(&self, to: Status) -> Result<Outcome, ServiceError> {
        let reason = self.form.text().map(str::to_owned);
        if to == Status::Draft && reason.is_none() {
            return Err(ServiceError::invalid("text", "Say why; the inspector reads it."));
        }
        let found = if self.form.means_all() {
            let what = if to == Status::Complete { "Complete" } else { "Send back" };
            match self.all_inspections(what).await? {
                Ok(found) => found,
                Err(question) => return Ok(question),
            }
        } else {
            self.chosen_inspections().await?
        };
        let names = found.into_iter().map(|(id, reference, _)| (id, reference));
        let inspections: BTreeMap<InspectionId, String> = names.collect();
        let ids: Vec<_> = inspections.keys().copied().collect();
        let (request, operation) = (self.request()?, "set the status of inspections");
        let work = self.store.begin(self.actor, request, self.now).await;
        let mut work = work.during(operation, request)?;
        let many = work.perform_many(&ids, &Mutation::SetStatus { to, reason }).await;
        let many = many.during(operation, request)?;
        work.commit().await.during(operation, request)?;
        let name = |id| inspections.get(id).cloned().unwrap_or_default();
        let done = match (&many.done[..], to) {
            ([], _) => String::new(),
            ([one], Status::Complete) => format!("{} is complete.", name(&one.inspection_id)),
            ([one], _) => format!("{} is a draft again.", name(&one.inspection_id)),
            (done, Status::Complete) => format!("{} inspections are complete.", done.len()),
            (done, _) => format!("{} inspections are drafts again.", done.len()),
        };
        let refused = many.refused.iter().map(|(id, why)| (name(id), why.to_string()));
        let mut refused: Vec<_> = refused.collect();
        refused.extend(many.unchanged.iter().map(|id| (name(id), "Already in this state.".into())));
        Ok(Outcome { says: done, refused, ..Outcome::default() })
    }

    /// Returns the inspections of all matching changes, each with its reference and its newest matching
    /// change. Returns a confirmation instead, unless the reviewer has confirmed at least that number.
    async fn all_inspections(
        &self,
        what: &str,
    ) -> Result<Result<Inspections, Outcome>, ServiceError> {
        let agreed = self.form.agreed()?.zip(self.form.read("changes")?);
        let (expected, newest) = match agreed {
            Some(((_, newest), changes)) => (changes, Some(newest)),
            None => self.count(self.filter()?).await?,
        };
        let target = ReviewTarget::Matching {
            filter: self.filter()?.clone(),
            newest: newest.unwrap_or(ChangeId(0)),
            expected,
        };
        let found = check_limit(self.inspections_of(&target).await?)?;
        let number = found.len() as u64;
        if agreed.is_some_and(|((agreed, _), _)| number <= agreed) {
            return Ok(Ok(found));
        }
        let command = match number {
            1 => format!("{what} 1 inspection"),
            number => format!("{what} {number} inspections"),
        };
        let mut outcome = self.ask(command, number, newest)?;
        if let Some(confirm) = &mut outcome.confirm {
            confirm.form.push(("changes".into(), expected.to_string()));
        }
        Ok(Err(outcome))
    }

    /// Returns the inspections of the selected changes.
    async fn chosen_inspections(&self) -> Result<Inspections, ServiceError> {
        let target = self.chosen()?;
        let mut found = self.inspections_of(&target).await?;
        if let ReviewTarget::Entries { filter, keys, newest } = target {
            if keys.iter().any(|key| !key.group().takes_steps()) {
                let message = "You can't complete or send back a day. Group by inspection first.";
                return Err(ServiceError::invalid("", message));
            }
            if found.is_empty() {
                let target = ReviewTarget::Entries { filter: in_any_state(&filter), keys, newest };
                found = self.inspections_of(&target).await?;
            }
        }
        match found.is_empty() {
            true => Err(nothing_chosen()),
            false => check_limit(found),
        }
    }
}

/// Returns the filter without its review states. It still matches the changes of a shown entry after others
/// have reviewed them.
fn in_any_state(filter: &ChangeFilter) -> ChangeFilter {
    let mut filter = filter.clone();
    filter.states.clear();
    filter.without.states.clear();
    filter
}

/// Returns the inspections, unless they exceed the maximum for one action.
fn check_limit(found: Inspections) -> Result<Inspections, ServiceError> {
    if found.len() > MAX_INSPECTIONS {
        let message = format!("Narrow the filter to {MAX_INSPECTIONS} inspections or fewer first.");
        return Err(ServiceError::invalid("", message));
    }
    Ok(found)
}
