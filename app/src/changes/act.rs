//! What a reviewer does from the dashboard, whether a script or a plain form sends it: a list of names
//! and values, of which `do` says what to do.

use domain::{ChangeId, ReviewId};
use serde::{Deserialize, Serialize};

/// The names and values of a form.
pub type Form = Vec<(String, String)>;

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What was done, as a sentence; empty where nothing was.
    pub says: String,
    /// What takes it back.
    pub undo: Option<ReviewId>,
    /// The inspections for which it was refused, and why; the rest went through.
    pub refused: Vec<(String, String)>,
    /// Before anything is done: how many changes it is about.
    pub confirm: Option<Confirm>,
}

/// What has to be confirmed before it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirm {
    /// How many changes match.
    pub number: u64,
    /// The newest there is: what comes later is left alone.
    pub newest: ChangeId,
    /// What is to be done, as a question names it: "Mark as reviewed".
    pub what: String,
    /// The form to send again, with the number in it.
    pub form: Form,
}

/// The outcome of a plain form, provided to the page that answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted(pub Result<Outcome, crate::error::AppError>);

#[cfg(feature = "ssr")]
pub(super) use server::act;
#[cfg(feature = "ssr")]
pub use server::act_on;

#[cfg(feature = "ssr")]
mod server {
    use super::{Confirm, Form, Outcome};
    use crate::{auth::reviewer, changes::key, error::AppError};
    use chrono::{DateTime, Utc};
    use domain::{
        Action, Actor, ChangeFilter, ChangeId, EntryKey, InspectionId, Mutation, ReviewId,
        ReviewState, Status, ViewId,
    };
    use leptos::prelude::expect_context;
    use std::collections::BTreeMap;
    use store::{Clock, ReviewTarget, Store};
    use uuid::Uuid;

    /// The most inspections that take a step at once.
    const MOST: usize = 5_000;

