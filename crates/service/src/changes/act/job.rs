//! Dispatch of the actions that a dashboard form requests.

use crate::{ServiceError, changes::require_reviewer, error::During};
use chrono::{DateTime, Utc};
use domain::{
    feed::{ChangeFilter, EntryKey, FilterProblem, ReviewState},
    id::{ChangeId, ReviewId},
    inspection::Status,
    people::Actor,
    view::{Confirm, Form, Outcome, separate_entry},
};
use std::str::FromStr;
use store::{ReviewTarget, Store, request_id_for};
use uuid::Uuid;

/// Form as a list of names and values.
pub(super) struct Read<'form>(&'form [(String, String)]);

impl Read<'_> {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Parses the value of a control; `None` if the form has no such control.
    ///
    /// # Errors
    /// The value is invalid. It is not treated as missing, because the action would then affect more or fewer
    /// changes than intended.
    pub(super) fn read<T: FromStr>(&self, name: &str) -> Result<Option<T>, ServiceError> {
        self.get(name).map(|text| text.parse().map_err(|_| unreadable(name, text))).transpose()
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// Returns the typed text; the selection form has one text control per action.
    pub(super) fn text(&self) -> Option<&str> {
        let of_act = format!("text-{}", self.get("do").unwrap_or_default());
        let written = self.get("text").or_else(|| self.get(&of_act));
        written.map(str::trim).filter(|text| !text.is_empty())
    }

    /// Returns whether the action applies to all changes that match the filter.
    pub(super) fn means_all(&self) -> bool {
        self.get("all").is_some()
    }

    /// Returns the confirmed number of changes and the newest confirmed change.
    pub(super) fn agreed(&self) -> Result<Option<(u64, ChangeId)>, ServiceError> {
        Ok(self.read("expected")?.zip(self.read("newest")?))
    }
}

/// Performs the action of a dashboard form; `query` is the query string of its page.
///
/// # Errors
/// The person may not review changes, the action is refused as a whole, or the database fails.
pub async fn act(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
    query: &str,
    form: Form,
) -> Result<Outcome, ServiceError> {
    require_reviewer(actor)?;
    let form = separate_entry(form);
    let form = Read(&form);
    let filter = ChangeFilter::from_valid_query(query).map(|filter| filter.first_page());
    let job = Job { store, actor, now, filter, form };
    match job.form.get("do").unwrap_or_default() {
        "reviewed" => job.review(ReviewState::Reviewed).await,
        "flagged" => job.review(ReviewState::Flagged).await,
        "unreviewed" => job.review(ReviewState::Unreviewed).await,
        "comment" => job.comment().await,
        "complete" => job.step(Status::Complete).await,
        "draft" => job.step(Status::Draft).await,
        "undo" => job.undo().await,
        "save-view" => job.save_view().await,
        "start-view" => job.start_view().await,
        "delete-view" => job.delete_view().await,
        _ => Err(ServiceError::invalid("", "Say what to do.")),
    }
}

pub(super) struct Job<'job> {
    pub(super) store: &'job Store,
    pub(super) actor: &'job Actor,
    filter: Result<ChangeFilter, FilterProblem>,
    pub(super) form: Read<'job>,
    pub(super) now: DateTime<Utc>,
}

