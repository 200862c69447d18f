//! Comments on changes, which the inspector reads on the inspection.

use crate::{
    Error, Notice, Store, boxed,
    sql::{numbers, sql, timestamp},
};
use chrono::{DateTime, Utc};
use domain::{
    feed::{Comment, check_comment},
    id::{ChangeId, CommentId, InspectionId, UserId},
    inspection::Inspection,
    people::{Actor, Denied, Person},
    permission::may_see,
};
use std::collections::BTreeSet;
use uuid::Uuid;

const COLUMNS: &str = "id, change_id, inspection_id, user_id, user_name, at, text";

#[derive(sqlx::FromRow)]
struct CommentRow {
    id: i64,
    change_id: i64,
    inspection_id: i64,
    user_id: Option<i64>,
    user_name: String,
    at: i64,
    text: String,
}

impl TryFrom<CommentRow> for Comment {
    type Error = Error;

    fn try_from(row: CommentRow) -> Result<Self, Error> {
        Ok(Self {
            id: CommentId(row.id),
            change: ChangeId(row.change_id),
            inspection: InspectionId(row.inspection_id),
            by: row.user_name,
            user: row.user_id.map(UserId),
            at: timestamp("comments", "at", row.id, row.at)?,
            text: row.text,
        })
    }
}

impl Store {
    /// Comments on changes, on all of them or on none. Everybody who may see their inspections may
    /// comment, including inspectors. A retry under the same request id adds nothing. Returns the
    /// actor's comments under that id.
    ///
    /// # Errors
    /// [`Error::NotFound`] if a change does not exist, [`Error::Refused`] if the actor may not see
    /// one, [`Error::Unfit`] about the `text`.
    #[boxed]
    pub async fn comment(
        &self,
        actor: &Actor,
        request: Uuid,
        changes: &[ChangeId],
        text: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<Comment>, Error> {
        let text = check_comment(text).map_err(Error::unfit("text"))?;
        let changes: BTreeSet<ChangeId> = changes.iter().copied().collect();
        let ids = numbers(changes.iter().copied());
        let mut tx = self.db().write().await?;
        let these = tx.dialect().any("c.id", 1);
        let about = format!(
            "select c.inspection_id, i.inspector_id from changes as c \
             join inspections as i on i.id = c.inspection_id where {these}"
        );
        let about: Vec<(i64, Option<i64>)> = sql(about).bind(ids.clone()).all(&mut tx).await?;
        if about.len() != changes.len() {
            return Err(Error::NotFound);
        }
        let mut inspections = BTreeSet::new();
        for (id, inspector) in about {
            let inspector = inspector.map(|id| Person { id: UserId(id), name: String::new() });
            let inspection = Inspection { inspector, ..Inspection::blank(InspectionId(id)) };
            if !may_see(actor, &inspection) {
                return Err(Denied::NotYours.into());
            }
            inspections.insert(inspection.id);
        }
        let insert = format!(
            "insert into comments \
             (change_id, inspection_id, user_id, user_name, at, text, request_id) \
             select c.id, c.inspection_id, $2, $3, $4, $5, $6 from changes as c where {these} \
             order by c.id on conflict (user_id, request_id, change_id) do nothing"
        );
        let insert = sql(insert)
            .bind(ids)
            .bind(actor.id)
            .bind(actor.name.as_str())
            .bind(now)
            .bind(text)
            .bind(request);
        if insert.run(&mut tx).await? > 0 {
            inspections.into_iter().for_each(|id| tx.notify_on_commit(Notice::Commented(id)));
        }
        let said = format!(
            "select {COLUMNS} from comments where user_id = $1 and request_id = $2 order by id"
        );
        let said: Vec<CommentRow> = sql(said).bind(actor.id).bind(request).all(&mut tx).await?;
        tx.commit().await?;
        said.into_iter().map(Comment::try_from).collect()
    }

    /// Deletes one of the actor's own comments.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they have no such comment.
    #[boxed]
    pub async fn delete_comment(&self, actor: &Actor, id: CommentId) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        let text = "delete from comments where id = $1 and user_id = $2 returning inspection_id";
        let statement = sql(text).bind(id.0).bind(actor.id);
        let (inspection,): (i64,) = statement.optional(&mut tx).await?.ok_or(Error::NotFound)?;
        tx.notify_on_commit(Notice::Commented(InspectionId(inspection)));
        tx.commit().await
    }

    /// Returns the comments on changes, oldest first. It does not check who may see them.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn comments_on(&self, changes: &[ChangeId]) -> Result<Vec<Comment>, Error> {
        let these = self.db().dialect().any("change_id", 1);
        let text = format!("select {COLUMNS} from comments where {these} order by id");
        let found: Vec<CommentRow> =
            sql(text).bind(numbers(changes.iter().copied())).all(self.db()).await?;
        found.into_iter().map(Comment::try_from).collect()
    }

    /// Returns the comments on all changes of an inspection, oldest first. It does not check who
    /// may see them.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn comments_of(&self, inspection: InspectionId) -> Result<Vec<Comment>, Error> {
        let text = format!("select {COLUMNS} from comments where inspection_id = $1 order by id");
        let found: Vec<CommentRow> = sql(text).bind(inspection).all(self.db()).await?;
        found.into_iter().map(Comment::try_from).collect()
    }
}
