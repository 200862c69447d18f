//! Saving, choosing and deleting of saved views.

use super::job::Job;
use crate::{Missing, ServiceError, error::During};
use domain::{
    feed::{ChangeFilter, SavedView},
    id::ViewId,
    view::Outcome,
};

impl Job<'_> {
    /// Saves the page's filter, or the filter in the form, under a name.
    pub(super) async fn save_view(&self) -> Result<Outcome, ServiceError> {
        let name = self.form.get("name").unwrap_or_default();
        let brought = self.form.get("query").map(ChangeFilter::from_valid_query).transpose()?;
        let filter = match &brought {
            Some(filter) => filter,
            None => self.filter()?,
        };
        let view = self.store.save_view(self.actor.id, name, filter).await;
        let view = view.during("save a view", self.actor.id)?;
        if self.form.get("start").is_some() {
            self.start_with(Some(view)).await?;
        }
        Ok(Outcome { says: "View saved.".into(), ..Outcome::default() })
    }

    pub(super) async fn start_view(&self) -> Result<Outcome, ServiceError> {
        let view = self.form.read("view")?.map(ViewId);
        self.start_with(view).await?;
        let says = match view {
            Some(_) => "Changes starts with this view.",
            None => "Changes starts with what is unreviewed.",
        };
        Ok(Outcome { says: says.into(), ..Outcome::default() })
    }

    async fn start_with(&self, view: Option<ViewId>) -> Result<(), ServiceError> {
        let chosen = self.store.start_with(self.actor.id, view).await;
        chosen.during("choose the start view", self.actor.id)
    }

    pub(super) async fn delete_view(&self) -> Result<Outcome, ServiceError> {
        let id = self.form.read("view")?.map(ViewId);
        let views = self.store.saved_views(self.actor.id).await;
        let views = views.during("list views", self.actor.id)?;
        let Some(view) = views.into_iter().find(|view| Some(view.id) == id) else {
            return Err(Missing::View.into());
        };
        let deleted = self.store.delete_view(self.actor.id, view.id).await;
        deleted.during("delete a view", self.actor.id)?;
        let SavedView { name, query, is_start, .. } = view;
        let says = format!("View “{}” deleted.", domain::text::isolate(&name));
        let pair = |name: &str, value: String| (name.to_owned(), value);
        let mut undo =
            vec![pair("do", "save-view".into()), pair("name", name), pair("query", query)];
        undo.extend(is_start.then(|| pair("start", "1".into())));
        Ok(Outcome { says, undo: Some(undo), ..Outcome::default() })
    }
}
