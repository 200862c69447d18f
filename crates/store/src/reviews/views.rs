//! Saved views: filters stored under a name.

use crate::{Error, Store, boxed, sql::sql};
use domain::{
    feed::{ChangeFilter, Count, SavedView, check_view_name},
    id::{UserId, ViewId},
};

/// Maximum number of saved views of a person.
const MAX_SAVED_VIEWS: i64 = 50;

#[derive(sqlx::FromRow)]
struct ViewRow {
    id: i64,
    name: String,
    query: String,
    is_start: bool,
}

const COLUMNS: &str = "id, name, query, is_start";

impl Store {
    /// Returns the views of a person by name, each with its present number of matches.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn saved_views(&self, user: UserId) -> Result<Vec<SavedView>, Error> {
        let mut tx = self.db().read().await?;
        let text = format!(
            "select {COLUMNS} from saved_views where user_id = $1 order by lower(name), id"
        );
        let rows: Vec<ViewRow> = sql(text).bind(user).all(&mut tx).await?;
        let mut views = Vec::new();
        for ViewRow { id, name, query, is_start } in rows {
            let (filter, _) = ChangeFilter::from_query(&query);
            let search = self.search(&mut tx, &filter).await?;
            let count = Count::of(search.count_matching(false).await?);
            views.push(SavedView { id: ViewId(id), name, query, is_start, count });
        }
        Ok(views)
    }

    /// Returns the filter that a person starts with, if they chose one.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn start_view(&self, user: UserId) -> Result<Option<ChangeFilter>, Error> {
        let text = "select query from saved_views where user_id = $1 and is_start";
        let found: Option<(String,)> = sql(text).bind(user).optional(self.db()).await?;
        Ok(found.map(|(query,)| ChangeFilter::from_query(&query).0))
    }

    /// Saves a filter under a name, without its page. A view with that name is overwritten.
    ///
    /// # Errors
    /// [`Error::Unfit`] about the `name`.
    #[boxed]
    pub async fn save_view(
        &self,
        user: UserId,
        name: &str,
        filter: &ChangeFilter,
    ) -> Result<ViewId, Error> {
        let name = check_view_name(name).map_err(Error::unfit("name"))?;
        let mut tx = self.db().write().await?;
        let number = sql("select count(*) from saved_views where user_id = $1 and name <> $2");
        let (number,): (i64,) = number.bind(user).bind(name.as_str()).one(&mut tx).await?;
        if number >= MAX_SAVED_VIEWS {
            let message = format!("You have {MAX_SAVED_VIEWS} views. Delete one first.");
            return Err(Error::unfit("name")(message));
        }
        let text = "insert into saved_views (user_id, name, query, is_start) \
             values ($1, $2, $3, false) \
             on conflict (user_id, name) do update set query = excluded.query returning id";
        let query = filter.first_page().to_query();
        let statement = sql(text).bind(user).bind(name).bind(query);
        let (id,): (i64,) = statement.one(&mut tx).await?;
        tx.commit().await?;
        Ok(ViewId(id))
    }

    /// Deletes a view of a person.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[boxed]
    pub async fn delete_view(&self, user: UserId, id: ViewId) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        let text = "delete from saved_views where user_id = $1 and id = $2";
        if sql(text).bind(user).bind(id.0).run(&mut tx).await? == 0 {
            return Err(Error::NotFound);
        }
        tx.commit().await
    }

    /// Sets the view that a person starts with, or clears it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[boxed]
    pub async fn start_with(&self, user: UserId, id: Option<ViewId>) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        let text = "update saved_views set is_start = false where user_id = $1 and is_start";
        sql(text).bind(user).run(&mut tx).await?;
        if let Some(id) = id {
            let text = "update saved_views set is_start = true where user_id = $1 and id = $2";
            if sql(text).bind(user).bind(id.0).run(&mut tx).await? == 0 {
                return Err(Error::NotFound);
            }
        }
        tx.commit().await
    }
}
