//! Reviews, comments and saved views, which are stored besides the record of changes.

mod comments;
mod target;
mod views;

pub use target::ReviewTarget;

use crate::{
    Error, Notice, Store, boxed,
    db::Tx,
    index::write_review_states,
    rows,
    sql::{numbers, sql, timestamp},
};
use chrono::{DateTime, Utc};
use domain::{
    feed::{Review, ReviewState, check_note},
    id::{ChangeId, InspectionId, ReviewId, UserId},
    people::{Actor, Denied},
    permission::may_review_changes,
};
use std::collections::BTreeMap;

/// Outcome of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// Id of the review, for undoing it; `None` if nothing changed.
    pub review: Option<ReviewId>,
    /// Number of changes reviewed. Changes that already had the state do not count, unless there is
    /// a note.
    pub changes: u64,
}

/// Join of a change `c` with its current review `r`, the last one, if there is one.
pub(crate) const WITH_REVIEW: &str = "left join reviews as r on r.id = \
     (select max(m.review_id) from reviewed_changes as m where m.change_id = c.id)";

/// The columns of [`CurrentReviewRow`].
pub(crate) const REVIEW_COLUMNS: &str = "r.id as review, r.state as review_state, \
     r.user_id as reviewer, r.user_name as reviewer_name, r.at as reviewed_at, r.note as review_note";

/// The current review of a change, in [its columns](REVIEW_COLUMNS).
#[derive(sqlx::FromRow)]
pub(crate) struct CurrentReviewRow {
    review: Option<i64>,
    review_state: Option<String>,
    reviewer: Option<i64>,
    reviewer_name: Option<String>,
    reviewed_at: Option<i64>,
    review_note: Option<String>,
}

impl CurrentReviewRow {
    /// Returns the review; `None` if there is none or the last one reset the change to unreviewed.
    pub(crate) fn read(self) -> Result<Option<Review>, Error> {
        let (Some(id), Some(state), Some(by), Some(at)) =
            (self.review, self.review_state, self.reviewer_name, self.reviewed_at)
        else {
            return Ok(None);
        };
        let state = rows::word("reviews", "state", id, &state)?;
        let user = self.reviewer.map(UserId);
        let at = timestamp("reviews", "at", id, at)?;
        let review = Review { state, by, user, at, note: self.review_note };
        Ok(Some(review).filter(|review| review.state != ReviewState::Unreviewed))
    }
}

#[derive(sqlx::FromRow)]
struct ReviewRow {
    id: i64,
    #[sqlx(flatten)]
    review: CurrentReviewRow,
}

