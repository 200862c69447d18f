//! What the start page asks the server for.

use super::plate::Plate;
use crate::{error::AppError, wire::Compact};
use leptos::prelude::*;

/// What is on the plate of whoever is signed in.
#[server(name = AskPlate, output = Compact)]
pub(super) async fn plate() -> Result<Plate, AppError> {
    server::plate().await
}

#[cfg(feature = "ssr")]
mod server {
    use crate::{
        auth::actor,
        error::AppError,
        start::plate::{Drafts, InReview, Plate},
    };
    use domain::{Actor, ChangeFilter, Role, may_review_changes};
    use leptos::prelude::expect_context;
    use store::{Clock, Store};

    /// How many of the inspections in review are shown.
    const IN_REVIEW: i64 = 20;

    /// How many of somebody's drafts are shown.
    const DRAFTS: i64 = 50;

    /// How many of the latest changes are shown.
    const LATEST: usize = 8;

    pub(super) async fn plate() -> Result<Plate, AppError> {
        let viewer = actor()?;
        let (store, clock) = (expect_context::<Store>(), expect_context::<Clock>());
        let today = clock.now().date_naive();
        let drafts = match viewer.role {
            Role::Reviewer => Drafts::default(),
            _ => drafts(&store, &viewer, today).await?,
        };
        let (review, in_review) = store.in_review(&viewer, IN_REVIEW).await?;
        let review = review.into_iter().map(InReview::from).collect();
        let latest = match may_review_changes(viewer.role) {
            true => store.latest_changes(&ChangeFilter::default(), LATEST).await?,
            false => Vec::new(),
        };
        let first = viewer.role == Role::Admin && latest.is_empty();
        let alone = first && store.users().await?.len() == 1;
        Ok(Plate { viewer, today, drafts, review, in_review, latest, alone })
    }

    async fn drafts(
        store: &Store,
        viewer: &Actor,
        today: chrono::NaiveDate,
    ) -> Result<Drafts, AppError> {
        let (rows, all) = store.drafts(viewer.id, DRAFTS).await?;
        Ok(Drafts::sorted(rows, all, viewer, today))
    }
}