    /// A form, by its names.
    struct Read<'form>(&'form [(String, String)]);

    impl Read<'_> {
        fn get(&self, name: &str) -> Option<&str> {
            self.all(name).next()
        }

        fn all(&self, name: &str) -> impl Iterator<Item = &str> {
            self.0.iter().filter(move |(it, _)| it == name).map(|(_, value)| value.as_str())
        }

        /// What was written; the form of the selection has room for each act.
        fn text(&self) -> Option<&str> {
            let of_act = format!("text-{}", self.get("do").unwrap_or_default());
            let written = self.get("text").or_else(|| self.get(&of_act));
            written.map(str::trim).filter(|text| !text.is_empty())
        }
    }

    pub(in super::super) async fn act(query: &str, form: &Form) -> Result<Outcome, AppError> {
        let actor = reviewer()?;
        let (store, clock) = (expect_context::<Store>(), expect_context::<Clock>());
        act_on(&store, &actor, clock.now(), query, form).await
    }

    /// Does what a form of the dashboard asks for. The query is that of its page, the actor a
    /// [reviewer].
    ///
    /// # Errors
    /// Where it is refused as a whole.
    pub async fn act_on(
        store: &Store,
        actor: &Actor,
        now: DateTime<Utc>,
        query: &str,
        form: &[(String, String)],
    ) -> Result<Outcome, AppError> {
        let form = Read(form);
        let filter = ChangeFilter::from_query(query).0.first_page();
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
            _ => Err(AppError::invalid("", "Say what to do.")),
        }
    }

    struct Job<'job> {
        store: &'job Store,
        actor: &'job Actor,
        now: DateTime<Utc>,
        filter: ChangeFilter,
        form: Read<'job>,
    }

    impl Job<'_> {
        async fn review(&self, to: ReviewState) -> Result<Outcome, AppError> {
            let target = if self.form.get("all").is_some() {
                let what = match to {
                    ReviewState::Reviewed => "Mark as reviewed",
                    ReviewState::Flagged => "Flag",
                    ReviewState::Unreviewed => "Put back",
                };
                match self.confirmed(what).await? {
                    Ok((expected, newest)) => {
                        ReviewTarget::Matching { filter: self.filter.clone(), newest, expected }
                    }
                    Err(outcome) => return Ok(outcome),
                }
            } else {
                self.chosen()?
            };
            let done =
                self.store.review(self.actor, &target, to, self.form.text(), self.now).await?;
            let says = match (to, done.changes) {
                (_, 0) => "That is so already.".into(),
                (ReviewState::Reviewed, 1) => "1 change reviewed.".into(),
                (ReviewState::Reviewed, number) => format!("{number} changes reviewed."),
                (ReviewState::Flagged, 1) => "1 change flagged.".into(),
                (ReviewState::Flagged, number) => format!("{number} changes flagged."),
                (ReviewState::Unreviewed, 1) => "1 change put back.".into(),
                (ReviewState::Unreviewed, number) => format!("{number} changes put back."),
            };
            Ok(Outcome { says, undo: done.review, ..Outcome::default() })
        }

        async fn undo(&self) -> Result<Outcome, AppError> {
            let review = self.number("review").map(ReviewId);
            let review =
                review.ok_or_else(|| AppError::invalid("", "There is nothing to undo."))?;
            let number = self.store.undo_review(self.actor, review).await?;
            let says = match number {
                1 => "Undone: 1 change stands as before.".into(),
                number => format!("Undone: {number} changes stand as before."),
            };
            Ok(Outcome { says, ..Outcome::default() })
        }

        /// Each chosen change gets the comment; of a whole entry its newest.
        async fn comment(&self) -> Result<Outcome, AppError> {
            let text = self.form.text().unwrap_or_default();
            let changes = match self.chosen()? {
                ReviewTarget::Entries { filter, keys, newest } => {
                    self.store.newest_of_entries(&filter, &keys, newest).await?
                }
                _ => self.changes(),
            };
            if changes.is_empty() {
                return Err(nothing_chosen());
            }
            self.store.comment(self.actor, self.request(), &changes, text, self.now).await?;
            let says = match changes.len() {
                1 => "Comment added.".into(),
                number => format!("Comment added to {number} changes."),
            };
            Ok(Outcome { says, ..Outcome::default() })
        }

        async fn step(&self, to: Status) -> Result<Outcome, AppError> {
            let reason = self.form.text().map(str::to_owned);
            if to == Status::Draft && reason.is_none() {
                return Err(AppError::invalid("text", "Say why; the inspector reads it."));
            }
            let target = if self.form.get("all").is_some() {
                let what = match to {
                    Status::Complete => Action::StatusComplete.label(),
                    _ => Action::StatusDraft.label(),
                };
                match self.confirmed(what).await? {
                    Ok((expected, newest)) => {
                        ReviewTarget::Matching { filter: self.filter.clone(), newest, expected }
                    }
                    Err(outcome) => return Ok(outcome),
                }
            } else {
                self.chosen()?
            };
            // Whoever reads a day does not see which inspections all of it is about.
            if let ReviewTarget::Entries { keys, .. } = &target
                && keys.iter().any(|key| matches!(key, EntryKey::Day(_)))
            {
                let message =
                    "A day takes no steps. Group by inspection, and select those that do.";
                return Err(AppError::invalid("", message));
            }
            let inspections: BTreeMap<InspectionId, String> =
                self.store.inspections_of(&target).await?.into_iter().collect();
            if inspections.is_empty() {
                return Err(nothing_chosen());
            }
            if inspections.len() > MOST {
                let message = format!("Narrow the filter to {MOST} inspections or fewer first.");
                return Err(AppError::invalid("", message));
            }
            let ids: Vec<_> = inspections.keys().copied().collect();
            let request = self.request();
            let mut work = self.store.begin(self.actor, request, self.now).await?;
            let many = work.perform_many(&ids, &Mutation::SetStatus { to, reason }).await?;
            work.commit().await?;
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
            refused.extend(many.unchanged.iter().map(|id| (name(id), "It is so already.".into())));
            Ok(Outcome { says: done, refused, ..Outcome::default() })
        }

        async fn save_view(&self) -> Result<Outcome, AppError> {
            let name = self.form.get("name").unwrap_or_default();
            self.store.save_view(self.actor.id, name, &self.filter).await?;
            Ok(Outcome { says: "View saved.".into(), ..Outcome::default() })
        }

        async fn start_view(&self) -> Result<Outcome, AppError> {
            let view = self.number("view").map(ViewId);
            self.store.start_with(self.actor.id, view).await?;
            let says = match view {
                Some(_) => "Changes starts with this view.",
                None => "Changes starts with what is unreviewed.",
            };
            Ok(Outcome { says: says.into(), ..Outcome::default() })
        }

        async fn delete_view(&self) -> Result<Outcome, AppError> {
            if let Some(view) = self.number("view").map(ViewId) {
                self.store.delete_view(self.actor.id, view).await?;
            }
            Ok(Outcome { says: "View deleted.".into(), ..Outcome::default() })
        }

        fn number(&self, name: &str) -> Option<i64> {
            self.form.get(name)?.parse().ok()
        }

        /// How many were agreed to, and the newest of them; else what has to be confirmed.
        async fn confirmed(
            &self,
            what: &str,
        ) -> Result<Result<(u64, ChangeId), Outcome>, AppError> {
            let expected = self.form.get("expected").and_then(|number| number.parse().ok());
            if let Some((expected, newest)) = expected.zip(self.number("newest").map(ChangeId)) {
                return Ok(Ok((expected, newest)));
            }
            let (number, newest) = self.store.count_changes(&self.filter).await?;
            let newest = newest.unwrap_or(ChangeId(0));
            let kept = |name: &str| !matches!(name, "entry" | "newest" | "expected");
            let mut form: Form =
                self.form.0.iter().filter(|(name, _)| kept(name)).cloned().collect();
            form.push(("expected".into(), number.to_string()));
            form.push(("newest".into(), newest.to_string()));
            let confirm = Confirm { number, newest, what: what.to_owned(), form };
            Ok(Err(Outcome { confirm: Some(confirm), ..Outcome::default() }))
        }

        /// What is chosen, as far as the reviewer could know of it.
        fn chosen(&self) -> Result<ReviewTarget, AppError> {
            let keys: Vec<EntryKey> = self.form.all("entry").filter_map(key::read).collect();
            if !keys.is_empty() {
                let newest = ChangeId(self.number("newest").unwrap_or(i64::MAX));
                return Ok(ReviewTarget::Entries { filter: self.filter.clone(), keys, newest });
            }
            match self.changes() {
                changes if changes.is_empty() => Err(nothing_chosen()),
                changes => Ok(ReviewTarget::Changes(changes)),
            }
        }

        /// The changes that are named by themselves.
        fn changes(&self) -> Vec<ChangeId> {
            self.form.all("change").filter_map(|id| id.parse().ok()).collect()
        }

        /// The id under which this is done once, however often it is sent.
        fn request(&self) -> Uuid {
            let sent = self.form.get("request").and_then(|id| id.parse().ok());
            sent.unwrap_or_else(Uuid::now_v7)
        }
    }

    fn nothing_chosen() -> AppError {
        AppError::invalid("", "Select what it is about first.")
    }
}