impl Store {
    /// Marks changes as reviewed, flagged, or unreviewed.
    ///
    /// # Errors
    /// [`Error::Refused`] if the actor does not review, [`Error::Moved`] if the filter now matches
    /// another number, [`Error::Unfit`] about the `note`.
    #[boxed]
    pub async fn review(
        &self,
        actor: &Actor,
        target: &ReviewTarget,
        state: ReviewState,
        note: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Reviewed, Error> {
        if !may_review_changes(actor.role) {
            return Err(Denied::Role.into());
        }
        let note = check_note(note).map_err(Error::unfit("note"))?;
        let mut tx = self.db().review().await?;
        let found = target.changes(self, &mut tx).await?;
        let mut changes: Vec<ChangeId> = found.into_iter().collect();
        if note.is_none() {
            let states = states_of(&mut tx, &changes).await?;
            changes.retain(|change| states.get(change) != Some(&state));
        }
        if changes.is_empty() {
            return Ok(Reviewed { review: None, changes: 0 });
        }
        let text = "insert into reviews (state, user_id, user_name, at, note) \
             values ($1, $2, $3, $4, $5) returning id";
        let statement = sql(text)
            .bind(state.slug())
            .bind(actor.id)
            .bind(actor.name.as_str())
            .bind(now)
            .bind(note);
        let (review,): (i64,) = statement.one(&mut tx).await?;
        let these = tx.dialect().values("new", 1);
        let text = format!(
            "insert into reviewed_changes (change_id, review_id) select new.value, $2 from {these}"
        );
        sql(text).bind(numbers(changes.iter().copied())).bind(review).run(&mut tx).await?;
        let states = changes.iter().map(|change| (*change, state)).collect();
        write_review_states(&mut tx, &states).await?;
        tx.notify_on_commit(Notice::Reviewed);
        tx.commit().await?;
        Ok(Reviewed { review: Some(ReviewId(review)), changes: changes.len() as u64 })
    }

    /// Undoes one of the actor's own reviews: each of its changes has its former state again,
    /// unless somebody reviewed it since. Returns the number of its changes.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they have no such review, or no longer.
    #[boxed]
    pub async fn undo_review(&self, actor: &Actor, review: ReviewId) -> Result<u64, Error> {
        let mut tx = self.db().review().await?;
        let text = "select id from reviews where id = $1 and user_id = $2";
        let own: Option<(i64,)> = sql(text).bind(review.0).bind(actor.id).optional(&mut tx).await?;
        own.ok_or(Error::NotFound)?;
        let text = "delete from reviewed_changes where review_id = $1 returning change_id";
        let changes: Vec<(i64,)> = sql(text).bind(review.0).all(&mut tx).await?;
        let changes: Vec<ChangeId> = changes.into_iter().map(|(id,)| ChangeId(id)).collect();
        sql("delete from reviews where id = $1").bind(review.0).run(&mut tx).await?;
        let states = states_of(&mut tx, &changes).await?;
        write_review_states(&mut tx, &states).await?;
        tx.notify_on_commit(Notice::Reviewed);
        tx.commit().await?;
        Ok(changes.len() as u64)
    }

    /// Returns the current reviews of changes; unreviewed changes are left out.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn reviews_of(
        &self,
        changes: &[ChangeId],
    ) -> Result<BTreeMap<ChangeId, Review>, Error> {
        let these = self.db().dialect().any("c.id", 1);
        let text =
            format!("select c.id, {REVIEW_COLUMNS} from changes as c {WITH_REVIEW} where {these}");
        let these = numbers(changes.iter().copied());
        let found: Vec<ReviewRow> = sql(text).bind(these).all(self.db()).await?;
        let mut reviews = BTreeMap::new();
        for ReviewRow { id, review } in found {
            reviews.extend(review.read()?.map(|review| (ChangeId(id), review)));
        }
        Ok(reviews)
    }

    /// Returns the newest change of an inspection that this user reviewed or flagged and that
    /// nobody reset since. "Since I last reviewed" is everything after it.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn last_reviewed(
        &self,
        inspection: InspectionId,
        user: UserId,
    ) -> Result<Option<ChangeId>, Error> {
        let text = "select c.id from changes as c \
             join reviewed_changes as m on m.change_id = c.id join reviews as r on r.id = m.review_id \
             where c.inspection_id = $1 and r.user_id = $2 and r.state <> 'unreviewed' \
             and not exists (select 1 from reviewed_changes as l \
             join reviews as b on b.id = l.review_id \
             where l.change_id = c.id and l.review_id > r.id and b.state = 'unreviewed') \
             order by c.id desc limit 1";
        let found: Option<(i64,)> =
            sql(text).bind(inspection).bind(user).optional(self.db()).await?;
        Ok(found.map(|(id,)| ChangeId(id)))
    }
}

/// Returns the current review states of these changes.
async fn states_of(
    tx: &mut Tx,
    changes: &[ChangeId],
) -> Result<BTreeMap<ChangeId, ReviewState>, Error> {
    let these = tx.dialect().any("c.id", 1);
    let text = format!(
        "select c.id, r.state from changes as c {WITH_REVIEW} where {these} and r.id is not null"
    );
    let found: Vec<(i64, String)> =
        sql(text).bind(numbers(changes.iter().copied())).all(tx).await?;
    let mut states: BTreeMap<ChangeId, ReviewState> =
        changes.iter().map(|change| (*change, ReviewState::Unreviewed)).collect();
    for (id, state) in found {
        states.insert(ChangeId(id), rows::word("reviews", "state", id, &state)?);
    }
    Ok(states)
}
