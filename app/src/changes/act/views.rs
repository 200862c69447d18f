//! Keeping, choosing and deleting saved views.

use super::{Outcome, job::Job};
use crate::error::AppError;
use domain::{ChangeFilter, SavedView, ViewId};

impl Job<'_> {
    /// Keeps the page's filter under a name, or the one that the form brings along.
    pub(super) async fn save_view(&self) -> Result<Outcome, AppError> {
        let name = self.form.get("name").unwrap_or_default();
        let brought = self.form.get("query").map(|query| ChangeFilter::from_query(query).0);
        let filter = match &brought {
            Some(filter) => filter,
            None => self.filter()?,
        };
        let view = self.store.save_view(self.actor.id, name, filter).await?;
        if self.form.get("start").is_some() {
            self.store.start_with(self.actor.id, Some(view)).await?;
        }
        Ok(Outcome { says: "View saved.".into(), ..Outcome::default() })
    }

    pub(super) async fn start_view(&self) -> Result<Outcome, AppError> {
        let view = self.form.read("view")?.map(ViewId);
        self.store.start_with(self.actor.id, view).await?;
        let says = match view {
            Some(_) => "Changes starts with this view.",
            None => "Changes starts with what is unreviewed.",
        };
        Ok(Outcome { says: says.into(), ..Outcome::default() })
    }

    pub(super) async fn delete_view(&self) -> Result<Outcome, AppError> {
        let id = self.form.read("view")?.map(ViewId);
        let views = self.store.saved_views(self.actor.id).await?;
        let Some(view) = views.into_iter().find(|view| Some(view.id) == id) else {
            return Err(AppError::NotFound("This view no longer exists.".into()));
        };
        self.store.delete_view(self.actor.id, view.id).await?;
        let SavedView { name, query, is_start, .. } = view;
        let says = format!("View “{}” deleted.", domain::isolate(&name));
        let pair = |name: &str, value: String| (name.to_owned(), value);
        let mut undo =
            vec![pair("do", "save-view".into()), pair("name", name), pair("query", query)];
        undo.extend(is_start.then(|| pair("start", "1".into())));
        Ok(Outcome { says, undo: Some(undo), ..Outcome::default() })
    }
}
