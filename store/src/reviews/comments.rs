//! Comments on changes, which the inspector reads on the inspection.

use crate::{
    Error, Notice, Store, rows,
    sql::{moment, sql},
};
use chrono::{DateTime, Utc};
use domain::{
    Actor, ChangeId, Comment, CommentId, Denied, InspectionId, UserId, check_comment, may_see,
};

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

impl From<CommentRow> for Comment {
    fn from(row: CommentRow) -> Self {
        Self {
            id: CommentId(row.id),
            change: ChangeId(row.change_id),
            inspection: InspectionId(row.inspection_id),
            by: row.user_name,
            user: row.user_id.map(UserId),
            at: moment(row.at),
            text: row.text,
        }
    }
}

impl Store {
    /// Comments on a change. Whoever may see the inspection may: its inspector as well.
    ///
    /// # Errors
    /// [`Error::NotFound`] for no such change, [`Error::Refused`] where it is none of the actor's
    /// business, [`Error::Unfit`] about the `text`.
    pub async fn comment(
        &self,
        actor: &Actor,
        change: ChangeId,
        text: &str,
        now: DateTime<Utc>,
    ) -> Result<Comment, Error> {
        let text = check_comment(text).map_err(Error::unfit("text"))?;
        let mut tx = self.db().review().await?;
        let of = sql("select inspection_id from changes where id = $1").bind(change);
        let (inspection,): (i64,) = of.optional(&mut tx).await?.ok_or(Error::NotFound)?;
        let inspection = rows::load_head(&mut tx, InspectionId(inspection)).await?;
        let inspection = inspection.ok_or(Error::NotFound)?;
        if !may_see(actor, &inspection) {
            return Err(Denied::NotYours.into());
        }
        let insert = format!(
            "insert into comments (change_id, inspection_id, user_id, user_name, at, text) \
             values ($1, $2, $3, $4, $5, $6) returning {COLUMNS}"
        );
        let row: CommentRow = sql(insert)
            .bind(change)
            .bind(inspection.id)
            .bind(actor.id)
            .bind(actor.name.as_str())
            .bind(now)
            .bind(text)
            .one(&mut tx)
            .await?;
        tx.tell(Notice::Commented(inspection.id));
        tx.commit().await?;
        Ok(row.into())
    }

    /// Takes a comment of the actor's own back.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such comment of theirs.
    pub async fn delete_comment(&self, actor: &Actor, id: CommentId) -> Result<(), Error> {
        let mut tx = self.db().review().await?;
        let text = "delete from comments where id = $1 and user_id = $2 returning inspection_id";
        let statement = sql(text).bind(id.0).bind(actor.id);
        let (inspection,): (i64,) = statement.optional(&mut tx).await?.ok_or(Error::NotFound)?;
        tx.tell(Notice::Commented(InspectionId(inspection)));
        tx.commit().await
    }

    /// The comments on changes, oldest first. Who may see them is asked elsewhere.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn comments_on(&self, changes: &[ChangeId]) -> Result<Vec<Comment>, Error> {
        let these = self.db().dialect().any_number("change_id", 1);
        let text = format!("select {COLUMNS} from comments where {these} order by id");
        let found: Vec<CommentRow> = sql(text).bind(rows::json(changes)?).all(self.db()).await?;
        Ok(found.into_iter().map(Comment::from).collect())
    }

    /// The comments on all changes of an inspection, oldest first. Who may see them is asked
    /// elsewhere.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn comments_of(&self, inspection: InspectionId) -> Result<Vec<Comment>, Error> {
        let text = format!("select {COLUMNS} from comments where inspection_id = $1 order by id");
        let found: Vec<CommentRow> = sql(text).bind(inspection).all(self.db()).await?;
        Ok(found.into_iter().map(Comment::from).collect())
    }
}