impl Job<'_> {
    /// Returns the filter of the page.
    ///
    /// # Errors
    /// A part of it is invalid. The valid rest alone could match more than intended.
    pub(super) fn filter(&self) -> Result<&ChangeFilter, ServiceError> {
        self.filter.as_ref().map_err(|problem| problem.clone().into())
    }

    /// Counts the changes that match a filter. Also returns the newest of them.
    pub(super) async fn count(
        &self,
        filter: &ChangeFilter,
    ) -> Result<(u64, Option<ChangeId>), ServiceError> {
        self.store.count_changes(filter).await.during("count changes", self.actor.id)
    }

    async fn review(&self, to: ReviewState) -> Result<Outcome, ServiceError> {
        let target = if !self.form.means_all() {
            self.chosen()?
        } else if let Some((expected, newest)) = self.form.agreed()? {
            ReviewTarget::Matching { filter: self.filter()?.clone(), newest, expected }
        } else {
            let (verb, state) = match to {
                ReviewState::Reviewed => ("Mark", " as reviewed"),
                ReviewState::Flagged => ("Flag", ""),
                ReviewState::Unreviewed => ("Mark", " as unreviewed"),
            };
            let (number, newest) = self.count(self.filter()?).await?;
            let command = match number {
                1 => format!("{verb} 1 change{state}"),
                number => format!("{verb} {number} changes{state}"),
            };
            return self.ask(command, number, newest);
        };
        let note = self.form.get("note");
        let done = self.store.review(self.actor, &target, to, note, self.now).await;
        let done = done.during("review changes", self.actor.id)?;
        let says = match (to, done.changes) {
            (_, 0) => "Nothing to change.".into(),
            (ReviewState::Reviewed, 1) => "1 change reviewed.".into(),
            (ReviewState::Reviewed, number) => format!("{number} changes reviewed."),
            (ReviewState::Flagged, 1) => "1 change flagged.".into(),
            (ReviewState::Flagged, number) => format!("{number} changes flagged."),
            (ReviewState::Unreviewed, 1) => "1 change marked as unreviewed.".into(),
            (ReviewState::Unreviewed, number) => format!("{number} changes marked as unreviewed."),
        };
        let undo = done.review.map(|review| {
            vec![("do".to_owned(), "undo".to_owned()), ("review".to_owned(), review.to_string())]
        });
        Ok(Outcome { says, undo, ..Outcome::default() })
    }

    async fn undo(&self) -> Result<Outcome, ServiceError> {
        let review = self.form.read("review")?.map(ReviewId);
        let review = review.ok_or_else(|| ServiceError::invalid("", "Nothing to undo."))?;
        let number = self.store.undo_review(self.actor, review).await;
        let number = number.during("undo a review", self.actor.id)?;
        let says = match number {
            1 => "Undone. 1 change is as it was before.".into(),
            number => format!("Undone. {number} changes are as they were before."),
        };
        Ok(Outcome { says, ..Outcome::default() })
    }

    /// Returns a confirmation for this number of changes; changes newer than `newest` are excluded.
    pub(super) fn ask(
        &self,
        command: String,
        number: u64,
        newest: Option<ChangeId>,
    ) -> Result<Outcome, ServiceError> {
        let Some(newest) = newest.filter(|_| number > 0) else {
            return Err(ServiceError::invalid("", "No changes match any more."));
        };
        let kept = |name: &str| !matches!(name, "entry" | "newest" | "expected" | "changes");
        let mut form: Form = self.form.0.iter().filter(|(name, _)| kept(name)).cloned().collect();
        form.push(("expected".into(), number.to_string()));
        form.push(("newest".into(), newest.to_string()));
        let confirm = Some(Confirm { question: format!("{command}?"), yes: command, form });
        Ok(Outcome { confirm, ..Outcome::default() })
    }

    /// Returns the selected changes, up to the newest one that the reviewer could see.
    pub(super) fn chosen(&self) -> Result<ReviewTarget, ServiceError> {
        let read = |text: &str| text.parse().map_err(|_| unreadable("entry", text));
        let keys: Vec<EntryKey> = self.form.all("entry").map(read).collect::<Result<_, _>>()?;
        if !keys.is_empty() {
            // A form without `newest` applies to all changes of the entries.
            let newest = self.form.read("newest")?.unwrap_or(ChangeId(i64::MAX));
            return Ok(ReviewTarget::Entries { filter: self.filter()?.clone(), keys, newest });
        }
        match self.changes()? {
            changes if changes.is_empty() => Err(nothing_chosen()),
            changes => Ok(ReviewTarget::Changes(changes)),
        }
    }

    /// Returns the individually selected changes.
    pub(super) fn changes(&self) -> Result<Vec<ChangeId>, ServiceError> {
        let read = |text: &str| text.parse().map_err(|_| unreadable("change", text));
        self.form.all("change").map(read).collect()
    }

    /// Returns the request id, under which the action is performed once. It is derived from all values of the
    /// form, because after going back in the browser a different selection may be sent with the page's id.
    pub(super) fn request(&self) -> Result<Uuid, ServiceError> {
        let content = self.form.0.iter().map(|(name, value)| (name, value));
        let page = self.form.read("request")?;
        Ok(page.map_or_else(Uuid::now_v7, |page| request_id_for(page, content)))
    }
}

fn unreadable(name: &str, text: &str) -> ServiceError {
    let hint = "Nothing was done. Load the page again, and try once more.";
    ServiceError::Unreadable { text: format!("{name}={text}"), hint }
}

pub(super) fn nothing_chosen() -> ServiceError {
    ServiceError::invalid("", "Select what it is about first.")
}
